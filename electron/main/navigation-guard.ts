import { shell, type WebContents } from 'electron';
import { type AppError, appError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { isOpenable } from './openable-link.ts';
import { isWindowUrl } from './window-protocol.ts';

/**
 * The window never leaves its page and never opens another. A link clicked inside a mail arrives here as a
 * navigation of the mail's frame; it is stopped and handed to `onLink`, so that the person sees where it leads.
 */
export function guardNavigation(contents: WebContents, onLink: (url: string) => void): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (isOpenable(url)) onLink(url);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => {
    if (!isWindowUrl(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame || event.url === 'about:srcdoc' || event.url === 'about:blank') return;
    event.preventDefault();
    if (isOpenable(event.url)) onLink(event.url);
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Opens a link that the person has confirmed. Nothing but the web and mail ever reaches the system. */
export async function openLink(url: string): Promise<Result<null, AppError>> {
  if (!isOpenable(url)) return err(appError('input.invalid', 'never', { part: 'url' }));
  await shell.openExternal(new URL(url).href);
  return ok(null);
}
