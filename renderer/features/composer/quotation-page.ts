import { picturesIn } from './clean-html.ts';
import type { LoadPicture } from './extensions.ts';

/** Of cleaned HTML, a page for a frame that can do nothing, with the draft's own pictures and no others. */
export async function quotationPage(html: string, loadPicture: LoadPicture): Promise<string> {
  let body = html;
  for (const contentId of new Set(picturesIn(html))) {
    const url = await loadPicture(contentId);
    if (url !== null) body = body.replaceAll(`src="cid:${contentId}"`, `src="${url}"`);
  }
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><meta name="referrer" content="no-referrer"><style>html{color-scheme:light;background:#fff;color:#1b1f27}body{margin:0;padding:10px 14px;font:13px/1.5 system-ui,"Segoe UI","Liberation Sans",sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}blockquote{margin:0;padding-left:10px;border-left:2px solid #dfe2e8}pre{white-space:pre-wrap}</style></head><body dir="auto">${body}</body></html>`;
}
