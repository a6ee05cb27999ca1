import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageId } from '../../../../shared/model/ids.ts';
import { type Database, openDatabase } from '../database.ts';
import { senderFacts } from './sender-store.ts';

describe('what is known of a sender', () => {
  let folder = '';
  let db: Database;
  let lastId = 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-sender-'));
    const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32));
    if (!opened.ok) throw new Error(opened.error.code);
    db = opened.value;
    db.exec(`INSERT INTO account (id, address, display_name) VALUES (1, 'anna@corp.example', 'Anna');
      INSERT INTO conversation (id, account_id, topic, snippet, latest_at, message_count, unread_count,
        has_attachments, is_flagged, in_inbox, in_sent) VALUES (1, 1, '', '', 1, 1, 0, 0, 0, 1, 0)`);
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  function write(from: string, at: number, recipients: object, isFromMe = false): MessageId {
    const id = ++lastId as MessageId;
    db.prepare(
      `INSERT INTO message (id, account_id, conversation_id, internet_message_id, from_name, from_address, recipients,
         reference_ids, snippet, subject, sent_at, is_seen, is_flagged, is_from_me, is_answered)
       VALUES (?, 1, 1, ?, '', ?, ?, '[]', '', '', ?, 1, 0, ?, 0)`,
    ).run(id, `<${id}@x>`, from, JSON.stringify(recipients), at, Number(isFromMe));
    return id;
  }
  const to = (...addresses: readonly string[]) => ({
    to: addresses.map((address) => ({ name: '', address })),
    cc: [],
    bcc: [],
  });

  it('is nothing at the first message, and something at the second', () => {
    const first = write('Bob@x.example', 1, to('anna@corp.example'));
    const second = write('bob@X.example', 2, to('anna@corp.example'));
    expect(senderFacts(db, first)).toMatchObject({ isFirstContact: true });
    expect(senderFacts(db, second)).toMatchObject({ isFirstContact: false });
  });

  it('counts that the person wrote to them, and to whom they write at all', () => {
    write(
      'anna@corp.example',
      1,
      { ...to('Bob@X.example'), cc: [{ name: '', address: 'c@y.example' }] },
      true,
    );
    const id = write('bob@x.example', 2, to('anna@corp.example'));
    expect(senderFacts(db, id)).toEqual({
      replyTo: [],
      isFirstContact: false,
      knownDomains: ['x.example', 'y.example'],
    });
  });

  it('tells where answers go instead', () => {
    const replyTo = [{ name: 'B', address: 'b@elsewhere.example' }];
    const id = write('bob@x.example', 1, { ...to('anna@corp.example'), replyTo });
    expect(senderFacts(db, id)?.replyTo).toEqual(replyTo);
  });

  it('is null of a message that is not there', () => expect(senderFacts(db, 99 as MessageId)).toBeNull());
});
