import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrations } from './index.ts';

it('keeps every draft, outgoing message, attempt and journal entry, and their states', () => {
  const db = new BetterSqlite3(':memory:');
  const [before = '', migration = ''] = migrations;
  db.pragma('foreign_keys = ON');
  db.exec(before);
  db.exec(`
    INSERT INTO account VALUES (1, 'anna@corp.example', 'Anna'), (2, 'bert@corp.example', 'Bert');
    INSERT INTO conversation VALUES (1, 1, '', '', 0, 0, 0, 0, 0, 0, 0);
    INSERT INTO message VALUES (1, 1, 1, 'a@x', 0, '', '', '', '{}', '[]', NULL, NULL, '', 0, 0, 0, 0);
    INSERT INTO draft VALUES ('one', 1, 'reply', 1, '{}', 'RE: x', 'text', 5), ('two', 2, 'new', NULL, '{}', '', '', 6);
    INSERT INTO outgoing VALUES ('out', 1, 1, 'uncertain', 'anna@corp.example', '["b@x"]', x'0102', 7, 8, NULL);
    INSERT INTO outgoing_attempt VALUES (3, 1, 'out', 'continuity', 9, 10, 11, 'unknown', NULL);
    INSERT INTO outage VALUES (4, 1, 1, NULL, 'refused');
    INSERT INTO journal VALUES (5, 1, 4, 1, 'sent', 12, 'pending', 13, NULL, NULL, NULL, NULL);
  `);
  const rows = () =>
    ['outgoing', 'outgoing_attempt', 'journal'].map((table) => db.prepare(`SELECT * FROM ${table}`).all());
  const kept = rows();

  db.transaction(() => db.exec(migration))();
  expect(rows()).toEqual(kept);
  expect(db.prepare('SELECT id, parent_id, from_address, text FROM draft').all()).toEqual([
    { id: 'one', parent_id: 1, from_address: 'anna@corp.example', text: 'text' },
    { id: 'two', parent_id: null, from_address: 'bert@corp.example', text: '' },
  ]);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');

  // A draft outlives what it answers.
  db.exec('DELETE FROM journal; DELETE FROM outgoing; DELETE FROM message');
  expect(db.prepare('SELECT parent_id FROM draft').pluck().all()).toEqual([null, null]);
  db.close();
});
