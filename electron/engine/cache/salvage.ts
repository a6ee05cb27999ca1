import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { ConversationId, MessageId } from '../../../shared/model/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { compress } from './compression.ts';
import { type Database, openDatabase, unlock } from './database.ts';
import { refreshConversation } from './messages.ts';
import { openByOneOf } from './rekey.ts';
import { indexWords } from './search-index.ts';
import { classifyStorageError } from './storage-error.ts';

/** Made anew from the others, or from Exchange. */
const notCopied = /^(surveyed|surveyed_key|message_search.*|search_.*|sqlite_.*)$/;
/** Ids between those that were read from both ends are asked for one by one, up to this many. */
const largestGap = 100_000;
/** Where one end gave nothing, nobody knows how many there are. */
const openGap = 2000;

export interface Salvaged {
  /** Rows that were read, by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Tables of which something could not be read. */
  readonly damaged: readonly string[];
}

interface Opened {
  readonly db: Database;
  readonly openedBy: number;
  /** Null: it was whole, as far as anybody has seen. */
  readonly salvaged: Salvaged | null;
}

/** Damage was met: the next start salvages. */
export function noteDamage(file: string): void {
  writeFileSync(`${file}.damage-met`, '');
}

/**
 * As `openByOneOf`, but of a copy that is known to be damaged, or shows it as it is opened, a new one is made from all that
 * can be read; the damaged one stays beside it as `<file>.damaged`. Where not even its schema can be read,
 * `database.damaged`: nothing is touched then.
 */
export function openOrSalvage(file: string, keys: readonly Uint8Array[]): Result<Opened, AppError> {
  const beside = (ending: string): string => `${file}.${ending}`;
  try {
    // A salvage was cut short between its two last steps.
    if (!existsSync(file) && existsSync(beside('damaged')) && existsSync(beside('salvaged')))
      renameSync(beside('salvaged'), file);
    if (!existsSync(beside('damage-met'))) {
      const opened = openByOneOf(file, keys);
      if (opened.ok) return ok({ ...opened.value, salvaged: null });
      if (opened.error.code !== 'database.damaged') return opened;
    }
    for (const [openedBy, key] of keys.entries()) {
      const salvaged = salvage(file, key, beside('salvaged'));
      if (!salvaged.ok && salvaged.error.code === 'database.wrongKey') continue;
      if (!salvaged.ok) return salvaged;
      for (const part of ['', '-wal', '-shm']) rmSync(`${beside('damaged')}${part}`, { force: true });
      for (const part of ['-wal', '-shm', ''])
        if (existsSync(`${file}${part}`)) renameSync(`${file}${part}`, `${beside('damaged')}${part}`);
      renameSync(beside('salvaged'), file);
      rmSync(beside('damage-met'), { force: true });
      const opened = openDatabase(file, key);
      return opened.ok ? ok({ db: opened.value, openedBy, salvaged: salvaged.value }) : opened;
    }
    return err(appError('database.wrongKey', 'afterUserAction'));
  } catch (error) {
    return err(classifyStorageError(error));
  }
}

/** Makes `target` from all that can be read of `file`. */
function salvage(file: string, key: Uint8Array, target: string): Result<Salvaged, AppError> {
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${target}${part}`, { force: true });
  const from = new BetterSqlite3(file, { fileMustExist: true });
  let to: Database | null = null;
  try {
    unlock(from, key);
    from.pragma('query_only = ON');
    from.prepare('SELECT count(*) FROM sqlite_schema').get();
    const made = openDatabase(target, key);
    if (!made.ok) return made;
    to = made.value;
    const into = to;
    const salvaged = into
      .transaction(() => {
        const read = copyTables(from, into);
        mend(into, read.lostAttachments);
        return read.salvaged;
      })
      .immediate();
    into.pragma('wal_checkpoint(TRUNCATE)');
    return ok(salvaged);
  } catch (error) {
    return err(classifyStorageError(error));
  } finally {
    to?.close();
    from.close();
  }
}

type Row = Record<string, unknown>;

function copyTables(from: Database, to: Database) {
  const rows: Record<string, number> = {};
  const damaged: string[] = [];
  let lostAttachments: readonly [number, number] | null = null;
  for (const table of inOrder(to)) {
    const known = columnsOf(from, table);
    if (known.length === 0) continue;
    const columns = columnsOf(to, table).filter((column) => known.includes(column));
    const insert = to.prepare(
      `INSERT OR IGNORE INTO "${table}" (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
    );
    let count = 0;
    const take = (row: Row): void => {
      try {
        count += insert.run(prepared(to, table, row)).changes;
      } catch (error) {
        // It refers to what could not be read, or was read wrong.
        if (!isCode(error, 'SQLITE_CONSTRAINT')) throw error;
      }
    };
    const gap = readFromBothEnds(from, table, take);
    rows[table] = count;
    if (gap === null) continue;
    damaged.push(table);
    if (table === 'attachment') lostAttachments = gap;
  }
  return { salvaged: { rows, damaged }, lostAttachments };
}

