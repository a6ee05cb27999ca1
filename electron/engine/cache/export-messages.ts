import { type AppError, appError } from '../../../shared/errors.ts';
import type { Address } from '../../../shared/model/address.ts';
import type { EpochMs, InternetMessageId, MessageId, OutageId } from '../../../shared/model/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { composeAttachedMessage } from '../mime/compose.ts';
import { mboxOf } from '../mime/mbox.ts';
import type { AttachmentBytes } from '../protocol.ts';
import { decompress } from './compression.ts';
import type { Database } from './database.ts';
import { attachmentContent, attachmentsOf } from './queries/attachment-store.ts';
import { sourceOf } from './queries/journal-store.ts';

/** Messages for another mail program: some, or what an outage has left that Exchange does not have. */
export type MessagesToExport =
  | { readonly messageIds: readonly MessageId[] }
  | { readonly exceptionsOf: OutageId };

/**
 * One message as `.eml`, several as mbox: the bytes in which it came or left, while they are kept (always of what Exchange
 * does not have yet), else made anew from the copy. `notFound`: there is none of them.
 */
export async function exportMessages(
  db: Database,
  wanted: MessagesToExport,
): Promise<Result<AttachmentBytes, AppError>> {
  const ids = 'messageIds' in wanted ? wanted.messageIds : exceptionsOf(db, wanted.exceptionsOf);
  const messages = ids.flatMap((id) => findKept(db, id) ?? []);
  const [first, ...others] = messages;
  if (first === undefined) return err(appError('notFound', 'never'));
  const sources: Uint8Array[] = [];
  for (const message of messages) sources.push(await bytesOf(db, message));
  const name = `${day(first.sentAt)} ${first.subject === '' ? 'message' : first.subject}`;
  if (others.length === 0)
    return ok({
      fileName: `${name}.eml`,
      contentType: 'message/rfc822',
      content: sources[0] ?? new Uint8Array(),
    });
  const content = mboxOf(
    messages.map(({ fromAddress, sentAt }, index) => ({
      from: fromAddress,
      receivedAt: sentAt,
      source: sources[index] ?? new Uint8Array(),
    })),
  );
  return ok({
    fileName: `${day(first.sentAt)} ${messages.length} messages.mbox`,
    contentType: 'application/mbox',
    content,
  });
}

const day = (at: EpochMs): string => new Date(at).toISOString().slice(0, 10);

function exceptionsOf(db: Database, outageId: OutageId): readonly MessageId[] {
  return db
    .prepare<[OutageId], MessageId>(
      `SELECT message_id FROM journal WHERE outage_id = ? AND outcome IN ('pending', 'failed') ORDER BY id`,
    )
    .pluck()
    .all(outageId);
}

interface KeptRow {
  readonly id: MessageId;
  readonly internetMessageId: InternetMessageId;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly recipients: string;
  readonly references: string;
  readonly subject: string;
  readonly sentAt: EpochMs;
  readonly text: Buffer;
  readonly html: Buffer | null;
}

function findKept(db: Database, id: MessageId): KeptRow | undefined {
  return db
    .prepare<[MessageId], KeptRow>(
      `SELECT message.id, internet_message_id AS internetMessageId, from_name AS fromName, from_address AS fromAddress,
              recipients, reference_ids AS "references", subject, sent_at AS sentAt, body.text, body.html
       FROM message JOIN message_body AS body ON body.message_id = message.id WHERE message.id = ?`,
    )
    .get(id);
}

async function bytesOf(db: Database, row: KeptRow): Promise<Uint8Array> {
  const source = sourceOf(db, row.id);
  if (source !== null) return source;
  const { to, cc } = JSON.parse(row.recipients) as { to: readonly Address[]; cc: readonly Address[] };
  const parts = attachmentsOf(db, row.id);
  const attachments = parts.flatMap(({ id, isHere, ...part }) => {
    const kept = isHere ? attachmentContent(db, id) : null;
    return kept?.ok === true ? [{ ...part, content: kept.value.content }] : [];
  });
  const made = await composeAttachedMessage({
    ...row,
    from: { name: row.fromName, address: row.fromAddress },
    to,
    cc,
    thread: { inReplyTo: null, references: JSON.parse(row.references) as InternetMessageId[] },
    text: decompress(row.text).toString('utf8'),
    html: row.html === null ? null : decompress(row.html).toString('utf8'),
    attachments,
  });
  const note = `X-Relevo-Rebuilt: files-lacking=${parts.length - attachments.length}\r\n`;
  return Buffer.concat([Buffer.from(note), made]);
}
