import type { Address } from '../../../../shared/model/address.ts';
import type { AccountId, ConversationId, EpochMs, MessageId } from '../../../../shared/model/ids.ts';
import { fold } from '../../../../shared/search/fold.ts';
import { decompress } from '../compression.ts';
import type { Database } from '../database.ts';
import { isShown } from '../messages.ts';
import { minuteOf } from '../search-index.ts';

export interface Match {
  /** Where it stands in the index. */
  readonly id: number;
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  readonly sentAt: EpochMs;
}

export interface MatchesWanted {
  readonly accountId: AccountId;
  readonly match: string | null;
  readonly conditions: readonly { readonly sql: string; readonly values: readonly (string | number)[] }[];
  readonly since: EpochMs | null;
  readonly until: EpochMs | null;
  /** Nothing but these; null: any. */
  readonly among: readonly MessageId[] | null;
  /** What stands before this place in the index; null: from the newest on. */
  readonly before: number | null;
  readonly limit: number;
}

/**
 * Messages in the order of the index, the last first: that of time, but for those that stand some minutes late since others
 * were sent in the same one.
 */
export function findMatches(db: Database, wanted: MatchesWanted): readonly Match[] {
  const { accountId, match, conditions, since, until, among, before, limit } = wanted;
  const late = until === null ? 0 : latest(db);
  // With few to choose from, each is looked up in the index of words; else that index leads.
  const isLed = match !== null && among === null;
  const id = isLed ? 'message_search.rowid' : 'place.id';
  const from = [
    ...(isLed ? ['message_search'] : []),
    ...(among === null ? [] : ['json_each(?) AS few']),
    `search_place AS place`,
    'message',
  ].join(' CROSS JOIN ');
  const all: readonly { readonly sql: string; readonly values: readonly (string | number)[] }[] = [
    ...(isLed ? [{ sql: 'message_search MATCH ?', values: [match] }] : []),
    ...(isLed ? [{ sql: 'place.id = message_search.rowid', values: [] }] : []),
    ...(among === null ? [] : [{ sql: 'place.message_id = few.value', values: [] }]),
    { sql: 'message.id = place.message_id', values: [] },
    { sql: 'place.account_id = ?', values: [accountId] },
    ...(before === null ? [] : [{ sql: `${id} < ?`, values: [before] }]),
    ...(since === null
      ? []
      : [
          { sql: `${id} >= ?`, values: [minuteOf(since)] },
          { sql: 'place.sent_at >= ?', values: [since] },
        ]),
    ...(until === null
      ? []
      : [
          { sql: `${id} <= ?`, values: [minuteOf(until) + late] },
          { sql: 'place.sent_at < ?', values: [until] },
        ]),
    ...conditions,
    ...(match !== null && !isLed
      ? [
          {
            sql: 'EXISTS (SELECT 1 FROM message_search WHERE message_search MATCH ? AND message_search.rowid = place.id)',
            values: [match],
          },
        ]
      : []),
    { sql: isShown, values: [] },
  ];
  return db
    .prepare<(string | number)[], Match>(
      `SELECT place.id, place.message_id AS messageId, message.conversation_id AS conversationId,
              place.sent_at AS sentAt
       FROM ${from} WHERE ${all.map(({ sql }) => sql).join(' AND ')} ORDER BY ${id} DESC LIMIT ?`,
    )
    .all(...(among === null ? [] : [JSON.stringify(among)]), ...all.flatMap(({ values }) => values), limit);
}

/** By how many minutes a message stands too late at most. */
function latest(db: Database): number {
  return (
    db
      .prepare<[], number | null>(
        'SELECT max(id - sent_at / 60000) FROM search_place WHERE id > sent_at / 60000',
      )
      .pluck()
      .get() ?? 0
  );
}

/** The messages with that flag; null: more than `most`. */
export function flaggedMessages(
  db: Database,
  accountId: AccountId,
  flag: 'unread' | 'flagged',
  most: number,
): readonly MessageId[] | null {
  const condition = flag === 'unread' ? 'is_seen = 0' : 'is_flagged = 1';
  return atMost(
    most,
    db
      .prepare<[AccountId, number], MessageId>(
        `SELECT id FROM message WHERE account_id = ? AND ${condition} LIMIT ?`,
      )
      .pluck()
      .all(accountId, most + 1),
  );
}

