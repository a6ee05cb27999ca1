import type { AccountId, EpochMs, MessageId } from '../../../shared/model/ids.ts';
import { compress, decompress } from './compression.ts';
import type { Database } from './database.ts';
import { longerWords, type SearchedMessage, searchedMessage } from './search-words.ts';

const gathered = new WeakMap<Database, Set<MessageId>>();

/** Makes a message be found by what is stored of it. To be called in a transaction. */
export function indexWords(db: Database, messageId: MessageId): void {
  const batch = gathered.get(db);
  if (batch === undefined) writeWords(db, [messageId]);
  else batch.add(messageId);
}

/**
 * To be called in a transaction, before anything of the message changes: what stands in the index is known by what is
 * stored of it. It is found no more from now on; its words are erased from the index by `eraseForgotten`.
 */
export function forgetWords(db: Database, messageId: MessageId): void {
  gathered.get(db)?.delete(messageId);
  db.prepare('DELETE FROM search_pending WHERE message_id = ?').run(messageId);
  const id = db
    .prepare<[MessageId], number>('SELECT id FROM search_place WHERE message_id = ?')
    .pluck()
    .get(messageId);
  if (id === undefined) return;
  const message = searchedMessage(db, messageId);
  db.prepare('DELETE FROM search_place WHERE id = ?').run(id);
  if (message !== null)
    db.prepare('INSERT INTO search_forgotten (id, account_id, words) VALUES (?, ?, ?)').run(
      id,
      message.accountId,
      compress(JSON.stringify(message.columns)),
    );
}

/**
 * Runs a part of a transaction in which many messages are stored, and writes their words at its end. FTS5 writes a segment
 * of its index whenever another statement opens a savepoint (`fts5SavepointMethod`), which those with foreign keys do, and
 * whenever a row comes before the last: message by message that cost more than everything else.
 */
export function gatherWords(db: Database, run: () => void): void {
  const batch = new Set<MessageId>();
  gathered.set(db, batch);
  try {
    run();
  } finally {
    gathered.delete(db);
  }
  writeWords(db, [...batch]);
}

const insertColumns = `(rowid, subject, sender, recipients, copied, body, files, texts)`;

