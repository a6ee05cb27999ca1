import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrations } from './index.ts';

it('keeps every outgoing message and attempt, its state and since when, and every draft', () => {
  const db = new BetterSqlite3(':memory:');
  const at = migrations.findIndex((sql) => sql.includes('draft_attachment'));
  const [sending = ''] = migrations.slice(at);
  db.pragma('foreign_keys = OFF');
  for (const sql of migrations.slice(0, at)) db.exec(sql);
  db.exec(`
    INSERT INTO account VALUES (1, 'anna@corp.example', 'Anna');
    INSERT INTO conversation (id, account_id, topic, snippet, latest_at, message_count, unread_count, has_attachments,
      is_flagged, in_inbox, in_sent) VALUES (1, 1, '', '', 0, 0, 0, 0, 0, 0, 0);
    INSERT INTO message (id, account_id, conversation_id, internet_message_id, sent_at, subject, from_name, from_address,
      recipients, reference_ids, snippet, is_seen, is_flagged, is_answered, is_from_me)
      VALUES (7, 1, 1, 'a@x', 5, '', '', '', '{}', '[]', '', 1, 0, 0, 1), (8, 1, 1, 'b@x', 5, '', '', '', '{}', '[]', '', 1, 0, 0, 1);
    INSERT INTO draft VALUES ('draft', 1, 'reply', 7, 'anna@corp.example', '{"to":[],"cc":[]}', 'RE: x', 'text', 5);
    INSERT INTO outgoing VALUES ('out', 1, 7, 'uncertain', 'anna@corp.example', '["b@x"]', x'04', 7, 8, NULL),
      ('new', 1, 8, 'queued', 'anna@corp.example', '["b@x"]', x'05', 9, 9, NULL);
    INSERT INTO outgoing_attempt VALUES (3, 1, 'out', 'continuity', 9, 10, 11, 'unknown', '451 4.3.2');
  `);
  const former = ['draft', 'outgoing', 'outgoing_attempt'].map((table) =>
    db.prepare(`SELECT * FROM ${table} ORDER BY id`).all(),
  );

  db.transaction(() => db.exec(sending))();
  expect(db.pragma('foreign_key_check')).toEqual([]);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  const [drafts, outgoing, attempts] = ['draft', 'outgoing', 'outgoing_attempt'].map((table) =>
    db.prepare(`SELECT * FROM ${table} ORDER BY id`).all(),
  );
  expect(drafts).toMatchObject(former[0] as object[]);
  expect(outgoing).toMatchObject(former[1] as object[]);
  expect(attempts).toMatchObject(former[2] as object[]);
  expect(outgoing).toMatchObject([
    { id: 'new', changed_at: 9, hold: null },
    { id: 'out', changed_at: 11, hold: null },
  ]);
});
