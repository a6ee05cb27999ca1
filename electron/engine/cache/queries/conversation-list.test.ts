import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, ConversationId, MessageId } from '../../../../shared/model/ids.ts';
import { type Database, openDatabase } from '../database.ts';
import { type ListQuery, listConversations } from './conversation-store.ts';

/** A conversation of one message, and where its copy stands. */
interface Written {
  readonly topic: string;
  readonly unread?: boolean;
  readonly flagged?: boolean;
  readonly to?: string;
  readonly at?: number;
  readonly route?: 'primary' | 'continuity';
  readonly folder?: string;
}

describe('the list of conversations', () => {
  let folder = '';
  let db: Database;
  let accountId: AccountId;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-list-'));
    const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32));
    if (!opened.ok) throw new Error(opened.error.code);
    db = opened.value;
    db.prepare(
      `INSERT INTO account (id, address, display_name) VALUES (1, 'Anna@corp.example', 'Anna')`,
    ).run();
    accountId = 1 as AccountId;
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  function write({
    topic,
    unread = false,
    flagged = false,
    to,
    at = 5,
    route,
    folder: path,
  }: Written): MessageId {
    const conversationId = db
      .prepare<unknown[], ConversationId>(
        `INSERT INTO conversation (account_id, topic, snippet, latest_at, message_count, unread_count, has_attachments,
           is_flagged, in_inbox, in_sent) VALUES (1, ?, '', ?, 1, ?, 0, ?, 1, 0) RETURNING id`,
      )
      .pluck()
      .get(topic, at, Number(unread), Number(flagged));
    const recipients = JSON.stringify({
      to: [{ name: '', address: to ?? 'list@corp.example' }],
      cc: [],
      bcc: [],
    });
    const messageId = db
      .prepare<unknown[], MessageId>(
        `INSERT INTO message (account_id, conversation_id, internet_message_id, from_name, from_address, recipients,
           reference_ids, snippet, subject, sent_at, is_seen, is_flagged, is_from_me, is_answered)
         VALUES (1, ?, ?, '', 'bob@x.example', ?, '[]', '', ?, ?, 1, 0, 0, 0) RETURNING id`,
      )
      .pluck()
      .get(conversationId, `<${topic}@x>`, recipients, topic, at);
    if (messageId === undefined) throw new Error('not stored');
    if (route !== undefined) {
      db.prepare(
        `INSERT INTO folder (account_id, route, path, role) VALUES (1, ?, ?, 'other') ON CONFLICT DO NOTHING`,
      ).run(route, path ?? 'Clients');
      db.prepare(
        `INSERT INTO copy (account_id, message_id, folder_id, uid, flags, internal_date)
         SELECT 1, ?, id, ?, '', 5 FROM folder WHERE route = ? AND path = ?`,
      ).run(messageId, messageId, route, path ?? 'Clients');
    }
    return messageId;
  }
  const topics = (query: Partial<ListQuery> = {}) => {
    const { items, total } = listConversations(db, {
      accountId,
      view: 'all',
      offset: 0,
      limit: 50,
      ...query,
    });
    expect(total).toBe(items.length);
    return items.map(({ topic }) => topic).sort();
  };

  it('is narrowed down to what is unread, flagged or sent to the person, whatever the case of their address', () => {
    write({ topic: 'new', unread: true });
    write({ topic: 'marked', flagged: true });
    write({ topic: 'mine', to: 'anna@CORP.example' });
    expect(topics({ filter: 'unread' })).toEqual(['new']);
    expect(topics({ filter: 'flagged' })).toEqual(['marked']);
    expect(topics({ filter: 'toMe' })).toEqual(['mine']);
    expect(topics({ filter: 'attachments' })).toEqual([]);
    expect(topics()).toHaveLength(3);
  });

  it('ends where the person wants it to', () => {
    write({ topic: 'before', at: 99 });
    write({ topic: 'since', at: 100 });
    expect(topics({ since: 100 })).toEqual(['since']);
  });

  it('shows a folder of Exchange, with what is on its way there and without what is on its way out', () => {
    write({ topic: 'stays', route: 'primary' });
    const leaves = write({ topic: 'leaves', route: 'primary' });
    const comes = write({ topic: 'comes', route: 'primary', folder: 'Elsewhere' });
    const place = db.prepare(
      `INSERT INTO placement (message_id, account_id, kind, action_id, requested_at, takes, to_role, to_path, base,
         was_flagged, attempts, not_before) VALUES (?, 1, 'move', 'a', 0, ' other ', 'other', ?, '[]', 0, 0, 0)`,
    );
    place.run(leaves, 'Elsewhere');
    place.run(comes, 'Clients');
    expect(topics({ folder: 'Clients' })).toEqual(['comes', 'stays']);
    expect(topics({ folder: 'Elsewhere' })).toEqual(['leaves']);
    expect(topics({ folder: 'Nowhere' })).toEqual([]);
  });

  it('says what came by continuity, until Exchange has it', () => {
    const id = write({ topic: 'late', route: 'continuity', folder: 'INBOX' });
    const isByContinuity = () =>
      listConversations(db, { accountId, view: 'all', offset: 0, limit: 1 }).items[0]?.isByContinuity;
    expect(isByContinuity()).toBe(true);
    db.prepare(
      `INSERT INTO folder (id, account_id, route, path, role) VALUES (9, 1, 'primary', 'INBOX', 'inbox')`,
    ).run();
    db.prepare(
      `INSERT INTO copy (account_id, message_id, folder_id, uid, flags, internal_date) VALUES (1, ?, 9, 1, '', 5)`,
    ).run(id);
    expect(isByContinuity()).toBe(false);
  });
});