/** The messages that stand in one of the folders; null: more than `most`. */
export function messagesIn(
  db: Database,
  folders: readonly number[],
  most: number,
): readonly MessageId[] | null {
  return atMost(
    most,
    db
      .prepare<[string, number], MessageId>(
        `SELECT DISTINCT message_id FROM json_each(?) AS folder
         CROSS JOIN copy ON copy.folder_id = folder.value LIMIT ?`,
      )
      .pluck()
      .all(JSON.stringify(folders), most + 1),
  );
}

const atMost = <T>(most: number, found: readonly T[]): readonly T[] | null =>
  found.length > most ? null : found;

/** The folders whose path has this in it, in any case and without accents. */
export function foldersNamed(db: Database, accountId: AccountId, part: string): readonly number[] {
  const wanted = fold(part);
  return db
    .prepare<[AccountId], { id: number; path: string }>('SELECT id, path FROM folder WHERE account_id = ?')
    .all(accountId)
    .filter(({ path }) => fold(path).includes(wanted))
    .map(({ id }) => id);
}

/**
 * The words of the copy that have this one inside, or are two letters longer at most; the shortest first, so many at most.
 */
export function longerWords(
  db: Database,
  accountId: AccountId,
  word: string,
  limit: number,
): readonly string[] {
  const letters = [...word];
  const parts = letters.slice(0, -2).map((_, index) => `"${letters.slice(index, index + 3).join('')}"`);
  if (parts.length === 0) return [];
  return db
    .prepare<{ parts: string; accountId: AccountId; word: string; limit: number }, string>(
      `SELECT search_word.word FROM message_search_part CROSS JOIN search_word ON search_word.id = message_search_part.rowid
       WHERE message_search_part MATCH @parts AND search_word.account_id = @accountId AND search_word.word <> @word
         AND (instr(search_word.word, @word) > 1 OR (instr(search_word.word, @word) = 1 AND length(search_word.word) <= length(@word) + 2))
       ORDER BY length(search_word.word), search_word.word LIMIT @limit`,
    )
    .pluck()
    .all({ parts: parts.join(' AND '), accountId, word, limit });
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

/** When the newest message was sent that is not in the index yet; null: all are. */
export function newestPending(db: Database, accountId: AccountId): EpochMs | null {
  return (
    db
      .prepare<[AccountId], EpochMs | null>('SELECT max(sent_at) FROM search_pending WHERE account_id = ?')
      .pluck()
      .get(accountId) ?? null
  );
}

/** What was searched for last, the latest first. */
export function recentSearches(db: Database, accountId: AccountId, limit: number): readonly string[] {
  return db
    .prepare<[AccountId, number], string>(
      'SELECT text FROM recent_search WHERE account_id = ? ORDER BY used_at DESC LIMIT ?',
    )
    .pluck()
    .all(accountId, limit);
}

/** Keeps what was searched for, and of those before so many at most. */
export function rememberSearch(
  db: Database,
  accountId: AccountId,
  search: { readonly text: string; readonly now: EpochMs; readonly most: number },
): void {
  const { text, now, most } = search;
  db.transaction(() => {
    db.prepare(
      `INSERT INTO recent_search (account_id, text, used_at) VALUES (?, ?, ?)
       ON CONFLICT (account_id, text) DO UPDATE SET used_at = excluded.used_at`,
    ).run(accountId, text, now);
    db.prepare(
      `DELETE FROM recent_search WHERE account_id = @accountId AND text NOT IN (
         SELECT text FROM recent_search WHERE account_id = @accountId ORDER BY used_at DESC LIMIT @most)`,
    ).run({ accountId, most });
  }).immediate();
}

/** Who wrote lately, by a part of name or address; the latest first. */
export function peopleNamed(
  db: Database,
  accountId: AccountId,
  match: string,
  limit: number,
): readonly Address[] {
  const found = db
    .prepare<[string, AccountId], Address>(
      `SELECT from_name AS name, from_address AS address
       FROM message_search CROSS JOIN search_place AS place ON place.id = message_search.rowid
       CROSS JOIN message ON message.id = place.message_id
       WHERE message_search MATCH ? AND place.account_id = ? ORDER BY message_search.rowid DESC LIMIT 200`,
    )
    .all(match, accountId);
  const people = new Map(found.toReversed().map((person) => [person.address.toLowerCase(), person]));
  return [...people.values()].toReversed().slice(0, limit);
}

export function folderPaths(db: Database, accountId: AccountId): readonly string[] {
  return db
    .prepare<[AccountId], string>(
      "SELECT DISTINCT path FROM folder WHERE account_id = ? AND route = 'primary' ORDER BY path",
    )
    .pluck()
    .all(accountId);
}