/** Tables, those first that others refer to. */
function inOrder(db: Database): readonly string[] {
  const tables = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all()
    .filter((name) => !notCopied.test(name));
  const found = new Set<string>();
  const visit = (table: string): void => {
    if (found.has(table)) return;
    const referred = db
      .prepare<[string], string>('SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)')
      .pluck()
      .all(table);
    for (const other of referred) if (other !== table) visit(other);
    found.add(table);
  };
  for (const table of tables) visit(table);
  return [...found];
}

const columnsOf = (db: Database, table: string): readonly string[] =>
  db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);

/** A row as it goes into the new copy: with what it refers to, and without what would keep sync from looking again. */
function prepared(to: Database, table: string, row: Row): Row {
  if (table === 'folder') return { ...row, uid_next: null, looked_through_at: null, mod_seq: null };
  if (table === 'message')
    to.prepare(
      `INSERT OR IGNORE INTO conversation (
         id, account_id, topic, snippet, latest_at, message_count, unread_count, has_attachments, is_flagged, in_inbox, in_sent
       ) VALUES (@conversation_id, @account_id, '', '', 0, 0, 0, 0, 0, 0, 0)`,
    ).run({ conversation_id: row.conversation_id, account_id: row.account_id });
  // An attachment whose content is lost is one that has not been fetched yet.
  if (table === 'attachment' && row.sha256 !== null) {
    const content = to
      .prepare('SELECT 1 FROM attachment_content WHERE account_id = ? AND sha256 = ?')
      .get(row.account_id, row.sha256);
    if (content === undefined) return { ...row, sha256: null };
  }
  return row;
}

/**
 * Reads a table from its beginning and, where that fails, from its end, and what lies between one by one. Yields the ids
 * between which rows may be lost; null: none are.
 */