function writeWords(db: Database, messageIds: readonly MessageId[]): void {
  const placed: { readonly id: number; readonly message: SearchedMessage }[] = [];
  for (const messageId of messageIds) {
    const message = searchedMessage(db, messageId);
    if (message === null) continue;
    placed.push({ id: takePlace(db, messageId, message), message });
    db.prepare('DELETE FROM search_pending WHERE message_id = ?').run(messageId);
  }
  const fresh = noteLongerWords(db, placed);
  const insert = db.prepare(`INSERT INTO message_search ${insertColumns} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  for (const { id, message } of placed.toSorted((a, b) => a.id - b.id)) insert.run(id, ...message.columns);
  const insertPart = db.prepare('INSERT INTO message_search_part (rowid, word) VALUES (?, ?)');
  for (const { id, word } of fresh) insertPart.run(id, word);
}

/** The minute it was sent, or one after that, the nearer the fewer there are of the same. */
function takePlace(db: Database, messageId: MessageId, message: SearchedMessage): number {
  const isTaken = db
    .prepare<{ id: number }, 0 | 1>(
      `SELECT EXISTS (SELECT 1 FROM search_place WHERE id = @id)
           OR EXISTS (SELECT 1 FROM search_forgotten WHERE id = @id)`,
    )
    .pluck();
  const minute = minuteOf(message.sentAt);
  const scattered = Math.imul(messageId, 2_654_435_761) >>> 0;
  let id = minute;
  for (let span = 2; isTaken.get({ id }) === 1; span *= 2)
    id = minute + (span < 2 ** 31 ? scattered % span : id - minute + 1);
  db.prepare(
    'INSERT INTO search_place (id, account_id, message_id, sent_at, size, has_files) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(id, message.accountId, messageId, message.sentAt, message.size, Number(message.hasFiles));
  return id;
}

export const minuteOf = (at: EpochMs): number => Math.floor(at / 60_000);

function noteLongerWords(
  db: Database,
  placed: readonly { readonly message: SearchedMessage }[],
): readonly { readonly id: number; readonly word: string }[] {
  const words = new Map<AccountId, Set<string>>();
  for (const { message } of placed) {
    const of = words.get(message.accountId) ?? new Set();
    words.set(message.accountId, of);
    for (const word of longerWords(message.columns)) of.add(word);
  }
  const note = db.prepare(
    'INSERT INTO search_word (account_id, word) VALUES (?, ?) ON CONFLICT (account_id, word) DO NOTHING',
  );
  return [...words].flatMap(([accountId, of]) =>
    [...of].flatMap((word) => {
      const { changes, lastInsertRowid } = note.run(accountId, word);
      return changes === 0 ? [] : [{ id: Number(lastInsertRowid), word }];
    }),
  );
}

interface Forgotten {
  readonly id: number;
  readonly accountId: AccountId;
  readonly words: Buffer;
}

/**
 * Erases the words of messages that are gone, `secure_delete` and FTS5's own together so that nothing of them stays in
 * the file. To be called outside of a transaction. True: there is more to do.
 */
export function eraseForgotten(db: Database, atOnce: number): boolean {
  const rows = db
    .prepare<[number], Forgotten>(
      'SELECT id, account_id AS accountId, words FROM search_forgotten ORDER BY id LIMIT ?',
    )
    .all(atOnce);
  if (rows.length === 0) return false;
  db.transaction(() => {
    const erase = db.prepare(
      `INSERT INTO message_search (message_search, ${insertColumns.slice(1)} VALUES ('delete', ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const words = new Map<AccountId, Set<string>>();
    for (const { id, accountId, words: stored } of rows) {
      const columns = JSON.parse(decompress(stored).toString('utf8')) as readonly string[];
      erase.run(id, ...columns);
      const of = words.get(accountId) ?? new Set();
      words.set(accountId, of);
      for (const word of longerWords(columns)) of.add(word);
    }
    for (const [accountId, of] of words) eraseLongerWords(db, accountId, of);
    for (const { id } of rows) db.prepare('DELETE FROM search_forgotten WHERE id = ?').run(id);
  }).immediate();
  return rows.length === atOnce;
}

/** Those that no message has any more. */
function eraseLongerWords(db: Database, accountId: AccountId, words: ReadonlySet<string>): void {
  const isUsed = db
    .prepare<[string], number>('SELECT 1 FROM message_search WHERE message_search MATCH ? LIMIT 1')
    .pluck();
  const remove = db
    .prepare<[AccountId, string], number>(
      'DELETE FROM search_word WHERE account_id = ? AND word = ? RETURNING id',
    )
    .pluck();
  const gone = [...words].filter((word) => isUsed.get(`"${word}"`) === undefined);
  const removed = gone.flatMap((word) => {
    const id = remove.get(accountId, word);
    return id === undefined ? [] : [{ id, word }];
  });
  const erase = db.prepare(
    "INSERT INTO message_search_part (message_search_part, rowid, word) VALUES ('delete', ?, ?)",
  );
  for (const { id, word } of removed) erase.run(id, word);
}

/** Takes the newest messages of an account that are not in the index into it. True: there is more to do. */
export function indexPending(db: Database, atOnce: number): boolean {
  return db
    .transaction(() => {
      const ids = db
        .prepare<[number], MessageId>(
          'SELECT message_id FROM search_pending ORDER BY account_id DESC, sent_at DESC LIMIT ?',
        )
        .pluck()
        .all(atOnce);
      writeWords(db, ids);
      const forget = db.prepare('DELETE FROM search_pending WHERE message_id = ?');
      for (const id of ids) forget.run(id);
      return ids.length === atOnce;
    })
    .immediate();
}

/** Erases a part of the index that was before this one. True: there is more to do. */
export function eraseFormer(db: Database, rows: number): boolean {
  const isThere = db
    .prepare<[], 1>("SELECT 1 FROM sqlite_schema WHERE name = 'message_search_former_data'")
    .pluck()
    .get();
  if (isThere === undefined) return false;
  // SQLite guards what belongs to a virtual table (SQLITE_DBCONFIG_DEFENSIVE).
  db.unsafeMode(true);
  try {
    const { changes } = db
      .prepare(
        // The first ten are FTS5's own, which it reads when the table is dropped.
        `DELETE FROM message_search_former_data WHERE id IN (
           SELECT id FROM message_search_former_data WHERE id > 10 ORDER BY id LIMIT ?)`,
      )
      .run(rows);
    if (changes === rows) return true;
  } finally {
    db.unsafeMode(false);
  }
  db.exec('DROP TABLE message_search_former');
  return false;
}
