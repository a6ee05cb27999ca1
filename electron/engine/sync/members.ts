import type { AccountId, ConversationId, EpochMs } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import { pinnedCorrespondents } from '../cache/queries/pin-store.ts';
import {
  keysOfConversation,
  keysOfKeptConversations,
  type MissingMessage,
  surveyedAndWanted,
  surveyedWith,
} from '../cache/queries/survey-store.ts';
import { correspondentKey } from './core/correspondents.ts';
import { yieldToOthers } from './turns.ts';

/** Keys that are looked up between two turns of the others. */
const keysInATurn = 500;

/**
 * What should be in the copy and is not: older members of conversations whose newest message is in the window, from
 * whatever folder, what is flagged, drafts, what is pinned, and what the server has withheld.
 */
export async function missingMessages(
  db: Database,
  accountId: AccountId,
  windowStart: EpochMs,
): Promise<readonly MissingMessage[]> {
  const keys = [
    ...keysOfKeptConversations(db, accountId, windowStart),
    ...pinnedCorrespondents(db, accountId).map(correspondentKey),
  ];
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

/** What belongs to a conversation and is not in the copy. */
export function missingMembers(
  db: Database,
  accountId: AccountId,
  conversationId: ConversationId,
): readonly MissingMessage[] {
  return surveyedWith(db, accountId, keysOfConversation(db, conversationId));
}
