import MailComposer from 'nodemailer/lib/mail-composer';
import type { Address } from '../../../shared/model/address.ts';
import type { EpochMs, InternetMessageId } from '../../../shared/model/ids.ts';
import type { ThreadHeaders } from '../conversation/reply-headers.ts';

export interface MessageToCompose {
  readonly from: Address;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly subject: string;
  readonly text: string;
  readonly internetMessageId: InternetMessageId;
  readonly sentAt: EpochMs;
  readonly thread: ThreadHeaders;
}

/** The bytes that are sent and filed, CRLF throughout. The same input gives the same headers; nothing is added later. */
export async function composeMessage(message: MessageToCompose): Promise<Uint8Array> {
  const { thread } = message;
  const composer = new MailComposer({
    from: oneLine(message.from),
    to: message.to.map(oneLine),
    cc: message.cc.map(oneLine),
    subject: singleLine(message.subject),
    text: message.text.replace(/\r\n?/g, '\n'),
    date: new Date(message.sentAt),
    messageId: `<${message.internetMessageId}>`,
    ...(thread.inReplyTo === null ? {} : { inReplyTo: `<${thread.inReplyTo}>` }),
    ...(thread.references.length === 0 ? {} : { references: thread.references.map((id) => `<${id}>`) }),
    headers: {
      'Thread-Topic': singleLine(thread.threadTopic),
      'Thread-Index': Buffer.from(thread.threadIndex).toString('base64'),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'windows',
  });
  return new Uint8Array(await composer.compile().build());
}

const oneLine = ({ name, address }: Address): Address => ({
  name: singleLine(name),
  address: singleLine(address),
});

/** No field can end its header and begin another. */
function singleLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim();
}
