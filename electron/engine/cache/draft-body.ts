import type { Draft } from '../../../shared/model/outgoing.ts';
import type { Database } from './database.ts';
import { type AttachedFile, attachedFiles, savedQuotation } from './queries/draft-store.ts';

/** Around what a draft quotes, so that whoever goes on with it from a Drafts folder finds it apart again. */
const [quotationBegins, quotationEnds] = ['<div class="relevo-quotation">', '</div></body></html>'];
/** HTML of another program's that is longer is not edited, but quoted. */
const longestEdited = 200_000;

/**
 * What a draft says, as it leaves and as it stands in a Drafts folder. A picture goes along if the HTML shows it; in plain
 * text it is a file like others.
 */
export function bodyOfDraft(
  db: Database,
  draft: Pick<Draft, 'id' | 'text' | 'html'>,
): { readonly text: string; readonly html: string | null; readonly attachments: readonly AttachedFile[] } {
  const attachments = attachedFiles(db, draft.id);
  if (draft.html === null) {
    const files = attachments.map((file) => ({ ...file, contentId: null }));
    return { text: draft.text, html: null, attachments: files };
  }
  const quoted = savedQuotation(db, draft.id);
  const quotation = quoted === null ? '' : `${quotationBegins}${quoted}</div>`;
  const html = `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${draft.html}${quotation}</body></html>`;
  return {
    text: draft.text,
    html,
    attachments: attachments.filter(({ contentId }) => isFile(contentId) || shows(html, contentId)),
  };
}

/** Of a message that is to be written on. The window cleans it before anything of it is shown or sent. */
export function richTextOf(html: string | null): {
  readonly html: string | null;
  readonly quotedHtml: string | null;
} {
  if (html === null) return { html, quotedHtml: null };
  const at = html.lastIndexOf(quotationBegins);
  const end = html.lastIndexOf(quotationEnds);
  if (at >= 0 && end > at)
    return { html: html.slice(0, at), quotedHtml: html.slice(at + quotationBegins.length, end) };
  return html.length > longestEdited ? { html: '', quotedHtml: html } : { html, quotedHtml: null };
}

/** Whether the HTML has the picture (RFC 2392), encoded or not. */
export function shows(html: string, contentId: string): boolean {
  return html.includes(`cid:${contentId}`) || html.includes(`cid:${encodeURIComponent(contentId)}`);
}

const isFile = (contentId: string | null | undefined): contentId is null | undefined =>
  contentId === null || contentId === undefined;
