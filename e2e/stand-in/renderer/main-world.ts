import type { openBridgeEnd } from './bridge.ts';

export interface WindowOpenRequest {
  readonly url: string;
  readonly frameName: string;
  readonly features: string;
}

/** The page's own world: what the preload exposes, and `window.open`. Its source is run in the page, before its scripts. */
export function mainWorld(secret: string, openEnd: typeof openBridgeEnd): void {
  if (window !== window.top) return;
  const bridge = openEnd(secret, 'page', 'preload');
  bridge.on('expose', ({ name, api }: { readonly name: string; readonly api: unknown }) => {
    if (name in window) return;
    Object.defineProperty(window, name, {
      value: bridge.inward(api, true),
      enumerable: true,
      writable: false,
      configurable: false,
    });
  });
  window.open = (url = 'about:blank', frameName = '', features = '') => {
    const request: WindowOpenRequest = { url: new URL(url, document.baseURI).href, frameName, features };
    bridge.fire('open', request);
    return null;
  };
}
