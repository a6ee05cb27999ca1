import type { SearchPage } from '../../../shared/contract/search.ts';
import type { SearchHit } from '../../../shared/model/conversation.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import { findConversation } from '../cache/queries/conversation-store.ts';
import { bodyText, findMatches, oldestMessage } from '../cache/queries/search-store.ts';
import { excerptAround } from './excerpt.ts';
import { searchQuery } from './query.ts';

/** Searches the whole offline copy of an account, newest first, and says how far back that copy goes. */
export function searchMessages(
  db: Database,
  query: { readonly accountId: AccountId; readonly text: string; readonly limit: number },
): SearchPage {
  const coveredSince = oldestMessage(db, query.accountId);
  const match = searchQuery(query.text);
  if (match === null) return { hits: [], coveredSince };
  const words = query.text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const hits = findMatches(db, query.accountId, match, query.limit).flatMap(
    ({ messageId, conversationId }): SearchHit[] => {
      const conversation = findConversation(db, conversationId);
      if (conversation === null) return [];
      return [{ conversation, messageId, excerpt: excerptAround(bodyText(db, messageId), words) }];
    },
  );
  return { hits, coveredSince };
}
