const mark = 'Retrieval using the IMAP4 protocol failed';
const lookedAt = 16_384;

/**
 * Whether this is what Exchange gives in place of an item that it cannot render (MailKit#152, Mailspring#2038). People
 * who meet one write about it, in its own words, and their mail is mail: a server has given it an id or has passed it on.
 */
export function isStub(source: Buffer): boolean {
  const start = source.subarray(0, lookedAt);
  if (!start.includes(mark)) return false;
  const header = start.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '';
  if (!/^(?:message-id|received):/im.test(header)) return true;
  return (
    /^from:[ \t]*"?(?:microsoft exchange server|<?microsoft@unknown)/im.test(header) &&
    new RegExp(`^subject:\\s*${mark}`, 'im').test(header)
  );
}
