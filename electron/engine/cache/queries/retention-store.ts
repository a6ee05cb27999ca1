import type { AccountId, ConversationId, EpochMs, MessageId } from '../../../../shared/model/ids.ts';
import type { Database } from '../database.ts';
import { refreshConversation, removeMessageIfGone } from '../messages.ts';
import { isPinned } from './pin-store.ts';

/**
 * Conversations of which nothing is as new as `before`, neither by its date nor by its arrival, and which nothing keeps:
 * no flag, no pin, no draft that answers it or stands in it. At most `limit`.
 */
export function expiredConversations(
  db: Database,
  accountId: AccountId,
  before: EpochMs,
  limit: number,
): readonly ConversationId[] {
  return db
    .prepare<[AccountId, EpochMs, EpochMs, number], ConversationId>(
      `SELECT id FROM conversation WHERE account_id = ? AND latest_at < ? AND is_flagged = 0
         AND NOT EXISTS (SELECT 1 FROM message JOIN copy ON copy.message_id = message.id
                         WHERE message.conversation_id = conversation.id AND copy.internal_date >= ?)
         AND NOT EXISTS (SELECT 1 FROM message JOIN draft ON draft.parent_id = message.id
                         WHERE message.conversation_id = conversation.id)
         AND NOT EXISTS (SELECT 1 FROM message JOIN server_draft ON server_draft.message_id = message.id
                         WHERE message.conversation_id = conversation.id)
         AND EXISTS (SELECT 1 FROM message WHERE message.conversation_id = conversation.id AND ${isLoose})
         AND NOT ${isPinned}
       ORDER BY latest_at LIMIT ?`,
    )
    .pluck()
    .all(accountId, before, before, limit);
}

/** Neither the outbox nor the ledger names it, which need their messages for good, and nobody wants it elsewhere. */
const isLoose = `NOT EXISTS (SELECT 1 FROM outgoing WHERE outgoing.message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM placement WHERE placement.message_id = message.id)`;

/** Removes the messages of a conversation from the copy, but for those that the outbox or the ledger names. */
export function expireConversation(db: Database, conversationId: ConversationId): void {
  db.transaction(() => {
    const messages = db
      .prepare<[ConversationId], MessageId>(`SELECT id FROM message WHERE conversation_id = ? AND ${isLoose}`)
      .pluck()
      .all(conversationId);
    const displace = db.prepare('DELETE FROM copy WHERE message_id = ?');
    for (const id of messages) {
      displace.run(id);
      removeMessageIfGone(db, id);
    }
    refreshConversation(db, conversationId);
  }).immediate();
}
