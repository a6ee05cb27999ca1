import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import { expireConversation, expiredConversations } from '../cache/queries/retention-store.ts';
import { yieldToOthers } from './turns.ts';

/** Conversations that are looked up in one go. */
const batch = 50;
/** What has just left the window stays a while, so that nothing comes and goes at its edge. */
const graceMs = 86_400_000;

/**
 * Removes from the copy what has left the window. To be called only while Exchange is the route and has everything: what
 * it has not is never removed. Yields how many conversations went.
 */
export async function expire(db: Database, accountId: AccountId, windowStart: EpochMs): Promise<number> {
  let count = 0;
  for (;;) {
    const expired = expiredConversations(db, accountId, windowStart - graceMs, batch);
    for (const conversationId of expired) {
      expireConversation(db, conversationId);
      await yieldToOthers();
    }
    count += expired.length;
    if (expired.length < batch) return count;
  }
}
