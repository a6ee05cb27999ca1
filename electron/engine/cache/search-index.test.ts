import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MessageId } from '../../../shared/model/ids.ts';
import { type Laptop, openLaptop } from '../testing/laptop.ts';
import { forgetWords, gatherWords, indexWords } from './search-index.ts';

let laptop: Laptop;
beforeEach(() => {
  laptop = openLaptop('anna@corp.example');
});
afterEach(() => laptop.remove());

const found = (word: string) =>
  laptop.db
    .prepare<[string], number>('SELECT rowid FROM message_search WHERE message_search MATCH ? ORDER BY rowid')
    .pluck()
    .all(word);
const index = (id: number, body: string) =>
  indexWords(laptop.db, id as MessageId, {
    accountId: laptop.account.id,
    subject: '',
    people: '',
    body,
    attachments: '',
  });
const inOne = (run: () => void) => laptop.db.transaction(() => gatherWords(laptop.db, run)).immediate();

it('finds what was gathered once it is committed, each message by its last words', () => {
  inOne(() => {
    index(1, 'harbour');
    index(2, 'harbour');
    forgetWords(laptop.db, 2 as MessageId);
    index(2, 'lighthouse');
    expect(found('harbour')).toEqual([]);
  });
  expect([found('harbour'), found('lighthouse')]).toEqual([[1], [2]]);
});

it('forgets what was gathered when the transaction fails, and goes on', () => {
  expect(() =>
    inOne(() => {
      index(1, 'harbour');
      throw new Error('no');
    }),
  ).toThrow('no');
  laptop.db.transaction(() => index(2, 'lighthouse')).immediate();
  expect([found('harbour'), found('lighthouse')]).toEqual([[], [2]]);
});
