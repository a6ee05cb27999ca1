import { BrowserWindow, type Session, session } from 'electron';
import { windowUrl } from './window-protocol.ts';

/** The window's own session: in memory, so nothing a page does is ever written to disk. */
export function windowSession(): Session {
  const own = session.fromPartition('relevo-window');
  own.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  own.setPermissionCheckHandler(() => false);
  own.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !/^(app:|data:|blob:|devtools:)/.test(details.url) });
  });
  return own;
}

export function createWindow(own: Session, preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1240,
    height: 820,
    minWidth: 760,
    minHeight: 480,
    show: false,
    title: 'Relevo',
    webPreferences: {
      session: own,
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(windowUrl);
  return window;
}
