import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import { attachmentPath } from '../../shared/contract/index.ts';
import type { AppError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import type { AttachmentBytes } from '../engine/protocol.ts';

const scheme = 'app';
const origin = `${scheme}://relevo`;

/** The page of the window. */
export const windowUrl = `${origin}/index.html`;

export function isWindowUrl(url: string): boolean {
  return url === windowUrl || url.startsWith(`${windowUrl}#`);
}

/**
 * Mail is shown in a srcdoc frame, which inherits this policy: inline styles are mail's, everything else is ours.
 * Nothing may load from anywhere but the bundle, and pictures also from data: URLs.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  // A clicked link is a navigation of the mail's frame. It has to begin so that main can stop it and ask.
  'frame-src https: http: mailto:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Must run before the app is ready. */
export function registerWindowScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the bundle, and the bytes of attachments under `attachment/<id>`, to the window's session. */
export function serveWindow(
  session: Session,
  bundle: string,
  attachment: (id: number) => Promise<Result<AttachmentBytes, AppError>>,
): void {
  session.protocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'relevo' || request.method !== 'GET') return notFound();
    const path = url.pathname.slice(1);
    if (path.startsWith(attachmentPath))
      return serveAttachment(path.slice(attachmentPath.length), attachment);
    return serveFile(bundle, path);
  });
}

async function serveFile(bundle: string, path: string): Promise<Response> {
  const file = normalize(join(bundle, path));
  const contentType = contentTypes[extname(file)];
  if (!file.startsWith(bundle + sep) || contentType === undefined) return notFound();
  try {
    return new Response(new Uint8Array(await readFile(file)), {
      headers: {
        'content-type': contentType,
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    });
  } catch {
    return notFound();
  }
}

async function serveAttachment(
  id: string,
  attachment: (id: number) => Promise<Result<AttachmentBytes, AppError>>,
): Promise<Response> {
  if (!/^[1-9]\d{0,14}$/.test(id)) return notFound();
  const found = await attachment(Number(id));
  if (!found.ok) return notFound();
  return new Response(new Uint8Array(found.value.content), {
    headers: {
      // Whatever a mail claims, only a picture is served as what it says; nothing can become a page or a script.
      'content-type': safePictureTypes.has(found.value.contentType)
        ? found.value.contentType
        : 'application/octet-stream',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}

/** Raster formats only: an SVG is a document. */
const safePictureTypes: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/bmp',
]);

const notFound = (): Response => new Response(null, { status: 404 });
