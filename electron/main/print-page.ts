import { BrowserWindow, session } from 'electron';
import { type AppError, appError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';

const pageUrl = 'app://print/page.html';

/** Where pages are laid out: nothing loads there but the page itself, and nothing of it runs. */
function printSession(page: string): Electron.Session {
  const own = session.fromPartition('relevo-print');
  own.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  if (own.protocol.isProtocolHandled('app')) own.protocol.unhandle('app');
  own.protocol.handle('app', async (request) =>
    request.url === pageUrl
      ? new Response(page, {
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
          },
        })
      : new Response(null, { status: 404 }),
  );
  return own;
}

/** Makes a PDF of a page of ours, out of sight. `storage.failed`: it could not be laid out. */
export async function printPage(page: string): Promise<Result<Uint8Array, AppError>> {
  const window = new BrowserWindow({
    show: false,
    webPreferences: { session: printSession(page), sandbox: true, contextIsolation: true, javascript: false },
  });
  try {
    await window.loadURL(pageUrl);
    return ok(await window.webContents.printToPDF({ landscape: true, printBackground: false }));
  } catch {
    return err(appError('storage.failed', 'afterUserAction', { part: 'print' }));
  } finally {
    window.destroy();
  }
}
