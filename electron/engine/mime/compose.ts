import MailComposer from 'nodemailer/lib/mail-composer';
import type { Address } from '../../../shared/model/address.ts';
import type { EpochMs, InternetMessageId } from '../../../shared/model/ids.ts';
import type { ThreadHeaders } from '../conversation/reply-headers.ts';
import { flow } from './flowed.ts';

export interface MessageToCompose {
  readonly from: Address;
  /** Who really wrote it, when that is somebody else (RFC 5322 section 3.6.2). */
  readonly sender: Address | null;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  /** Of a draft that stands in a folder: it is in the bytes. Never of what is sent. */
  readonly keptBcc?: readonly Address[];
  readonly subject: string;
  /** Of HTML, the same words. */
  readonly text: string;
  /** Absent or null: plain text. */
  readonly html?: string | null;
  readonly attachments?: readonly AttachedBytes[];
  readonly internetMessageId: InternetMessageId;
  readonly sentAt: EpochMs;
  readonly thread: ThreadHeaders;
}

interface AttachedBytes {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  /** By which the HTML shows it. */
  readonly contentId?: string | null | undefined;
}

/** The bytes that are sent and filed, CRLF throughout. The same input gives the same headers; nothing is added later. */
export async function composeMessage(message: MessageToCompose): Promise<Uint8Array> {
  const { thread, attachments = [] } = message;
  const calendars = attachments.filter(isScheduling);
  const files = attachments.filter((one) => !isScheduling(one));
  const references = thread.references.filter(isSendable);
  const composer = new MailComposer({
    from: oneLine(message.from),
    ...(message.sender === null ? {} : { sender: oneLine(message.sender) }),
    to: message.to.map(oneLine),
    cc: message.cc.map(oneLine),
    bcc: (message.keptBcc ?? []).map(oneLine),
    subject: singleLine(message.subject),
    // RFC 3676: whoever reads it on a narrow screen need not read broken lines.
    alternatives: [
      {
        contentType: 'text/plain; charset=utf-8; format=flowed',
        content: flow(message.text.replace(/\r\n?/g, '\n')),
      },
      ...(typeof message.html === 'string'
        ? [{ contentType: 'text/html; charset=utf-8', content: message.html.replace(/\r\n?/g, '\n') }]
        : []),
      ...calendars.map(({ contentType, content }) => ({
        contentType: `${singleLine(contentType)}; charset=utf-8`,
        content: Buffer.from(content),
      })),
    ],
    attachments: files.map(attachmentOf),
    date: new Date(message.sentAt),
    messageId: `<${message.internetMessageId}>`,
    ...(thread.inReplyTo !== null && isSendable(thread.inReplyTo)
      ? { inReplyTo: `<${thread.inReplyTo}>` }
      : {}),
    ...(references.length === 0 ? {} : { references: references.map((id) => `<${id}>`) }),
    headers: {
      'Thread-Topic': singleLine(thread.threadTopic),
      'Thread-Index': { prepared: true, value: foldedBase64(thread.threadIndex) },
    },
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'windows',
  });
  const composed = composer.compile();
  composed.keepBcc = message.keptBcc !== undefined;
  return new Uint8Array(await composed.build());
}

/** A message as a file of another one, made of what is known of it. */
export async function composeAttachedMessage(
  message: Pick<
    MessageToCompose,
    'from' | 'to' | 'cc' | 'subject' | 'text' | 'internetMessageId' | 'sentAt'
  > & {
    readonly html: string | null;
    readonly attachments: readonly AttachedBytes[];
    readonly thread: Pick<ThreadHeaders, 'inReplyTo' | 'references'>;
  },
): Promise<Uint8Array> {
  const { thread } = message;
  const references = thread.references.filter(isSendable);
  const composer = new MailComposer({
    from: oneLine(message.from),
    to: message.to.map(oneLine),
    cc: message.cc.map(oneLine),
    subject: singleLine(message.subject),
    text: message.text.replace(/\r\n?/g, '\n'),
    ...(message.html === null ? {} : { html: message.html }),
    attachments: message.attachments.map(attachmentOf),
    date: new Date(message.sentAt),
    ...(isSendable(message.internetMessageId) ? { messageId: `<${message.internetMessageId}>` } : {}),
    ...(thread.inReplyTo !== null && isSendable(thread.inReplyTo)
      ? { inReplyTo: `<${thread.inReplyTo}>` }
      : {}),
    ...(references.length === 0 ? {} : { references: references.map((id) => `<${id}>`) }),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'windows',
  });
  return new Uint8Array(await composer.compile().build());
}

/** An id out of somebody's broken mail that no server has to accept would make it refuse ours. */
function isSendable(id: InternetMessageId): boolean {
  return /^[!-;=?-~]{1,900}$/.test(id);
}

/** In lines of 64 characters: the composer folds at spaces only, and base64 has none. */
function foldedBase64(bytes: Uint8Array): string {
  return (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\r\n ');
}

/** What a program is to act on is no file but another form of the message (RFC 6047 section 2.4). */
const isScheduling = ({ contentType }: AttachedBytes): boolean =>
  /^text\/calendar;(?:.*;)?\s*method=/i.test(contentType);

/** A message among them is written as it is, not encoded (RFC 2046 section 5.2.1). */
const attachmentOf = ({ fileName, contentType, content, contentId = null }: AttachedBytes) => ({
  filename: singleLine(fileName),
  contentType: singleLine(contentType),
  content: Buffer.from(content),
  contentDisposition: contentId === null ? ('attachment' as const) : ('inline' as const),
  ...(contentId === null ? {} : { cid: singleLine(contentId) }),
});

const oneLine = ({ name, address }: Address): Address => ({
  name: singleLine(name),
  address: singleLine(address),
});

/** No field can end its header and begin another. */
function singleLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim();
}
