import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrations } from './index.ts';

it('keeps every message and all that refers to one, and lets two messages bear one Message-ID', () => {
  const db = new BetterSqlite3(':memory:');
  const at = migrations.findIndex((sql) => sql.includes('renewed_message'));
  const [identity = ''] = migrations.slice(at);
  db.pragma('foreign_keys = OFF');
  for (const sql of migrations.slice(0, at)) db.exec(sql);
  db.exec(`
    INSERT INTO account VALUES (1, 'anna@corp.example', 'Anna');
    INSERT INTO conversation VALUES (1, 1, '', '', 0, 0, 0, 0, 0, 0, 0, 0);
    INSERT INTO message VALUES (7, 1, 1, 'a@x', 5, 'Offer', 'Bob', 'bob@x', '{}', '[]', 'Offer', x'01', 'Hello', 1, 0, 1, 0);
    INSERT INTO message_body VALUES (7, 1, x'02', NULL);
    INSERT INTO message_source VALUES (7, 1, x'03');
    INSERT INTO folder (id, account_id, route, path, role) VALUES (3, 1, 'primary', 'INBOX', 'inbox');
    INSERT INTO copy VALUES (9, 1, 7, 3, 12, '\\Seen', 4);
    INSERT INTO flag_change VALUES (2, 1, 7, '\\Flagged', 1, 6);
    INSERT INTO outgoing VALUES ('out', 1, 7, 'accepted', 'anna@corp.example', '["b@x"]', x'04', 7, 8, NULL);
    INSERT INTO outage VALUES (4, 1, 1, NULL, 'refused');
    INSERT INTO journal VALUES (5, 1, 4, 7, 'sent', 12, 'pending', 13, NULL, NULL, NULL, NULL);
  `);
  const referring = ['message_body', 'message_source', 'copy', 'flag_change', 'outgoing', 'journal'];
  const rows = () => referring.map((table) => db.prepare(`SELECT * FROM ${table}`).all());
  const kept = rows();
  const message = db.prepare('SELECT * FROM message').get();

  db.transaction(() => db.exec(identity))();
  expect(db.pragma('foreign_key_check')).toEqual([]);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(rows()).toEqual(kept);
  expect(db.prepare('SELECT * FROM message').get()).toEqual({
    ...(message as object),
    original_message_id: null,
  });

  db.pragma('foreign_keys = ON');
  db.exec(
    "INSERT INTO message SELECT 8, account_id, conversation_id, internet_message_id, NULL, 6, 'Other', '', '', '{}', '[]', NULL, NULL, '', 0, 0, 0, 0 FROM message",
  );
  expect(() => db.exec('DELETE FROM message WHERE id = 7')).toThrow('FOREIGN KEY');
  db.exec('DELETE FROM journal; DELETE FROM outgoing; DELETE FROM message WHERE id = 7');
  expect(db.prepare('SELECT count(*) FROM message_body').pluck().get()).toBe(0);
  expect(db.prepare('SELECT count(*) FROM copy').pluck().get()).toBe(0);
  db.close();
});
