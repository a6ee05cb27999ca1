import type { AccountId, ConversationId } from '../../../../../shared/model/ids.ts';
import type { Database } from '../../../cache/database.ts';
import { openConversation } from '../../../cache/queries/conversation-store.ts';

/** A message of the offline copy where it stands on the server. */
export interface StoredCopy {
  readonly folder: string;
  readonly uid: number;
  readonly flags: string;
  readonly subject: string;
}

export function storedCopies(db: Database, accountId: AccountId): readonly StoredCopy[] {
  return db
    .prepare<[AccountId], StoredCopy>(
      `SELECT folder.path AS folder, copy.uid, copy.flags, message.subject FROM copy
       JOIN folder ON folder.id = copy.folder_id JOIN message ON message.id = copy.message_id
       WHERE copy.account_id = ? AND folder.route = 'primary' AND folder.role <> 'drafts'`,
    )
    .all(accountId);
}

/**
 * What no interruption may leave behind, in words: messages without their contents, contents without their messages,
 * messages that cannot be opened or found, a database that contradicts itself.
 */
export function halfMessages(db: Database): readonly string[] {
  const found: string[] = [];
  const none = (what: string, sql: string): void => {
    const rows = db.prepare(sql).pluck().all();
    if (rows.length > 0) found.push(`${what}: ${rows.join(', ')}`);
  };
  none(
    'messages without a body',
    'SELECT subject FROM message WHERE id NOT IN (SELECT message_id FROM message_body)',
  );
  none(
    'messages not indexed',
    'SELECT subject FROM message WHERE id NOT IN (SELECT message_id FROM search_place)',
  );
  none(
    'index without a message',
    'SELECT rowid FROM message_search WHERE rowid NOT IN (SELECT id FROM search_place UNION SELECT id FROM search_forgotten)',
  );
  none(
    'messages from nowhere',
    `SELECT subject FROM message WHERE id NOT IN (SELECT message_id FROM copy)
       AND id NOT IN (SELECT message_id FROM outgoing) AND id NOT IN (SELECT message_id FROM journal)
       AND id NOT IN (SELECT message_id FROM placement)`,
  );
  none(
    'empty conversations',
    'SELECT id FROM conversation WHERE id NOT IN (SELECT conversation_id FROM message)',
  );
  none(
    'miscounted conversations',
    `SELECT id FROM conversation WHERE message_count <> (SELECT count(*) FROM message WHERE conversation_id = conversation.id)
       AND NOT EXISTS (SELECT 1 FROM placement) AND NOT EXISTS (SELECT 1 FROM outgoing)`,
  );
  none('broken references', 'SELECT "table" FROM pragma_foreign_key_check');
  none(
    'a damaged database',
    "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
  );
  for (const id of db.prepare<[], ConversationId>('SELECT id FROM conversation').pluck().all()) {
    const opened = openConversation(db, id);
    if (!opened.ok) found.push(`conversation ${id} does not open: ${opened.error.code}`);
  }
  return found;
}
