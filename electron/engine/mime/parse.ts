import { createHash } from 'node:crypto';
import PostalMime, {
  type Attachment,
  decodeWords,
  type Email,
  type Address as PostalAddress,
} from 'postal-mime';
import type { Address } from '../../../shared/model/address.ts';
import type { InternetMessageId } from '../../../shared/model/ids.ts';
import { readDate } from './date.ts';
import { bodyStart, withUtf8Headers } from './header-charset.ts';
import { htmlToText } from './html-text.ts';
import { readInReplyTo, readMessageIds } from './message-ids.ts';
import type { ParsedAttachment, ParsedMessage } from './types.ts';

const limits = { maxNestingDepth: 50, maxRfc822NestingDepth: 0, forceRfc822Attachments: true } as const;
/** Longer header texts are nobody's subject and nobody's name. */
const maximumText = 2000;
const maximumAddresses = 1000;
const maximumAttachments = 1000;
const deliveryHeaders: readonly string[] = ['delivered-to', 'x-original-to', 'envelope-to'];
/** Each line costs the parser some 500 bytes while it works: 25 MB of line ends would take all memory. */
const maximumLines = 1_500_000;
/** What is kept of a message that is read as text because its structure cannot be. */
const maximumRawText = 200_000;

/**
 * Reads a message. Never throws: bytes that are no mail become a message whose text they are. May take a while for a
 * big one, but lets others run meanwhile.
 */
export async function parseMessage(source: Uint8Array): Promise<ParsedMessage> {
  const email = await read(source);
  const header = (name: string): string | null =>
    email.headers.find(({ key }) => key === name)?.value ?? null;
  const html = email.html === undefined || email.html === '' ? null : withoutNul(email.html);
  const text = withoutNul(email.text ?? (html === null ? '' : htmlToText(html)));
  const threadIndex = header('thread-index');
  const threadTopic = header('thread-topic');
  const references = readMessageIds(email.references ?? '');
  const from = addressesOf(email.from ?? email.sender)[0] ?? { name: '', address: '' };
  const attachments = email.attachments.slice(0, maximumAttachments).map(attachmentOf);

  return {
    internetMessageId:
      readMessageIds(email.messageId ?? '')[0] ??
      idFromContent(
        [header('date') ?? '', from.address, header('subject') ?? '', text, html ?? ''],
        attachments,
      ),
    originalMessageId: readMessageIds(header('x-microsoft-original-message-id') ?? '')[0] ?? null,
    inReplyTo: readInReplyTo(email.inReplyTo ?? '', references.length > 0),
    references,
    threadIndex:
      threadIndex === null ? null : new Uint8Array(Buffer.from(threadIndex.replace(/\s/g, ''), 'base64')),
    threadTopic: threadTopic === null ? null : shorten(decodeWords(threadTopic)),
    from,
    to: addressesOf(email.to),
    cc: addressesOf(email.cc),
    bcc: addressesOf(email.bcc),
    replyTo: addressesOf(email.replyTo),
    deliveredTo: email.headers
      .filter(({ key }) => deliveryHeaders.includes(key))
      .slice(0, maximumAddresses)
      .map(({ value }) => shorten(value).replace(/^<|>$/g, '')),
    subject: shorten(email.subject ?? ''),
    sentAt: readDate(header('date') ?? ''),
    text,
    html,
    attachments,
  };
}

type ReadEmail = Pick<Email, 'headers' | 'attachments'> & Partial<Email>;

async function read(source: Uint8Array): Promise<ReadEmail> {
  if (countLines(source) > maximumLines) return readAsText(source);
  try {
    return await PostalMime.parse(withUtf8Headers(source), limits);
  } catch {
    return readAsText(source);
  }
}

/** A message whose structure is beyond the limits: its headers as far as they go, and the beginning of what follows. */
async function readAsText(source: Uint8Array): Promise<ReadEmail> {
  const body = bodyStart(source);
  const text = Buffer.from(source.subarray(body, body + maximumRawText)).toString('latin1');
  try {
    const header = withUtf8Headers(source.subarray(0, Math.min(body, maximumRawText)));
    return { ...(await PostalMime.parse(header, limits)), text };
  } catch {
    return { headers: [], attachments: [], text };
  }
}

function countLines(source: Uint8Array): number {
  let count = 0;
  for (let at = source.indexOf(10); at >= 0; at = source.indexOf(10, at + 1)) count += 1;
  return count;
}

/**
 * A message without an id of its own gets one from what it says, so that it has the same at every fetch. Not from its
 * bytes: Exchange makes them anew each time, with other boundaries and other Received lines.
 */
function idFromContent(says: readonly string[], attachments: readonly ParsedAttachment[]): InternetMessageId {
  const hash = createHash('sha256');
  for (const part of says) hash.update(part.replace(/\s+/gu, ' ').trim()).update('\0');
  for (const { content } of attachments) hash.update(createHash('sha256').update(content).digest());
  return `${hash.digest('hex')}@no-message-id.invalid` as InternetMessageId;
}

function addressesOf(field: PostalAddress | readonly PostalAddress[] | undefined): readonly Address[] {
  if (field === undefined) return [];
  const listed: readonly PostalAddress[] = Array.isArray(field) ? field : [field as PostalAddress];
  return listed
    .flatMap((entry) => entry.group ?? [entry])
    .slice(0, maximumAddresses)
    .map(({ name, address }) => ({ name: shorten(name), address: shorten(address ?? '') }));
}

function attachmentOf(part: Attachment): ParsedAttachment {
  const content =
    typeof part.content === 'string' ? Buffer.from(part.content, 'utf8') : new Uint8Array(part.content);
  const contentId = part.contentId === undefined ? null : shorten(part.contentId.replace(/^<|>$/g, ''));
  return {
    fileName: shorten(part.filename ?? ''),
    contentType: shorten(part.mimeType),
    contentId,
    isInline: part.disposition === 'inline' || (part.related === true && contentId !== null),
    content,
  };
}

function shorten(text: string): string {
  return withoutNul(text).replace(/\s+/gu, ' ').trim().slice(0, maximumText).toWellFormed();
}

/** SQLite's text functions end at a NUL. Lone surrogates cannot be stored as UTF-8. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
