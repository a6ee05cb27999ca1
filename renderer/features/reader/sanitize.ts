import DOMPurify from 'dompurify';

export interface SafeMail {
  /** A whole page for a sandboxed frame. */
  readonly page: string;
  /** How many remote pictures were left out. */
  readonly remoteCount: number;
  /** Content-IDs of the pictures that the mail brings along and shows. */
  readonly contentIds: readonly string[];
}

/**
 * The first of several walls: what is left has no script, no style sheet, no form, no media, no link or meta
 * element, and no address that loads by itself. The others are the frame's sandbox, its content security policy, the
 * window's, and the session that refuses every request.
 */
export function sanitizeMail(html: string, pictures: ReadonlyMap<string, string>): SafeMail {
  let remoteCount = 0;
  const contentIds = new Set<string>();
  const purify = DOMPurify(window);

  purify.addHook('afterSanitizeAttributes', (element) => {
    for (const name of loadingAttributes)
      if (name !== 'src' || element.tagName !== 'IMG') element.removeAttribute(name);
    if (element.hasAttribute('style'))
      element.setAttribute('style', safeStyle(element.getAttribute('style') ?? ''));
    if (element.tagName === 'IMG') {
      const source = element.getAttribute('src') ?? '';
      const contentId = /^cid:(.+)$/i.exec(source.trim())?.[1];
      element.removeAttribute('src');
      if (contentId !== undefined) {
        contentIds.add(contentId);
        const picture = pictures.get(contentId);
        if (picture !== undefined) element.setAttribute('src', picture);
      } else if (/^data:image\/(png|jpeg|gif|webp|bmp);/i.test(source)) element.setAttribute('src', source);
      else if (/^\s*(https?:)?\/\//i.test(source)) remoteCount += 1;
    }
    if (element.tagName === 'A') {
      const target = element.getAttribute('href') ?? '';
      // Clicking navigates the frame, which main stops and asks the person about.
      if (!/^(https?:|mailto:)/i.test(target.trim())) element.removeAttribute('href');
      element.removeAttribute('target');
      element.setAttribute('rel', 'noreferrer noopener');
    }
  });

  const body = purify.sanitize(html, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: [
      'style',
      'svg',
      'math',
      'form',
      'input',
      'button',
      'select',
      'option',
      'textarea',
      'label',
      'fieldset',
      'video',
      'audio',
      'source',
      'track',
      'picture',
      'link',
      'meta',
      'base',
      'object',
      'embed',
      'iframe',
      'frame',
      'dialog',
      'template',
      'slot',
      'map',
      'area',
      'marquee',
    ],
    FORBID_ATTR: ['id', 'class', 'name', 'is', 'tabindex', 'accesskey', 'contenteditable', 'popover'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOW_UNKNOWN_PROTOCOLS: false,
    ADD_URI_SAFE_ATTR: [],
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|cid:|data:image\/)/i,
  });
  return { page: pageAround(body), remoteCount, contentIds: [...contentIds] };
}

/** Attributes by which an element loads something. */
const loadingAttributes = [
  'src',
  'srcset',
  'background',
  'poster',
  'lowsrc',
  'dynsrc',
  'longdesc',
  'ping',
  'cite',
  'action',
];

/** A style that loads, that places things over the window, or that hides behind escapes is dropped whole. */
function safeStyle(style: string): string {
  return /url|image|expression|@|\\|position\s*:|behavior|-moz-binding|\/\*/i.test(style) ? '' : style;
}

/** Light paper in every theme: senders choose dark text and say nothing about the ground. */
function pageAround(body: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><meta name="referrer" content="no-referrer"><style>html{color-scheme:light;background:#fff;color:#1b1f27}body{margin:0;padding:14px 18px;font:14px/1.5 system-ui,"Segoe UI","Liberation Sans",sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}a{color:#1c5fc4}blockquote{margin:0 0 0 4px;padding-left:10px;border-left:2px solid #dfe2e8}pre{white-space:pre-wrap}</style></head><body>${body}</body></html>`;
}
