import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConversationId, DraftId, MessageId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { changeFlag } from '../cache/queries/conversation-store.ts';
import { insertDraft } from '../cache/queries/draft-store.ts';
import { journalReceived } from '../cache/queries/journal-store.ts';
import { type Laptop, openLaptop } from '../testing/laptop.ts';
import { expire } from './retention.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-24T12:00:00Z');
const daysAgo = (days: number) => now - days * day;

describe('what has left the window', () => {
  let laptop: Laptop;
  beforeEach(() => {
    laptop = openLaptop('alice@corp.example');
  });
  afterEach(() => laptop.remove());

  async function receives(
    id: string,
    days: number,
    more = '',
    arrivedDaysAgo = days,
    route: Route = 'primary',
  ): Promise<MessageId> {
    await laptop.receives(
      `From: eva@far.example\nTo: alice@corp.example\nSubject: ${id}\nMessage-ID: <${id}@far.example>\nDate: ${new Date(daysAgo(days)).toUTCString()}\n${more}\nHello`,
      { internalDate: daysAgo(arrivedDaysAgo), route },
    );
    return messageIdOf(id);
  }
  const messageIdOf = (id: string) =>
    laptop.db
      .prepare<[string], MessageId>('SELECT id FROM message WHERE internet_message_id = ?')
      .pluck()
      .get(`${id}@far.example`) as MessageId;
  const left = () =>
    laptop.db.prepare<[], string>('SELECT subject FROM message ORDER BY subject').pluck().all();
  const run = () => expire(laptop.db, laptop.account.id, daysAgo(30));

  it('goes, and its words are found no more', async () => {
    await receives('old', 40);
    await receives('new', 3);
    expect(await run()).toBe(1);
    expect(left()).toEqual(['new']);
    const tables = ['copy', 'message_body', 'conversation', 'search_place'];
    expect(tables.map((table) => laptop.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())).toEqual([
      1, 1, 1, 1,
    ]);
  });

  it('stays whole as long as its conversation has one recent message', async () => {
    await receives('root', 90);
    await receives('reply', 2, 'In-Reply-To: <root@far.example>\n');
    expect(await run()).toBe(0);
    expect(left()).toEqual(['reply', 'root']);
  });

  it('stays when it arrived in the window, whatever date it bears', async () => {
    await receives('late', 400, '', 2);
    expect(await run()).toBe(0);
  });

  it('stays a day longer, so that nothing comes and goes at the edge', async () => {
    await receives('edge', 30.5);
    expect(await run()).toBe(0);
  });

  it('stays when it is flagged, when a draft answers it, and when the ledger names it', async () => {
    const flagged = await receives('flagged', 50);
    const conversationOf = (id: MessageId) =>
      laptop.db
        .prepare<[MessageId], ConversationId>('SELECT conversation_id FROM message WHERE id = ?')
        .pluck()
        .get(id) as ConversationId;
    changeFlag(laptop.db, conversationOf(flagged), { flag: '\\Flagged', isSet: true, of: 'newest' }, now);
    insertDraft(laptop.db, {
      id: '11111111-1111-4111-8111-111111111111' as DraftId,
      accountId: laptop.account.id,
      kind: 'reply',
      parentId: await receives('answered', 50),
      from: 'alice@corp.example',
      to: [],
      cc: [],
      bcc: [],
      subject: '',
      text: '',
      updatedAt: now,
    });
    laptop.db.exec(
      `INSERT INTO outage (account_id, started_at, cause) VALUES (1, ${daysAgo(50)}, 'refused')`,
    );
    journalReceived(laptop.db, {
      accountId: laptop.account.id,
      messageId: await receives('journalled', 50, '', 50, 'continuity'),
      now: daysAgo(50),
    });
    expect(await run()).toBe(0);
    expect(left()).toEqual(['answered', 'flagged', 'journalled']);
  });
});