function readFromBothEnds(
  db: Database,
  table: string,
  take: (row: Row) => void,
): readonly [number, number] | null {
  const keys = db
    .prepare<[string], string>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
    .pluck()
    .all(table);
  const [key = 'rowid'] = keys;
  const read = (direction: 'ASC' | 'DESC'): { readonly isWhole: boolean; readonly last: unknown } => {
    let last: unknown = null;
    const order = (keys.length === 0 ? ['rowid'] : keys).map((name) => `${name} ${direction}`).join(', ');
    try {
      for (const row of db.prepare<[], Row>(`SELECT * FROM "${table}" ORDER BY ${order}`).iterate()) {
        take(row);
        last = row[key];
      }
      return { isWhole: true, last };
    } catch (error) {
      if (isCode(error, 'SQLITE_CORRUPT')) return { isWhole: false, last };
      throw error;
    }
  };
  const up = read('ASC');
  if (up.isWhole) return null;
  const down = read('DESC');
  const [first, last] = [Number(up.last ?? 0), Number(down.last ?? Number.MAX_SAFE_INTEGER)];
  if (keys.length !== 1 || !Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return [0, 0];
  const isRootHurt = up.last === null && down.last === null;
  const longest = isRootHurt ? 0 : up.last === null || down.last === null ? openGap : largestGap;
  const begin = up.last === null && !isRootHurt ? Math.max(0, last - longest) : first;
  for (let id = begin + 1; id < last && id - begin < longest; id += 1) {
    try {
      const row = db.prepare<[number], Row>(`SELECT * FROM "${table}" WHERE ${key} = ?`).get(id);
      if (row !== undefined) take(row);
    } catch (error) {
      if (!isCode(error, 'SQLITE_CORRUPT')) throw error;
    }
  }
  return [first, last];
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith(code);

/** Of messages whose place was lost: sync gives them one where it meets them, and nothing is fetched again for that. */
const placesLost = `
  CREATE TEMP TABLE placeless AS
    SELECT id, account_id, sent_at, is_seen, is_flagged, is_answered FROM message
    WHERE NOT EXISTS (SELECT 1 FROM copy WHERE message_id = message.id)
      AND NOT EXISTS (SELECT 1 FROM outgoing WHERE message_id = message.id)
      AND NOT EXISTS (SELECT 1 FROM journal WHERE message_id = message.id);
  INSERT OR IGNORE INTO folder (account_id, route, path, role)
    SELECT DISTINCT account_id, 'primary', 'INBOX', 'inbox' FROM placeless;
  INSERT INTO copy (account_id, message_id, folder_id, uid, flags, internal_date)
    SELECT placeless.account_id, placeless.id, folder.id, -placeless.id,
      concat_ws(' ', iif(is_answered, '\\Answered', NULL), iif(is_flagged, '\\Flagged', NULL), iif(is_seen, '\\Seen', NULL)),
      sent_at
    FROM placeless JOIN folder ON folder.account_id = placeless.account_id AND route = 'primary' AND path = 'INBOX';
  DROP TABLE placeless;`;

/** What is derived is made anew; half messages go, and are fetched again. */
function mend(db: Database, lostAttachments: readonly [number, number] | null): void {
  const isNeeded = `EXISTS (SELECT 1 FROM outgoing WHERE outgoing.message_id = message.id)
    OR EXISTS (SELECT 1 FROM journal WHERE journal.message_id = message.id)`;
  const isWithoutBody = 'NOT EXISTS (SELECT 1 FROM message_body WHERE message_id = message.id)';
  db.prepare(
    `INSERT INTO message_body (message_id, account_id, text, html)
     SELECT id, account_id, ?, NULL FROM message WHERE ${isWithoutBody} AND (${isNeeded})`,
  ).run(compress(''));
  db.prepare(`DELETE FROM message WHERE ${isWithoutBody}`).run();
  if (lostAttachments !== null) {
    const [first, last] = lostAttachments;
    db.prepare(
      `DELETE FROM message WHERE NOT (${isNeeded}) AND (
           EXISTS (SELECT 1 FROM conversation WHERE conversation.id = conversation_id AND has_attachments)
           OR EXISTS (SELECT 1 FROM message_body WHERE message_id = message.id AND html IS NOT NULL))
         AND id >= coalesce((SELECT message_id FROM attachment WHERE id <= ? ORDER BY id DESC LIMIT 1), 0)
         AND id <= coalesce((SELECT message_id FROM attachment WHERE id >= ? ORDER BY id LIMIT 1), 9e15)`,
    ).run(first, last);
  }
  db.exec(placesLost);
  for (const id of db.prepare<[], MessageId>('SELECT id FROM message').pluck().all()) indexWords(db, id);
  tieAgain(db);
  const conversations = db.prepare<[], ConversationId>('SELECT id FROM conversation').pluck();
  for (const id of conversations.all()) refreshConversation(db, id);
}

/** Keys of conversations that were lost, as far as the messages name them. */
function tieAgain(db: Database): void {
  db.exec(
    `INSERT OR IGNORE INTO conversation_key (account_id, key, conversation_id)
       SELECT account_id, 'id:' || internet_message_id, conversation_id FROM message;
     INSERT OR IGNORE INTO conversation_key (account_id, key, conversation_id)
       SELECT account_id, 'id:' || value, conversation_id FROM message, json_each(reference_ids)`,
  );
}
