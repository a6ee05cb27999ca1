import type { Address } from '../../../shared/model/address.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { AnsweredMessage } from '../cache/queries/draft-store.ts';

/*
 * Both are written into mail that leaves the company, so they are in no display language: numbers, names, and the
 * header names of RFC 5322.
 */

/** The text that an answer begins with: room to write, then whose words follow, quoted (RFC 3676 section 4.5). */
export function quotation(answered: Pick<AnsweredMessage, 'from' | 'sentAt' | 'text'>): string {
  const lines = answered.text.trimEnd().split(/\r\n|\r|\n/);
  const quoted = lines.map((line) => {
    const marks = /^>(?: ?>)*/.exec(line)?.[0] ?? '';
    const content = line.slice(marks.length);
    return `>${marks.replaceAll(' ', '')}${marks === '' ? ' ' : ''}${content}`.trimEnd();
  });
  return `\n\n${localTime(answered.sentAt)}, ${written(answered.from)}:\n${quoted.join('\n')}\n`;
}

/** The same for HTML, without the room. The mail's own HTML is in it as it came. */
export function quotationHtml(answered: Pick<AnsweredMessage, 'from' | 'sentAt'>, html: string): string {
  const line = `${localTime(answered.sentAt)}, ${written(answered.from)}:`;
  return `<p>${escapeHtml(line)}</p><blockquote type="cite">${html}</blockquote>`;
}

export function forwardedHtml(
  answered: Pick<AnsweredMessage, 'from' | 'to' | 'cc' | 'sentAt' | 'subject'>,
  html: string,
): string {
  return `<hr><p>${headersOf(answered).map(escapeHtml).join('<br>')}</p><div>${html}</div>`;
}

/** The text that a forwarded message begins with: room to write, then the message under its headers. */
export function forwarded(
  answered: Pick<AnsweredMessage, 'from' | 'to' | 'cc' | 'sentAt' | 'subject' | 'text'>,
): string {
  return `\n\n----------\n${headersOf(answered).join('\n')}\n\n${answered.text.trimEnd()}\n`;
}

function headersOf(
  answered: Pick<AnsweredMessage, 'from' | 'to' | 'cc' | 'sentAt' | 'subject'>,
): readonly string[] {
  return [
    `From: ${written(answered.from)}`,
    `Date: ${localTime(answered.sentAt)}`,
    `To: ${answered.to.map(written).join(', ')}`,
    ...(answered.cc.length === 0 ? [] : [`Cc: ${answered.cc.map(written).join(', ')}`]),
    `Subject: ${answered.subject}`,
  ];
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const written = ({ name, address }: Address): string => (name === '' ? address : `${name} <${address}>`);

/** The laptop's own time, e.g. "2026-11-24 14:05". */
function localTime(at: EpochMs): string {
  const date = new Date(at);
  const [month, day, hours, minutes] = [
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
  ].map((part) => String(part).padStart(2, '0'));
  return `${date.getFullYear()}-${month}-${day} ${hours}:${minutes}`;
}
