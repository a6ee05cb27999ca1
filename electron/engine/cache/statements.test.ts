import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Laptop, openLaptop } from '../testing/laptop.ts';

let laptop: Laptop;
beforeEach(() => {
  laptop = openLaptop('anna@corp.example');
});
afterEach(() => laptop.remove());

const three = 'SELECT value FROM json_each(?)';

it('compiles a text once, with the columns as objects or the first one alone', () => {
  const { db } = laptop;
  expect(db.prepare(three)).toBe(db.prepare(three));
  expect(db.prepare(three).pluck().all('[1,2]')).toEqual([1, 2]);
  expect(db.prepare(three).all('[1,2]')).toEqual([{ value: 1 }, { value: 2 }]);
  expect(db.prepare(three).pluck()).toBe(db.prepare(three).pluck());
});

it('lets a text be asked again while it is read row by row', () => {
  const { db } = laptop;
  const rows: unknown[] = [];
  for (const row of db.prepare(three).iterate('[1,2]')) rows.push(row, db.prepare(three).get('[3]'));
  expect(rows).toEqual([{ value: 1 }, { value: 3 }, { value: 2 }, { value: 3 }]);
});

it('sees a table that was changed since', () => {
  const { db } = laptop;
  const all = 'SELECT * FROM changing';
  db.exec('CREATE TABLE changing (one); INSERT INTO changing VALUES (1)');
  expect(db.prepare(all).all()).toEqual([{ one: 1 }]);
  db.exec('ALTER TABLE changing ADD COLUMN two');
  expect(db.prepare(all).all()).toEqual([{ one: 1, two: null }]);
});
