import DOMPurify, { type Config } from 'dompurify';
import { countRemoteContent, withoutLoading } from './remote-content.ts';

export interface SafeMail {
  /** A whole page for a sandboxed frame; never put it into the window's own document. */
  readonly page: string;
  /** It says nothing of colours, so it is read on dark paper where the system is dark. */
  readonly bearsDark: boolean;
  /** How many remote pictures, style sheets and the like were left out. */
  readonly remoteCount: number;
  /** Content-IDs of the pictures that the mail brings along and shows. */
  readonly contentIds: readonly string[];
}

/**
 * The first of several walls: what is left has no script, no style sheet, no form, no media, no link or meta
 * element, and no address that loads by itself. A link keeps only where it leads, a picture only if it came with the
 * mail: `pictures` holds those by Content-ID, as data: URLs. The other walls are the frame's sandbox, its content
 * security policy, the window's, and the session that refuses every request.
 */
export function sanitizeMail(html: string, pictures: ReadonlyMap<string, string> = new Map()): SafeMail {
  const contentIds = new Set<string>();
  const purifier = DOMPurify(window);
  purifier.addHook('afterSanitizeAttributes', (element) => {
    const style = element.getAttribute('style');
    if (style !== null) element.setAttribute('style', withoutLoading(style));
    if (element.hasAttribute('href')) showWhereItLeads(element);
    if (element.localName === 'img') keepOwnPicture(element, pictures, contentIds);
    else element.removeAttribute('src');
  });
  const body = purifier.sanitize(html, config);
  const bearsDark = !colours.test(body);
  return {
    page: pageAround(body, bearsDark),
    bearsDark,
    remoteCount: countRemoteContent(html),
    contentIds: [...contentIds],
  };
}

// No ALLOWED_URI_REGEXP: DOMPurify holds every attribute against it, and a narrow one costs `colspan` and `width` too.
const config: Config = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    ...['style', 'link', 'meta', 'base', 'svg', 'math', 'template', 'noscript', 'dialog', 'slot', 'marquee'],
    ...[
      'form',
      'input',
      'button',
      'select',
      'option',
      'optgroup',
      'textarea',
      'datalist',
      'fieldset',
      'label',
    ],
    ...['audio', 'video', 'source', 'track', 'picture', 'iframe', 'frame', 'frameset', 'object', 'embed'],
  ],
  FORBID_ATTR: [
    ...['srcset', 'sizes', 'background', 'poster', 'ping', 'cite', 'longdesc', 'action', 'usemap', 'ismap'],
    ...['target', 'download', 'tabindex', 'accesskey', 'autofocus', 'contenteditable', 'popover', 'is'],
    ...['id', 'name', 'class', 'title'],
  ],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/**
 * Only the web and mail, and the tooltip tells the truth whatever the link's text says. A click navigates the frame,
 * which main stops and asks the person about.
 */
function showWhereItLeads(link: Element): void {
  const url = URL.parse(link.getAttribute('href') ?? '');
  if (url !== null && ['https:', 'http:', 'mailto:'].includes(url.protocol)) {
    link.setAttribute('href', url.href);
    link.setAttribute('title', url.href);
    link.setAttribute('rel', 'noreferrer noopener');
  } else {
    link.removeAttribute('href');
  }
}

/** Raster formats only: an SVG is a document. */
const ownPicture = /^data:image\/(png|jpe?g|gif|webp|bmp)[;,]/i;

function keepOwnPicture(
  picture: Element,
  pictures: ReadonlyMap<string, string>,
  contentIds: Set<string>,
): void {
  const source = (picture.getAttribute('src') ?? '').trim();
  const reference = /^cid:(.+)$/i.exec(source)?.[1];
  const contentId = reference === undefined ? null : decode(reference);
  if (contentId !== null) contentIds.add(contentId);
  const url = contentId === null ? source : pictures.get(contentId);
  if (url !== undefined && ownPicture.test(url)) picture.setAttribute('src', url);
  else picture.removeAttribute('src');
}

/** RFC 2392: a Content-ID stands percent-encoded in a cid: URL; many programs leave it as it is. */
function decode(contentId: string): string {
  try {
    return decodeURIComponent(contentId);
  } catch {
    return contentId;
  }
}

/** A colour of the sender's: beside it, paper that is not white may hide what is written. */
const colours = /<[^>]*\s(?:bgcolor|color)=|style="[^"]*(?:color|background)/i;

/** Light paper, unless the mail bears dark: senders choose dark text and say nothing about the ground. */
function pageAround(body: string, bearsDark: boolean): string {
  const dark = bearsDark
    ? '@media(prefers-color-scheme:dark){html{color-scheme:dark;background:#1e2126;color:#e7eaf0}a{color:#7db0ff}blockquote{border-color:#454d5a}}'
    : '';
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><meta name="referrer" content="no-referrer"><style>html{color-scheme:light;background:#fff;color:#1b1f27}body{margin:0;padding:14px 18px;font:14px/1.5 system-ui,"Segoe UI","Liberation Sans",sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}img:not([src]){display:inline-block;padding:2px 6px;border:1px dashed #b9c0cc;border-radius:3px;color:#6a7282;font-size:12px}table{max-width:100%}a{color:#1c5fc4}blockquote{margin:0 0 0 4px;padding-left:10px;border-left:2px solid #dfe2e8}pre{white-space:pre-wrap}${dark}</style></head><body dir="auto">${body}</body></html>`;
}
