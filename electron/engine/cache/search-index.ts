import type { AccountId, MessageId } from '../../../shared/model/ids.ts';
import type { Database } from './database.ts';

/** What a message is found by. */
export interface SearchedWords {
  readonly accountId: AccountId;
  readonly subject: string;
  readonly people: string;
  readonly body: string;
  readonly attachments: string;
}

const gathered = new WeakMap<Database, Map<MessageId, SearchedWords>>();

/** To be called in a transaction. */
export function indexWords(db: Database, messageId: MessageId, words: SearchedWords): void {
  const batch = gathered.get(db);
  if (batch === undefined) insert(db, messageId, words);
  else batch.set(messageId, words);
}

/** To be called in a transaction. */
export function forgetWords(db: Database, messageId: MessageId): void {
  gathered.get(db)?.delete(messageId);
  db.prepare('DELETE FROM message_search WHERE rowid = ?').run(messageId);
}

/**
 * Runs a part of a transaction in which many messages are stored, and writes their words at its end. FTS5 writes a segment
 * of its index whenever another statement opens a savepoint (`fts5SavepointMethod`), which those with foreign keys do:
 * message by message that cost more than everything else.
 */
export function gatherWords(db: Database, run: () => void): void {
  const batch = new Map<MessageId, SearchedWords>();
  gathered.set(db, batch);
  try {
    run();
  } finally {
    gathered.delete(db);
  }
  for (const [messageId, words] of batch) insert(db, messageId, words);
}

function insert(db: Database, messageId: MessageId, words: SearchedWords): void {
  const { accountId, subject, people, body, attachments } = words;
  db.prepare(
    'INSERT INTO message_search (rowid, account_id, subject, people, body, attachments) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(messageId, accountId, subject, people, body, attachments);
}
