import { createHash } from 'node:crypto';
import PostalMime, {
  type Attachment,
  decodeWords,
  type Email,
  type Address as PostalAddress,
} from 'postal-mime';
import type { Address } from '../../../shared/model/address.ts';
import type { EpochMs, InternetMessageId } from '../../../shared/model/ids.ts';
import { htmlToText } from './html-text.ts';
import { readMessageIds } from './message-ids.ts';
import type { ParsedAttachment, ParsedMessage } from './types.ts';

const limits = { maxNestingDepth: 50, maxHeadersSize: 512 * 1024, maxRfc822NestingDepth: 0 } as const;
/** Longer header texts are nobody's subject and nobody's name. */
const maximumText = 2000;
const maximumAddresses = 1000;

/** Reads a message. Never throws: bytes that are no mail become a message whose text they are. */
export async function parseMessage(source: Uint8Array): Promise<ParsedMessage> {
  const email = await read(source);
  const header = (name: string): string | null =>
    email.headers.find(({ key }) => key === name)?.value ?? null;
  const html = email.html === undefined || email.html === '' ? null : email.html;
  const text = email.text ?? (html === null ? '' : htmlToText(html));
  const threadIndex = header('thread-index');
  const threadTopic = header('thread-topic');
  const originalId = readMessageIds(header('x-microsoft-original-message-id') ?? '')[0];

  return {
    internetMessageId:
      readMessageIds(email.messageId ?? header('message-id') ?? '')[0] ?? idFromContent(source),
    originalMessageId: originalId ?? null,
    inReplyTo: readMessageIds(email.inReplyTo ?? ''),
    references: readMessageIds(email.references ?? ''),
    threadIndex:
      threadIndex === null ? null : new Uint8Array(Buffer.from(threadIndex.replace(/\s/g, ''), 'base64')),
    threadTopic: shorten(threadTopic === null ? null : decodeWords(threadTopic)),
    from: addressesOf(email.from ?? email.sender)[0] ?? { name: '', address: '' },
    to: addressesOf(email.to),
    cc: addressesOf(email.cc),
    bcc: addressesOf(email.bcc),
    replyTo: addressesOf(email.replyTo),
    subject: shorten(email.subject ?? '') ?? '',
    sentAt: readDate(email.date),
    text: withoutNul(text),
    html: html === null ? null : withoutNul(html),
    attachments: email.attachments.map(attachmentOf),
  };
}

type ReadEmail = Pick<Email, 'headers' | 'attachments'> & Partial<Email>;

async function read(source: Uint8Array): Promise<ReadEmail> {
  try {
    return await PostalMime.parse(source, { ...limits, forceRfc822Attachments: true });
  } catch {
    return { headers: [], attachments: [], text: Buffer.from(source).toString('latin1') };
  }
}

/** A message without an id of its own gets one from its bytes: the same message has the same id at every sync. */
function idFromContent(source: Uint8Array): InternetMessageId {
  const digest = createHash('sha256').update(source).digest('hex');
  return `${digest}@no-message-id.invalid` as InternetMessageId;
}

function addressesOf(field: PostalAddress | readonly PostalAddress[] | undefined): readonly Address[] {
  if (field === undefined) return [];
  const listed: readonly PostalAddress[] = Array.isArray(field) ? field : [field as PostalAddress];
  return listed
    .flatMap((entry) => entry.group ?? [entry])
    .slice(0, maximumAddresses)
    .map(({ name, address }) => ({ name: shorten(name) ?? '', address: shorten(address ?? '') ?? '' }));
}

function attachmentOf(part: Attachment): ParsedAttachment {
  const content =
    typeof part.content === 'string' ? Buffer.from(part.content, 'utf8') : new Uint8Array(part.content);
  const contentId = part.contentId === undefined ? null : part.contentId.replace(/^<|>$/g, '');
  return {
    fileName: shorten(part.filename) ?? '',
    contentType: part.mimeType,
    contentId,
    isInline: part.disposition === 'inline' || (part.related === true && contentId !== null),
    content,
  };
}

/** Between 1980 and ten years from now, else it says nothing. */
function readDate(date: string | undefined): EpochMs | null {
  if (date === undefined) return null;
  const at = Date.parse(date);
  return at > Date.UTC(1980) && at < Date.UTC(2100) ? at : null;
}

function shorten(text: string | null): string | null {
  return text === null ? null : withoutNul(text).replace(/\s+/gu, ' ').trim().slice(0, maximumText);
}

/** SQLite's text functions end at a NUL. Lone surrogates cannot be stored as UTF-8. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
