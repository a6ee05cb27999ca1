import DOMPurify, { type Config } from 'dompurify';

/**
 * HTML of somebody else's, fit to be quoted, edited and sent: no script, no style sheet, no form, nothing that loads. A
 * picture stays only by `cid:`, of one that was left out its description; a link only if it leads to the web or to mail; of
 * styles what makes text look like something. Applied in string mode, before anything is parsed into a document of ours.
 */
export function cleanHtml(html: string): string {
  const purifier = DOMPurify(window);
  purifier.addHook('afterSanitizeAttributes', (element) => {
    const style = element.getAttribute('style');
    if (style !== null) {
      const kept = harmlessStyle(style);
      if (kept === '') element.removeAttribute('style');
      else element.setAttribute('style', kept);
    }
    if (element.hasAttribute('href')) keepLink(element);
    if (element.localName === 'img') keepPicture(element);
    else element.removeAttribute('src');
  });
  return purifier.sanitize(html, config);
}

/** By which the HTML shows the pictures that come with it. */
export function picturesIn(html: string): readonly string[] {
  return [...html.matchAll(/\bsrc="cid:([^"]+)"/gi)].map(([, reference = '']) => decode(reference));
}

/** Whether a link may lead there. */
export function isLink(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && ['https:', 'http:', 'mailto:'].includes(url.protocol);
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const tags = `
  a b big blockquote br caption center code col colgroup dd del div dl dt em font h1 h2 h3 h4 h5
  h6 hr i img ins li ol p pre s small span strike strong sub sup table tbody td tfoot th thead tr
  tt u ul
`;

const attributes = `
  align alt bgcolor border cellpadding cellspacing color colspan dir face height href lang
  rowspan size src start style type valign width
`;

const config: Config = {
  ALLOWED_TAGS: words(tags),
  ALLOWED_ATTR: words(attributes),
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

const harmlessProperty =
  /^(?:color|background-color|background|font(?:-(?:family|size|style|weight|variant))?|text-(?:align|decoration|indent|transform)|letter-spacing|line-height|vertical-align|white-space|width|height|max-width|min-width|(?:margin|padding)(?:-(?:top|right|bottom|left))?|border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width|radius))?|border-(?:collapse|spacing)|list-style-type|direction)$/;
/** No address, no escape and no function but those of colours. */
const harmlessValue = /^(?:[\w\s#%.,+!'"-]|\b(?:rgba?|hsla?)\([\d\s.,%/]+\))+$/i;

function harmlessStyle(style: string): string {
  return style
    .split(';')
    .map((declaration) => declaration.split(':').map((part) => part.trim()))
    .filter(
      ([property = '', value = '', ...more]) =>
        more.length === 0 && harmlessProperty.test(property.toLowerCase()) && harmlessValue.test(value),
    )
    .map(([property = '', value = '']) => `${property}: ${value}`)
    .join('; ');
}

function keepLink(link: Element): void {
  const address = link.getAttribute('href') ?? '';
  if (!isLink(address)) link.removeAttribute('href');
}

function keepPicture(picture: Element): void {
  const reference = /^\s*cid:(.+)$/i.exec(picture.getAttribute('src') ?? '')?.[1];
  if (reference !== undefined) picture.setAttribute('src', `cid:${decode(reference.trim())}`);
  else picture.replaceWith(picture.getAttribute('alt') ?? '');
}

/** RFC 2392: a Content-ID stands percent-encoded in a cid: URL; many programs leave it as it is. */
function decode(contentId: string): string {
  try {
    return decodeURIComponent(contentId);
  } catch {
    return contentId;
  }
}
