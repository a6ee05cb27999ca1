import { convert } from 'html-to-text';

/** Beyond this an HTML body is cut before it is turned into text: a mail of 5 MB is read as HTML or not at all. */
const maximumLength = 2_000_000;
/** The HTML parser's time grows with the square of the depth: 150,000 elements within each other take it 5 s. */
const maximumDepth = 2000;

/** Elements without an end tag (HTML Living Standard, "void elements"). */
const isVoid = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

/** The readable text of an HTML body, for the snippet, for search and for quoting. Never throws. */
export function htmlToText(html: string): string {
  const source = html.slice(0, maximumLength);
  if (depthOf(source) > maximumDepth) return withoutTags(source);
  try {
    return convert(source, {
      wordwrap: false,
      limits: { maxDepth: 200, maxChildNodes: 20_000, ellipsis: '' },
      selectors: [
        { selector: 'a', options: { ignoreHref: true } },
        { selector: 'img', format: 'skip' },
        ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
          selector,
          options: { uppercase: false },
        })),
        { selector: 'table', format: 'block' },
      ],
    });
  } catch {
    return withoutTags(source);
  }
}

/** How many elements stand open at most, counting those whose end tag was left out. */
function depthOf(html: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [, end, name = ''] of html.matchAll(/<(\/?)([a-z][^\s/<>]*)/gi)) {
    if (end === '/') depth -= 1;
    else if (!isVoid.test(name)) depth += 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function withoutTags(html: string): string {
  return html
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}
