import { convert } from 'html-to-text';

/** Beyond this an HTML body is cut before it is turned into text: a mail of 5 MB is read as HTML or not at all. */
const maximumLength = 2_000_000;

/** The readable text of an HTML body, for the snippet, for search and for quoting. Never throws. */
export function htmlToText(html: string): string {
  try {
    return convert(html.slice(0, maximumLength), {
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
    return html.replace(/<[^>]*>/g, ' ');
  }
}
