import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import {
  keysOfRecentConversations,
  type MissingMessage,
  surveyedAndWanted,
  surveyedWith,
} from '../cache/queries/survey-store.ts';
import { yieldToOthers } from './turns.ts';

/** Keys that are looked up between two turns of the others. */
const keysInATurn = 500;

/**
 * What should be in the copy and is not: older members of conversations whose newest message is in the window, from
 * whatever folder, what is flagged, and what the server has withheld.
 */
export async function missingMessages(
  db: Database,
  accountId: AccountId,
  windowStart: EpochMs,
): Promise<readonly MissingMessage[]> {
  const keys = keysOfRecentConversations(db, accountId, windowStart);
  const missing = new Map<string, MissingMessage>();
  const add = (found: readonly MissingMessage[]): void => {
    for (const message of found) missing.set(`${message.folderId} ${message.uid}`, message);
  };
  add(surveyedAndWanted(db, accountId));
  for (let at = 0; at < keys.length; at += keysInATurn) {
    add(surveyedWith(db, accountId, keys.slice(at, at + keysInATurn)));
    await yieldToOthers();
  }
  return [...missing.values()];
}
