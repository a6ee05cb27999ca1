import { createHash } from 'node:crypto';
import { type AppError, appError } from '../../../../shared/errors.ts';
import type { AttachmentSummary } from '../../../../shared/model/conversation.ts';
import type { AccountId, AttachmentId, ConversationId, MessageId } from '../../../../shared/model/ids.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type { ParsedAttachment } from '../../mime/types.ts';
import type { AttachmentBytes } from '../../protocol.ts';
import { compress, decompress } from '../compression.ts';
import type { Database } from '../database.ts';
import { forgetWords, indexWords } from '../search-index.ts';
import { isText } from '../search-words.ts';
import { isPinned } from './pin-store.ts';

/** Stores what a message carries. Beyond `largest` bytes, and of what was not fetched, only the entry. */
export function storeAttachments(
  db: Database,
  owner: { readonly accountId: AccountId; readonly messageId: MessageId },
  attachments: readonly ParsedAttachment[],
  largest: number,
): void {
  const { accountId, messageId } = owner;
  const keep = db.prepare(
    'INSERT INTO attachment_content (account_id, sha256, content) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const insert = db.prepare(
    `INSERT INTO attachment (account_id, message_id, file_name, content_type, content_id, is_inline, size, sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const { fileName, contentType, contentId, isInline, content, absentSize } of attachments) {
    const isKept = absentSize === undefined && content.length <= largest;
    const sha256 = isKept ? createHash('sha256').update(content).digest() : null;
    if (sha256 !== null) keep.run(accountId, sha256, compress(content));
    const size = absentSize ?? content.length;
    insert.run(accountId, messageId, fileName, contentType, contentId, Number(isInline), size, sha256);
  }
}

/** What the message's attachments contain, by SHA-256. */
export function contentsOf(db: Database, messageId: MessageId): readonly Buffer[] {
  return db
    .prepare<[MessageId], Buffer>(
      'SELECT DISTINCT sha256 FROM attachment WHERE message_id = ? AND sha256 IS NOT NULL',
    )
    .pluck()
    .all(messageId);
}

/** Removes those contents that no attachment has any more. */
export function removeUnused(db: Database, accountId: AccountId, contents: readonly Buffer[]): void {
  const remove = db.prepare(
    `DELETE FROM attachment_content WHERE account_id = @accountId AND sha256 = @sha256
       AND NOT EXISTS (SELECT 1 FROM attachment WHERE account_id = @accountId AND sha256 = @sha256)`,
  );
  for (const sha256 of contents) remove.run({ accountId, sha256 });
}

export function lacksAttachments(db: Database, messageId: MessageId): boolean {
  return (
    db
      .prepare<[MessageId], 1>('SELECT 1 FROM attachment WHERE message_id = ? AND sha256 IS NULL LIMIT 1')
      .pluck()
      .get(messageId) === 1
  );
}

export function attachmentsOf(db: Database, messageId: MessageId): readonly AttachmentSummary[] {
  return db
    .prepare<
      [MessageId],
      Omit<AttachmentSummary, 'isInline' | 'isHere'> & { isInline: number; isHere: number }
    >(
      `SELECT id, file_name AS fileName, content_type AS contentType, size, content_id AS contentId,
              is_inline AS isInline, sha256 IS NOT NULL AS isHere
       FROM attachment WHERE message_id = ? ORDER BY id`,
    )
    .all(messageId)
    .map((row) => ({ ...row, isInline: row.isInline === 1, isHere: row.isHere === 1 }));
}

/** `notFound`, `afterUserAction`: it is not in the copy and has to be fetched first. */
export function attachmentContent(
  db: Database,
  attachmentId: AttachmentId,
): Result<AttachmentBytes, AppError> {
  const row = db
    .prepare<[AttachmentId], { fileName: string; contentType: string; content: Buffer | null }>(
      `SELECT file_name AS fileName, content_type AS contentType, content FROM attachment
       LEFT JOIN attachment_content USING (account_id, sha256) WHERE attachment.id = ?`,
    )
    .get(attachmentId);
  if (row === undefined) return err(appError('notFound', 'never'));
  const { content, ...named } = row;
  return content === null
    ? err(appError('notFound', 'afterUserAction', { reason: 'notInTheCopy' }))
    : ok({ ...named, content: new Uint8Array(decompress(content)) });
}

/** Where a message stands in Exchange, to be fetched again. */
export interface FetchPlace {
  readonly messageId: MessageId;
  readonly folderId: number;
  readonly path: string;
  readonly role: string;
  readonly uidValidity: number;
  readonly uid: number;
  readonly internalDate: number;
  /** Bytes of what is not here, about. */
  readonly absentSize: number;
  /** Bytes of its largest attachment that is here; 0: none is. */
  readonly largestHere: number;
}

const fetchPlace = `SELECT message.id AS messageId, folder.id AS folderId, folder.path, folder.role,
    folder.uid_validity AS uidValidity, copy.uid, copy.internal_date AS internalDate,
    (SELECT sum(size) FROM attachment WHERE message_id = message.id AND sha256 IS NULL) AS absentSize,
    (SELECT coalesce(max(size), 0) FROM attachment WHERE message_id = message.id AND sha256 IS NOT NULL) AS largestHere
  FROM message JOIN copy ON copy.message_id = message.id JOIN folder ON folder.id = copy.folder_id
  WHERE folder.route = 'primary' AND folder.uid_validity IS NOT NULL AND copy.uid > 0`;

/** Null: Exchange does not have the message, or all of it is here. */
export function placeOfAbsent(db: Database, messageId: MessageId): FetchPlace | null {
  const row = db
    .prepare<[MessageId], FetchPlace>(`${fetchPlace} AND message.id = ? ORDER BY copy.id LIMIT 1`)
    .get(messageId);
  return row === undefined || row.absentSize === null ? null : row;
}

export function messageOfAttachment(
  db: Database,
  attachmentId: AttachmentId,
): { readonly accountId: AccountId; readonly messageId: MessageId; readonly isHere: boolean } | null {
  const row = db
    .prepare<[AttachmentId], { accountId: AccountId; messageId: MessageId; isHere: number }>(
      `SELECT account_id AS accountId, message_id AS messageId, sha256 IS NOT NULL AS isHere
       FROM attachment WHERE id = ?`,
    )
    .get(attachmentId);
  return row === undefined ? null : { ...row, isHere: row.isHere === 1 };
}

/** Messages that lack an attachment of at most `largest` bytes, newest first: of one conversation, or of all. */
export function lackingAttachments(
  db: Database,
  accountId: AccountId,
  {
    largest,
    conversationId,
    limit,
  }: {
    readonly largest: number;
    readonly conversationId: ConversationId | null;
    readonly limit: number;
  },
): readonly MessageId[] {
  return db
    .prepare<[AccountId, number, ConversationId | null, ConversationId | null, number], MessageId>(
      `SELECT message.id FROM attachment JOIN message ON message.id = attachment.message_id
       WHERE attachment.account_id = ? AND sha256 IS NULL AND size <= ? AND (? IS NULL OR conversation_id = ?)
       GROUP BY message.id ORDER BY sent_at DESC LIMIT ?`,
    )
    .pluck()
    .all(accountId, largest, conversationId, conversationId, limit);
}

export interface Contained {
  readonly sha256: Buffer;
  /** Bytes in the database. */
  readonly stored: number;
}

/**
 * Contents that can be fetched from Exchange again, the oldest first: of no pinned conversation, of nothing
 * that is unsent, in the journal, on its way to another folder or answered by a draft, and of no draft.
 */
export function oldestContents(db: Database, accountId: AccountId, limit: number): readonly Contained[] {
  return db
    .prepare<[AccountId, number], Contained>(
      `SELECT content.sha256, length(content.content) AS stored
       FROM attachment JOIN message ON message.id = attachment.message_id
       JOIN conversation ON conversation.id = message.conversation_id
       JOIN attachment_content AS content
         ON content.account_id = attachment.account_id AND content.sha256 = attachment.sha256
       WHERE attachment.account_id = ?
       GROUP BY content.sha256
       HAVING min(${isReplaceable}) = 1
       ORDER BY max(message.sent_at) LIMIT ?`,
    )
    .all(accountId, limit);
}

const isReplaceable = `(
  EXISTS (SELECT 1 FROM copy JOIN folder ON folder.id = copy.folder_id
          WHERE copy.message_id = message.id AND folder.route = 'primary' AND copy.uid > 0)
  AND NOT EXISTS (SELECT 1 FROM outgoing WHERE outgoing.message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM placement WHERE placement.message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.parent_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM server_draft WHERE server_draft.message_id = message.id)
  AND NOT ${isPinned})`;

/** Takes the contents out of the copy; their entries stay. */
export function dropContents(db: Database, accountId: AccountId, contents: readonly Buffer[]): void {
  db.transaction(() => {
    const searched = contents.flatMap((sha256) => searchedWith(db, accountId, sha256));
    for (const messageId of searched) forgetWords(db, messageId);
    const absent = db.prepare('UPDATE attachment SET sha256 = NULL WHERE account_id = ? AND sha256 = ?');
    for (const sha256 of contents) absent.run(accountId, sha256);
    removeUnused(db, accountId, contents);
    for (const messageId of searched) indexWords(db, messageId);
  }).immediate();
}

/** The messages that are found by the text of this attachment. */
function searchedWith(db: Database, accountId: AccountId, sha256: Buffer): readonly MessageId[] {
  return db
    .prepare<[AccountId, Buffer], MessageId>(
      `SELECT DISTINCT message_id FROM attachment WHERE account_id = ? AND sha256 = ? AND ${isText}`,
    )
    .pluck()
    .all(accountId, sha256);
}
