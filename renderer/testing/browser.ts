import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright';

const renderer = join(import.meta.dirname, '..');

/** A Chromium of this machine; null when there is none, and then there is nothing to test with. */
export const chromiumPath: string | null =
  ['/usr/lib/chromium/chromium', '/usr/bin/chromium', chromium.executablePath()].find((path) =>
    existsSync(path),
  ) ?? null;

/** As main sends it with the page; see electron/main/window-protocol.ts. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-src https: http: mailto:";

/** The smallest PNG: one transparent pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export interface TestBrowser {
  /** Opens the window in a scene of `scenes.ts`, in a browser context of its own. */
  readonly open: (scene: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Opens an empty page that has run the module `entry` of renderer/, its exports under `window.tested`. */
  readonly load: (entry: string) => Promise<Page>;
  readonly newContext: (options: BrowserContextOptions) => Promise<BrowserContext>;
  readonly close: () => Promise<void>;
}

type Files = Map<string, { readonly type: string; readonly body: string | Uint8Array }>;

/** The window's page in a plain Chromium, bundled as the product bundles it, on a server of its own. */
export async function startBrowser(): Promise<TestBrowser> {
  const files: Files = new Map();
  const served = createServer((request, response) => {
    const path = (request.url ?? '/').slice(1).split('?', 1)[0] ?? '';
    const file = path.startsWith('attachment/') ? { type: 'image/png', body: pixel } : files.get(path);
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': file?.type ?? 'text/plain',
      'content-security-policy': contentSecurityPolicy,
    });
    response.end(file?.body);
  });
  await new Promise<void>((resolve) => served.listen(0, '127.0.0.1', () => resolve()));
  const origin = `http://127.0.0.1:${(served.address() as AddressInfo).port}`;
  const browser = await chromium.launch({
    ...(chromiumPath === null ? {} : { executablePath: chromiumPath }),
    args: ['--no-sandbox'],
  });

  const page = await readFile(join(renderer, 'index.html'), 'utf8');
  files.set('index.html', {
    type: 'text/html; charset=utf-8',
    body: page.replace('<script', '<script type="module" src="bridge.js"></script><script'),
  });
  files.set('blank.html', { type: 'text/html; charset=utf-8', body: '<!doctype html><title>blank</title>' });
  await bundleInto(files, 'index.tsx', 'index');
  await bundleInto(files, 'testing/page.ts', 'bridge');

  return {
    open: async (scene, options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1240, height: 820 }, ...options });
      const opened = await context.newPage();
      await opened.goto(`${origin}/index.html#${scene}`);
      return opened;
    },
    load: async (entry) => {
      await bundleInto(files, entry, 'tested', 'tested');
      const opened = await browser.newPage();
      await opened.goto(`${origin}/blank.html`);
      // The policy knows no inline scripts; one that comes by file is the page's own.
      await opened.addScriptTag({ url: `${origin}/tested.js` });
      return opened;
    },
    newContext: (options) => browser.newContext(options),
    close: async () => {
      await browser.close();
      served.closeAllConnections();
      await new Promise((resolve) => served.close(resolve));
    },
  };
}

async function bundleInto(files: Files, entry: string, name: string, globalName?: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: { [name]: join(renderer, entry) },
    outdir: '/',
    bundle: true,
    write: false,
    format: globalName === undefined ? 'esm' : 'iife',
    ...(globalName === undefined ? {} : { globalName }),
    platform: 'browser',
    target: 'chrome140',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles)
    files.set(path.slice(1), {
      type: path.endsWith('.css') ? 'text/css' : 'text/javascript',
      body: contents,
    });
}
