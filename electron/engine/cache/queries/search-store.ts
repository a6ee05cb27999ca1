import type { AccountId, ConversationId, EpochMs, MessageId } from '../../../../shared/model/ids.ts';
import { decompress } from '../compression.ts';
import type { Database } from '../database.ts';
import { isServerDraft } from '../messages.ts';

export interface Match {
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
}

/** The conversations that match an FTS5 query, newest first, each by its newest message that does. */
export function findMatches(
  db: Database,
  accountId: AccountId,
  match: string,
  limit: number,
): readonly Match[] {
  return db
    .prepare<[string, AccountId, number], Match>(
      `SELECT id AS messageId, conversation_id AS conversationId FROM (
         SELECT message.id, message.conversation_id, message.sent_at,
                row_number() OVER (PARTITION BY message.conversation_id ORDER BY message.sent_at DESC, message.id DESC) AS place
         FROM message_search JOIN message ON message.id = message_search.rowid
         WHERE message_search MATCH ? AND message.account_id = ? AND NOT ${isServerDraft})
       WHERE place = 1 ORDER BY sent_at DESC, id DESC LIMIT ?`,
    )
    .all(match, accountId, limit);
}

export function bodyText(db: Database, messageId: MessageId): string {
  const text = db
    .prepare<[MessageId], Buffer>('SELECT text FROM message_body WHERE message_id = ?')
    .pluck()
    .get(messageId);
  return text === undefined ? '' : decompress(text).toString('utf8');
}

/** When the oldest message of the copy was sent; null when there is none. */
export function oldestMessage(db: Database, accountId: AccountId): EpochMs | null {
  return (
    db
      .prepare<[AccountId], EpochMs | null>('SELECT min(sent_at) FROM message WHERE account_id = ?')
      .pluck()
      .get(accountId) ?? null
  );
}
