import MailComposer from 'nodemailer/lib/mail-composer';
import type { Address } from '../../../shared/model/address.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import { singleLine } from './compose.ts';

/** A message as the copy has it, without the bytes in which it came. */
export interface KeptMessage {
  readonly from: Address;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly subject: string;
  readonly internetMessageId: string;
  readonly references: readonly string[];
  readonly sentAt: EpochMs;
  readonly text: string;
  readonly html: string | null;
  readonly attachments: readonly {
    readonly fileName: string;
    readonly contentType: string;
    readonly contentId: string | null;
    readonly isInline: boolean;
    /** Null: it is not in the copy. */
    readonly content: Uint8Array | null;
  }[];
}

/**
 * A message for another mail program, made from what is kept of it: what it says, to whom, when, and its files. It says of
 * itself that it was made anew (`X-Relevo-Rebuilt`), and which files it lacks; signatures of the sender do not hold any
 * more.
 */
export async function rebuildMessage(kept: KeptMessage): Promise<Uint8Array> {
  const lacking = kept.attachments.filter(({ content }) => content === null);
  const composer = new MailComposer({
    from: oneLine(kept.from),
    to: kept.to.map(oneLine),
    cc: kept.cc.map(oneLine),
    subject: singleLine(kept.subject),
    text: kept.text,
    ...(kept.html === null ? {} : { html: kept.html }),
    attachments: kept.attachments.flatMap(({ fileName, contentType, contentId, isInline, content }) =>
      content === null
        ? []
        : [
            {
              filename: singleLine(fileName),
              contentType: singleLine(contentType),
              content: Buffer.from(content),
              contentDisposition: isInline ? ('inline' as const) : ('attachment' as const),
              ...(contentId === null ? {} : { cid: singleLine(contentId) }),
            },
          ],
    ),
    date: new Date(kept.sentAt),
    messageId: `<${singleLine(kept.internetMessageId)}>`,
    ...(kept.references.length === 0
      ? {}
      : { references: kept.references.map((id) => `<${singleLine(id)}>`) }),
    headers: {
      'X-Relevo-Rebuilt': `files-lacking=${lacking.length}`,
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
