import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageId } from '../../../shared/model/ids.ts';
import { type Laptop, openLaptop } from '../testing/laptop.ts';
import { removeMessageIfGone } from './messages.ts';
import { dropContents } from './queries/attachment-store.ts';
import {
  eraseForgotten,
  eraseFormer,
  forgetWords,
  gatherWords,
  indexPending,
  indexWords,
} from './search-index.ts';
import { indexed } from './search-words.ts';

let laptop: Laptop;
beforeEach(() => {
  laptop = openLaptop('anna@corp.example');
});
afterEach(() => laptop.remove());

const found = (word: string) =>
  laptop.db
    .prepare<[string], MessageId>(
      `SELECT message_id FROM message_search JOIN search_place ON search_place.id = message_search.rowid
       WHERE message_search MATCH ? ORDER BY message_id`,
    )
    .pluck()
    .all(word);
const count = (table: string) => laptop.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
const mail = (text: string, second = 1, header = 'X-None: 1') =>
  laptop
    .receives(
      `From: Bob <bob@far.example>\nSubject: s\nMessage-ID: <${text.slice(0, 8).replace(/\W/g, '')}.${Math.random()}@x>\nDate: Mon, 5 Oct 2026 10:00:${String(second).padStart(2, '0')} +0000\n${header}\n\n${text}\n`,
    )
    .then(({ messageId }) => messageId);
const inOne = (run: () => void) => laptop.db.transaction(() => gatherWords(laptop.db, run)).immediate();
const gone = (id: MessageId) => {
  laptop.db.prepare('DELETE FROM copy WHERE message_id = ?').run(id);
  laptop.db.transaction(() => removeMessageIfGone(laptop.db, id)).immediate();
};

it('finds what was gathered once it is committed, each message by its last words', async () => {
  const [first, second] = [await mail('harbour'), await mail('harbour')];
  inOne(() => {
    for (const id of [first, second]) forgetWords(laptop.db, id);
    laptop.db.prepare("UPDATE message SET subject = 'lighthouse' WHERE id = ?").run(second);
    for (const id of [first, second]) indexWords(laptop.db, id);
    expect(found('harbour')).toEqual([]);
  });
  expect([found('harbour'), found('lighthouse')]).toEqual([[first, second], [second]]);
  while (eraseForgotten(laptop.db, 10));
  expect([found('harbour'), found('lighthouse')]).toEqual([[first, second], [second]]);
});

