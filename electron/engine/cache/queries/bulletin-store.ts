import type { AccountId, AttachmentId, MessageId, OutgoingId } from '../../../../shared/model/ids.ts';
import type { Database } from '../database.ts';

/** The newest bulletin that was taken on each matter, as plain JSON data. */
export function loadBulletins(db: Database, accountId: AccountId): readonly unknown[] {
  return db
    .prepare<[AccountId], string>('SELECT content FROM bulletin WHERE account_id = ? ORDER BY matter')
    .pluck()
    .all(accountId)
    .map((content) => JSON.parse(content) as unknown);
}

/** Takes the place of the one before it. */
export function saveBulletin(db: Database, accountId: AccountId, matter: string, content: unknown): void {
  db.prepare(
    `INSERT INTO bulletin (account_id, matter, content) VALUES (?, ?, ?)
     ON CONFLICT (account_id, matter) DO UPDATE SET content = excluded.content`,
  ).run(accountId, matter, JSON.stringify(content));
}

/**
 * Parts of a content type, or with a name that ends so, in mail that stands in the continuity mailbox; of one message, or
 * the newest hundred of all.
 */
export function continuityParts(
  db: Database,
  accountId: AccountId,
  kind: { readonly contentType: string; readonly extension: string },
  messageId: MessageId | null = null,
): readonly AttachmentId[] {
  return db
    .prepare<[unknown], AttachmentId>(
      `SELECT attachment.id FROM attachment
       WHERE attachment.account_id = @accountId AND ${messageId === null ? 'true' : 'message_id = @messageId'}
         AND (lower(content_type) = @contentType OR lower(file_name) LIKE '%' || @extension)
         AND EXISTS (SELECT 1 FROM copy JOIN folder ON folder.id = copy.folder_id
                     WHERE copy.message_id = attachment.message_id AND folder.route = 'continuity')
       ORDER BY attachment.id DESC LIMIT 100`,
    )
    .pluck()
    .all({ accountId, messageId, ...kind });
}

/** A message that is sent by continuity although sending is held. */
export function markUrgent(db: Database, accountId: AccountId, id: OutgoingId): void {
  db.prepare('INSERT OR IGNORE INTO urgent_message (account_id, outgoing_id) VALUES (?, ?)').run(
    accountId,
    id,
  );
}

export function isUrgent(db: Database, accountId: AccountId, id: OutgoingId): boolean {
  const find = db.prepare('SELECT 1 FROM urgent_message WHERE account_id = ? AND outgoing_id = ?');
  return find.get(accountId, id) !== undefined;
}
