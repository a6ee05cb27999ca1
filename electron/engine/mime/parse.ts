import { createHash } from 'node:crypto';
import type { Address } from '../../../shared/model/address.ts';
import type { InternetMessageId } from '../../../shared/model/ids.ts';
import { readAddresses } from './addresses.ts';
import { type AttachedPart, readBody } from './body.ts';
import { readDate } from './date.ts';
import { decodeWords } from './encoded-words.ts';
import { htmlToText } from './html-text.ts';
import { bindPictures } from './inline-pictures.ts';
import { readInReplyTo, readMessageId, readMessageIds } from './message-ids.ts';
import { protectionOf } from './protection.ts';
import { readReport } from './report.ts';
import { field, type Part, partsOf, readStructure } from './structure.ts';
import type { ParsedAttachment, ParsedMessage } from './types.ts';

/** Longer header texts are nobody's subject and nobody's name. */
const maximumText = 2000;
const maximumAddresses = 1000;
const maximumAttachments = 1000;
/** Mails that say the same for so long are the same. */
const maximumHashed = 200_000;
const deliveryHeaders: readonly string[] = ['delivered-to', 'x-original-to', 'envelope-to'];

/**
 * Reads a message. Never throws: bytes that are no mail become a message whose text they are. Time and memory are linear
 * in the length of the source; what goes beyond the limits of its parts is left as it is.
 */
export async function parseMessage(source: Uint8Array): Promise<ParsedMessage> {
  return readMessage(readStructure(withLineFeeds(source)));
}

/** Reads a message whose structure is known, of which some bodies may not have been fetched (`partial.ts`). */
export function readMessage(root: Part): ParsedMessage {
  const charset = charsetOf(root);
  const header = (name: string): string | null => field(root, name);
  const words = (name: string): string => decodeWords(header(name) ?? '', charset);
  const addresses = (name: string): readonly Address[] => addressesOf(root, name, charset);

  const body = readBody(root, charset);
  const written = body.html ?? body.rich?.html ?? '';
  const { html, attachments } = bindPictures(
    written.trim() === '' ? null : withoutNul(written),
    body.attachments.slice(0, maximumAttachments).map(shortened),
  );
  const plain = body.text === null || body.text.trim() === '' ? (body.rich?.text ?? body.text) : body.text;
  const text = withoutNul(plain ?? (html === null ? '' : htmlToText(html)));
  const threadIndex = header('thread-index');
  const threadTopic = header('thread-topic');
  const references = readMessageIds(decodeWords(joined(root, 'references')));
  const from = addresses('from')[0] ?? addresses('sender')[0] ?? { name: '', address: '' };

  return {
    internetMessageId:
      readMessageId(words('message-id')) ??
      idFromContent(
        [header('date') ?? '', from.address, header('subject') ?? '', text, html ?? ''],
        attachments,
      ),
    originalMessageId: readMessageIds(words('x-microsoft-original-message-id'))[0] ?? null,
    inReplyTo: readInReplyTo(words('in-reply-to'), references.length > 0),
    references,
    threadIndex:
      threadIndex === null ? null : new Uint8Array(Buffer.from(threadIndex.replace(/\s/g, ''), 'base64')),
    threadTopic: threadTopic === null ? null : shorten(words('thread-topic')),
    from,
    to: addresses('to'),
    cc: addresses('cc'),
    bcc: addresses('bcc'),
    replyTo: addresses('reply-to'),
    followupTo: addresses('mail-followup-to'),
    deliveredTo: root.header
      .filter((entry) => deliveryHeaders.includes(entry.name))
      .slice(0, maximumAddresses)
      .map(({ value }) => shorten(value).replace(/^<|>$/g, '')),
    subject: shorten(words('subject')),
    sentAt: readDate(header('date') ?? ''),
    text,
    html,
    attachments,
    protection: protectionOf(root, text),
    report: readReport(root, text),
    calendarMethod: calendarMethodOf(root),
  };
}

/** Old Macintosh programs end lines with a carriage return alone. */
function withLineFeeds(source: Uint8Array): Uint8Array {
  if (source.includes(0x0a) || !source.includes(0x0d)) return source;
  return source.map((byte) => (byte === 0x0d ? 0x0a : byte));
}

/** The charset that the message names first: of texts and headers in it that name none. */
function charsetOf(root: Part): string | null {
  for (const { type, parameters } of partsOf(root))
    if (type.startsWith('text/') && parameters.has('charset')) return parameters.get('charset') ?? null;
  return null;
}

function joined(root: Part, name: string): string {
  return root.header
    .filter((entry) => entry.name === name)
    .map(({ value }) => value)
    .join(' ');
}

/**
 * A message without an id of its own gets one from what it says, so that it has the same at every fetch. Not from its
 * bytes: Exchange makes them anew each time, with other boundaries and other Received lines.
 */
function idFromContent(says: readonly string[], attachments: readonly ParsedAttachment[]): InternetMessageId {
  const hash = createHash('sha256');
  for (const part of says)
    hash.update(part.slice(0, maximumHashed).replace(/\s+/gu, ' ').trim()).update('\0');
  for (const { content } of attachments) hash.update(createHash('sha256').update(content).digest());
  return `${hash.digest('hex')}@no-message-id.invalid` as InternetMessageId;
}

function addressesOf(root: Part, name: string, charset: string | null): readonly Address[] {
  return root.header
    .filter((entry) => entry.name === name)
    .flatMap(({ value }) => readAddresses(value, charset))
    .slice(0, maximumAddresses)
    .map((entry) => ({ name: shorten(entry.name), address: shorten(entry.address) }));
}

function calendarMethodOf(root: Part): string | null {
  for (const { type, parameters } of partsOf(root)) {
    if (type !== 'text/calendar') continue;
    const method = parameters.get('method')?.trim().toUpperCase() ?? '';
    return /^[A-Z-]{1,20}$/.test(method) ? method : null;
  }
  return null;
}

function shortened(part: AttachedPart): AttachedPart {
  return {
    ...part,
    contentType: shorten(part.contentType),
    contentId: part.contentId === null ? null : shorten(part.contentId),
  };
}

function shorten(text: string): string {
  return withoutNul(text).replace(/\s+/gu, ' ').trim().slice(0, maximumText).toWellFormed();
}

/** SQLite's text functions end at a NUL. Lone surrogates cannot be stored as UTF-8. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
