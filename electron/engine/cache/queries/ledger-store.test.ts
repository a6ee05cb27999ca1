import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../../shared/model/ids.ts';
import { followChain } from '../../ledger/chain.ts';
import { upsertAccount } from '../accounts.ts';
import { type Database, openDatabase } from '../database.ts';
import { journalSent, noteFailed, noteVerified, openEntries } from './journal-store.ts';
import { ledgerLines, ledgerPage, noteChangeInLedger } from './ledger-store.ts';

describe('the ledger in the database', () => {
  let folder: string;
  let db: Database;
  let anna: AccountId;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-ledger-store-'));
    const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32).fill(7));
    if (!opened.ok) throw new Error(opened.error.code);
    db = opened.value;
    anna = upsertAccount(db, { address: 'anna@corp.example', displayName: 'Anna' });
    db.exec(`
      INSERT INTO outage (id, account_id, started_at, cause) VALUES (3, ${anna}, 1, 'refused');
      INSERT INTO conversation (id, account_id, topic, snippet, latest_at, message_count, unread_count, has_attachments,
        is_flagged, in_inbox, in_sent) VALUES (1, ${anna}, '', '', 0, 0, 0, 0, 0, 0, 0);
      INSERT INTO message (id, account_id, conversation_id, internet_message_id, sent_at, subject, from_name,
        from_address, recipients, reference_ids, snippet, is_seen, is_flagged, is_answered, is_from_me)
        VALUES (7, ${anna}, 1, 'a@x', 5, 'secret', '', 'anna@corp.example', '{"to":[{"address":"bert@x"}],"cc":[]}', '[]', '',
          1, 0, 0, 1);
      INSERT INTO outgoing (id, account_id, message_id, state, envelope_from, envelope_to, mime, created_at, not_before)
        VALUES ('out', ${anna}, 7, 'accepted', 'anna@corp.example', '["bert@x"]', x'04', 7, 8);
      INSERT INTO outgoing_attempt (account_id, outgoing_id, route, started_at, outcome, response)
        VALUES (${anna}, 'out', 'continuity', 9, 'accepted', '250 2.0.0');
    `);
    journalSent(db, { accountId: anna, messageId: 7 as never, now: 10 });
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells each thing that happens to a message once, chained, and never its subject', () => {
    const [entry] = openEntries(db, anna);
    if (entry === undefined) throw new Error('the message is in the journal');
    noteFailed(db, entry.id, { reason: 'server.throttled', now: 11, notBefore: 11 });
    noteFailed(db, entry.id, { reason: 'server.throttled', now: 12, notBefore: 12 });
    noteVerified(db, entry.id, { as: 'appended', folder: 'Sent', uid: 4, at: 13 });
    const { lines, brokenAt } = followChain(ledgerLines(db, anna));
    expect(brokenAt).toBeNull();
    expect(lines).toMatchObject([
      {
        seq: 1,
        event: 'recorded',
        route: 'continuity',
        answer: '250 2.0.0',
        counterpart: 'bert@x',
        outage: 3,
      },
      { seq: 2, event: 'failed', reason: 'server.throttled', folder: null },
      { seq: 3, event: 'appended', route: 'primary', folder: 'Sent', uid: 4, reason: null },
    ]);
    expect(ledgerLines(db, anna).join()).not.toContain('secret');
  });

  it('tells what the person did in an outage once it is settled, and of nothing done outside one', () => {
    db.exec('UPDATE outage SET ended_at = 100 WHERE id = 3');
    noteChangeInLedger(db, 7 as never, { change: 'archive', doneAt: 50, reason: null }, 200);
    noteChangeInLedger(db, 7 as never, { change: 'flagged', doneAt: 150, reason: null }, 201);
    noteChangeInLedger(db, 7 as never, { change: 'move', doneAt: 60, reason: 'movedElsewhere' }, 202);
    const { lines, brokenAt } = followChain(ledgerLines(db, anna));
    expect(brokenAt).toBeNull();
    expect(lines).toMatchObject([
      { event: 'recorded' },
      {
        event: 'changed',
        change: 'archive',
        outage: 3,
        direction: 'sent',
        counterpart: 'bert@x',
        reason: null,
      },
      { event: 'changed', change: 'move', reason: 'movedElsewhere' },
    ]);
    expect(ledgerLines(db, anna).join()).not.toContain('secret');
    const changed = {
      outageId: 3 as never,
      filter: 'changed',
      counterpart: '',
      offset: 0,
      limit: 200,
    } as const;
    expect(ledgerPage(db, changed)).toMatchObject({
      items: [
        { outcome: 'changed', change: 'archive', subject: 'secret', messageId: 7 },
        { change: 'move', reason: 'movedElsewhere' },
      ],
      totals: { all: 1, exceptions: 1, received: 0, sent: 1, changed: 2 },
    });
    expect(ledgerPage(db, { ...changed, counterpart: 'nobody' }).items).toEqual([]);
  });

  it.each([
    ['UPDATE ledger_line SET hash = hash', 'never changes'],
    ['DELETE FROM ledger_line', 'never removed'],
    ['INSERT OR REPLACE INTO ledger_line SELECT * FROM ledger_line', 'follows the one before'],
    [
      "INSERT INTO ledger_line SELECT account_id, 2, json_set(line, '$.seq', 2), hash FROM ledger_line",
      'follows the one before',
    ],
  ])('refuses %s', (sql, why) => {
    expect(() => db.exec(sql)).toThrow(why);
    expect(ledgerLines(db, anna)).toHaveLength(1);
  });

  it('goes with its account', () => {
    db.exec('DELETE FROM journal; DELETE FROM outgoing; DELETE FROM message; DELETE FROM account');
    expect(ledgerLines(db, anna)).toEqual([]);
  });
});