it('forgets what was gathered when the transaction fails, and goes on', async () => {
  const id = await mail('harbour');
  laptop.db.transaction(() => forgetWords(laptop.db, id)).immediate();
  expect(() =>
    inOne(() => {
      indexWords(laptop.db, id);
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(found('harbour')).toEqual([]);
  laptop.db.transaction(() => indexWords(laptop.db, id)).immediate();
  expect(found('harbour')).toEqual([id]);
});

it('stands in the order of time, whatever the order of arrival, many of one minute beside each other', async () => {
  const late = await mail('late', 50);
  const same = [];
  for (let number = 0; number < 40; number += 1) same.push(await mail('same', 20));
  await mail('early', 10);
  const order = laptop.db
    .prepare<[], MessageId>('SELECT message_id FROM search_place ORDER BY id')
    .pluck()
    .all();
  expect(order).toHaveLength(42);
  const { id, at } = laptop.db
    .prepare<[MessageId], { id: number; at: number }>(
      'SELECT id, sent_at AS at FROM search_place WHERE message_id = ?',
    )
    .get(late) ?? { id: 0, at: 0 };
  expect(id).toBeGreaterThanOrEqual(Math.floor(at / 60_000));
  expect(laptop.db.prepare('SELECT max(id - sent_at / 60000) FROM search_place').pluck().get()).toBeLessThan(
    400,
  );
});

describe('of a message that is gone', () => {
  it('no word stays in the index, nor among the words that have others inside, nor in the file', async () => {
    await mail('harbour lighthouse');
    const id = await mail('harbour Leuchtturmwaerter Zxqvtrace');
    gone(id);
    expect(found('zxqvtrace')).toEqual([]);
    expect(count('search_forgotten')).toBe(1);
    expect(eraseForgotten(laptop.db, 10)).toBe(false);
    expect(count('search_forgotten')).toBe(0);
    expect(laptop.db.prepare('SELECT word FROM search_word ORDER BY word').pluck().all()).toEqual(
      expect.arrayContaining(['harbour', 'lighthouse']),
    );
    for (const table of ['message_search_data', 'message_search_part_data'])
      for (const block of laptop.db.prepare<[], Buffer>(`SELECT block FROM ${table}`).pluck().all())
        for (const trace of ['zxqv', 'zxq', 'leuchtturmw']) expect(block.includes(trace), table).toBe(false);
    expect(laptop.db.prepare("SELECT word FROM search_word WHERE word LIKE '%trace%'").all()).toEqual([]);
    for (const table of ['message_search', 'message_search_part'])
      laptop.db.exec(`INSERT INTO ${table} (${table}) VALUES ('integrity-check')`);
  });

  it('nothing readable stays in an unencrypted file either', async () => {
    laptop.db.pragma("rekey = ''");
    laptop.db.pragma('journal_mode = DELETE');
    const id = await mail('harbour Zxqvtrace');
    gone(id);
    eraseForgotten(laptop.db, 10);
    const bytes = readFileSync(laptop.file);
    expect(bytes.includes('SQLite format')).toBe(true);
    expect(bytes.includes('harbour') || bytes.includes('zxqvtrace') || bytes.includes('Zxqvtrace')).toBe(
      false,
    );
  });
});

it('finds a text that is attached by its words while it is here', async () => {
  const { messageId } = await laptop.receives(
    `From: bob@far.example\nSubject: s\nMessage-ID: <att@x>\nDate: Mon, 5 Oct 2026 10:00:00 +0000\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nbody\n--b\nContent-Type: text/csv; name=list.csv\nContent-Disposition: attachment; filename=list.csv\n\nname;Zxqvinside\n--b--\n`,
  );
  expect(found('zxqvinside')).toEqual([messageId]);
  const contents = laptop.db.prepare<[], Buffer>('SELECT sha256 FROM attachment').pluck().all();
  dropContents(laptop.db, laptop.account.id, contents);
  expect(found('zxqvinside')).toEqual([]);
  expect(found('list')).toEqual([messageId]);
  while (eraseForgotten(laptop.db, 1));
  expect(found('list')).toEqual([messageId]);
});

it('takes messages of a former version in little by little, the newest first, and erases what stood there', async () => {
  const ids = [];
  for (let second = 1; second <= 5; second += 1) ids.push(await mail('harbour', second));
  laptop.db.exec(
    `DELETE FROM search_place; INSERT INTO message_search (message_search) VALUES ('delete-all');
     INSERT INTO search_pending (message_id, account_id, sent_at) SELECT id, account_id, sent_at FROM message`,
  );
  expect(indexPending(laptop.db, 2)).toBe(true);
  expect(found('harbour')).toEqual(ids.slice(3));
  expect(indexPending(laptop.db, 2)).toBe(true);
  gone(ids[0] as MessageId);
  expect(indexPending(laptop.db, 2)).toBe(false);
  expect(found('harbour')).toEqual(ids.slice(1));
  while (eraseFormer(laptop.db, 10));
  expect(laptop.db.prepare("SELECT 1 FROM sqlite_schema WHERE name LIKE '%former_data'").all()).toEqual([]);
});

it('writes pairs of what has no blanks, and everything else as its words', () => {
  expect(indexed('Straße')).toBe('strasse');
  expect(indexed('ﬁne ÉTÉ')).toBe('fine ete');
  expect(indexed('東京都A')).toBe('東京 京都 都 a');
});
