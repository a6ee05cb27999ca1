import { appError } from '../../shared/errors.ts';
import { err, ok } from '../../shared/result.ts';
import type { OpenBrowser } from '../engine/ports.ts';

/**
 * Sends the person to a sign-in page. What the engine names comes from an identity provider's answer, so nothing but
 * https reaches the system. Errors: `input.invalid`; `notFound` when there is no browser.
 */
export function createBrowserOpener(openExternal: (url: string) => Promise<void>): OpenBrowser {
  return async (url) => {
    const parsed = URL.parse(url);
    if (parsed?.protocol !== 'https:') return err(appError('input.invalid', 'never', { part: 'url' }));
    try {
      await openExternal(parsed.href);
      return ok(null);
    } catch {
      return err(appError('notFound', 'afterUserAction', { what: 'browser' }));
    }
  };
}
