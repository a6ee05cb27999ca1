import { decodeWords } from '../mime/encoded-words.ts';

const mark = 'Retrieval using the IMAP4 protocol failed';
const lookedAt = 16_384;

/**
 * Whether this is what Exchange gives in place of an item that it cannot render (MailKit#152, Mailspring#2038,
 * offlineimap#62). In other languages than English it is known by what no language changes: its sender is the product,
 * without an address, and its subject names the protocol and ends with the number of the message. People who meet one
 * write about it, in its own words, and their mail is mail: a server has given it an id or has passed it on.
 */
export function isStub(source: Buffer): boolean {
  const start = source.subarray(0, lookedAt);
  const isInEnglish = start.includes(mark);
  if (!isInEnglish && !start.includes('Microsoft')) return false;
  const header = start.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '';
  const isPassedOn = /^(?:message-id|received):/im.test(header);
  if (isInEnglish && !isPassedOn) return true;
  if (!/^from:[ \t]*"?(?:microsoft exchange server|<?microsoft@unknown)/im.test(header)) return false;
  return isPassedOn && isInEnglish
    ? new RegExp(`^subject:\\s*${mark}`, 'im').test(header)
    : /^(?!\S{1,4}:)[^:]*\bIMAP4[^:]*:\s*\d+$/.test(subjectOf(header));
}

function subjectOf(header: string): string {
  const [, folded = ''] = /^subject:(.*(?:\r?\n[ \t].*)*)/im.exec(header) ?? [];
  return decodeWords(folded.replace(/\r?\n/g, ''), null).trim();
}
