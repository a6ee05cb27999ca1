import type { SearchPage, SearchSuggestions } from '../../../shared/contract/search.ts';
import type { SearchHit } from '../../../shared/model/conversation.ts';
import type { AccountId, ConversationId, EpochMs, MessageId } from '../../../shared/model/ids.ts';
import { fold } from '../../../shared/search/fold.ts';
import { parseSearch } from '../../../shared/search/parse.ts';
import type { SearchQuery } from '../../../shared/search/query.ts';
import type { Database } from '../cache/database.ts';
import { findConversation } from '../cache/queries/conversation-store.ts';
import {
  bodyText,
  findMatches,
  flaggedMessages,
  folderPaths,
  foldersNamed,
  longerWords,
  type Match,
  messagesIn,
  newestPending,
  oldestMessage,
  peopleNamed,
  recentSearches,
} from '../cache/queries/search-store.ts';
import { matchExpression, wantedWords } from './core/match-expression.ts';
import { type Few, planSearch, type SearchPlan } from './core/plan.ts';
import { excerptAround } from './excerpt.ts';

/** Messages that are looked at for a count; where there are more it is "at least". */
const counted = 400;
/** Words with another inside that are searched for besides. */
const mostLonger = 100;
/** So few messages in a folder, unread or flagged are begun with; else the index of words or of time leads. */
const fewMessages = 300;
const suggested = 6;

export interface SearchWanted {
  readonly accountId: AccountId;
  readonly text: string;
  readonly limit: number;
}

/** Searches the whole offline copy of an account, newest first, and says how far back that copy goes. */
export function searchMessages(
  db: Database,
  wanted: SearchWanted,
  now: EpochMs = Date.now() as EpochMs,
): SearchPage {
  const { accountId, limit } = wanted;
  const { query, literal } = parseSearch(wanted.text);
  const pending = newestPending(db, accountId);
  const around = { coveredSince: oldestMessage(db, accountId), isStillIndexing: pending !== null, literal };
  if (query === null) return { hits: [], count: 0, isAtLeast: false, words: [], ...around };
  const { plan, isPartial } = planFor(db, query, wanted.accountId, now);
  const { found, isAll } = newestConversations(db, plan, wanted);
  const words = wantedWords(query);
  const hits = found.slice(0, limit).flatMap(({ messageId, conversationId }): SearchHit[] => {
    const conversation = findConversation(db, conversationId);
    if (conversation === null) return [];
    return [{ conversation, messageId, excerpt: excerptAround(bodyText(db, messageId), words) }];
  });
  const isAtLeast = !isAll || isPartial || pending !== null;
  return { hits, count: found.length, isAtLeast, words, ...around };
}

function planFor(db: Database, query: SearchQuery, accountId: AccountId, now: EpochMs) {
  let isPartial = false;
  const longer = (word: string, isAnywhere: boolean) => {
    const found = longerWords(db, accountId, word, mostLonger);
    if (found.length === mostLonger) isPartial = true;
    return isAnywhere
      ? found
      : found.filter(
          (other) => other.startsWith(word) || [...other.slice(0, other.indexOf(word))].length > 2,
        );
  };
  const folders = (path: string) => foldersNamed(db, accountId, path);
  const plan = planSearch(query, { now, longer, folders });
  return { plan, isPartial };
}

/** Conversations by their newest message that fits; so many that all beyond them are older. */
function newestConversations(db: Database, plan: SearchPlan, { accountId, limit }: SearchWanted) {
  const among = plan.few.map((few) => fewOf(db, accountId, few)).find((found) => found !== null) ?? null;
  const newest = new Map<ConversationId, Match>();
  let found: Match[] = [];
  let before: number | null = null;
  for (;;) {
    const matches: readonly Match[] = findMatches(db, { ...plan, accountId, among, before, limit: counted });
    for (const match of matches) {
      const known = newest.get(match.conversationId);
      if (known === undefined || isNewer(match, known)) newest.set(match.conversationId, match);
    }
    found = [...newest.values()].sort((a, b) => (isNewer(a, b) ? -1 : 1));
    before = matches.at(-1)?.id ?? null;
    if (before === null || matches.length < counted) return { found, isAll: true };
    // What was not looked at was sent before that minute.
    if ((found[limit - 1]?.sentAt ?? Number.NEGATIVE_INFINITY) >= before * 60_000)
      return { found, isAll: false };
  }
}

const isNewer = (a: Match, b: Match): boolean =>
  a.sentAt > b.sentAt || (a.sentAt === b.sentAt && a.messageId > b.messageId);

function fewOf(db: Database, accountId: AccountId, few: Few): readonly MessageId[] | null {
  if (few.kind === 'folder') return messagesIn(db, foldersNamed(db, accountId, few.path), fewMessages);
  // Where a message stands may be another folder than the server's, by a wish of the person's: a role is asked of each.
  if (few.kind === 'role' || few.state === 'read' || few.state === 'attachment') return null;
  return flaggedMessages(db, accountId, few.state, fewMessages);
}

/** What may be meant by what is being typed. */
export function suggestSearches(
  db: Database,
  wanted: {
    readonly accountId: AccountId;
    readonly of: 'recent' | 'people' | 'folders';
    readonly text: string;
  },
): SearchSuggestions {
  const { accountId, of, text } = wanted;
  if (of === 'recent') return { searches: recentSearches(db, accountId, suggested), people: [], folders: [] };
  if (of === 'folders') {
    const part = fold(text);
    const folders = folderPaths(db, accountId).filter((path) => fold(path).includes(part));
    return { searches: [], people: [], folders: folders.slice(0, suggested) };
  }
  const query: SearchQuery = { kind: 'words', text, field: 'from', match: 'beginning' };
  const match = matchExpression(query, (word) => longerWords(db, accountId, word, mostLonger));
  const people =
    fold(text).trim() === '' || match === null ? [] : peopleNamed(db, accountId, match, suggested);
  return { searches: [], people, folders: [] };
}
