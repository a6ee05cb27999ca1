import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConversationId, DraftId } from '../../../shared/model/ids.ts';
import type { StoredMessage } from '../cache/messages.ts';
import { contentsOf } from '../cache/queries/attachment-store.ts';
import { usedBytes } from '../cache/queries/disk-store.ts';
import { insertDraft } from '../cache/queries/draft-store.ts';
import { addPin } from '../cache/queries/pin-store.ts';
import { type Laptop, openLaptop, type Place } from '../testing/laptop.ts';
import { makeRoom } from './disk-budget.ts';

const day = 86_400_000;
const size = 200_000;

describe('making room', () => {
  let laptop: Laptop;
  let names: Map<string, string>;
  beforeEach(() => {
    laptop = openLaptop('alice@corp.example');
    names = new Map();
  });
  afterEach(() => laptop.remove());

  async function receives(
    id: string,
    daysAgo: number,
    place: Partial<Place> = {},
    file = randomBytes(size),
    more = '',
  ): Promise<StoredMessage> {
    const stored = await laptop.receives(
      `From: eva@far.example
To: alice@corp.example
Subject: ${id}
Message-ID: <${id}@far.example>
Date: ${new Date(Date.now() - daysAgo * day).toUTCString()}
${more}Content-Type: application/zip; name=${id}.zip
Content-Disposition: attachment
Content-Transfer-Encoding: base64

${file.toString('base64')}
`,
      place,
    );
    names.set(createHash('sha256').update(file).digest('hex'), id);
    return stored;
  }
  const left = () =>
    laptop.db
      .prepare<[], Buffer>('SELECT sha256 FROM attachment_content')
      .pluck()
      .all()
      .map((sha256) => names.get(sha256.toString('hex')))
      .sort();
  /** So that `count` contents have to go. */
  const room = (count: number) =>
    makeRoom(laptop.db, laptop.account.id, (usedBytes(laptop.db) - (count - 0.5) * size) / 0.9);

  it('lets the oldest go, keeps its entry, and gives the pages back', async () => {
    for (const days of [3, 1, 5, 2, 4]) await receives(`d${days}`, days);
    laptop.db.pragma('wal_checkpoint(TRUNCATE)');
    const before = statSync(laptop.file).size;
    expect(await room(2)).toBe(2);
    expect(left()).toEqual(['d1', 'd2', 'd3']);
    expect(laptop.db.prepare('SELECT count(*) FROM attachment').pluck().get()).toBe(5);
    laptop.db.pragma('wal_checkpoint(TRUNCATE)');
    expect(statSync(laptop.file).size).toBeLessThan(before - 1.9 * size);
  });

  it('does nothing where there is no budget, or the copy is far from it', async () => {
    await receives('one', 1);
    expect(await makeRoom(laptop.db, laptop.account.id, 0)).toBe(0);
    expect(await makeRoom(laptop.db, laptop.account.id, 100 * usedBytes(laptop.db))).toBe(0);
  });

  it('leaves what is pinned, unsent, in the ledger, a draft or answered by one, and what only we have', async () => {
    const { db, account } = laptop;
    const pinned = await receives('conversation', 9);
    addPin(db, account.id, { kind: 'conversation', conversationId: pinned.conversationId });
    await receives('folder', 9, { path: 'Clients', role: 'other' });
    addPin(db, account.id, { kind: 'folder', path: 'Clients' });
    await receives('correspondent', 9, {}, randomBytes(size), 'Reply-To: Meyer@client.example\n');
    addPin(db, account.id, { kind: 'correspondent', address: 'MEYER@client.example' });
    const end = laptop.loses();
    await receives('journal', 9, { route: 'continuity' });
    end();
    await receives('draft', 9, { path: 'Drafts', role: 'drafts' });
    const parent = await receives('answered', 9);
    insertDraft(db, {
      id: '11111111-1111-4111-8111-111111111111' as DraftId,
      accountId: account.id,
      kind: 'reply',
      parentId: parent.messageId,
      from: account.address,
      to: [],
      cc: [],
      bcc: [],
      subject: '',
      text: '',
      updatedAt: Date.now(),
    });
    const displaced = await receives('displaced', 9);
    db.prepare('UPDATE copy SET uid = -id WHERE message_id = ?').run(displaced.messageId);
    const all = left();
    await receives('recent', 1);
    expect(await room(5)).toBe(1);
    expect(left()).toEqual(all);
  });

  it('leaves a content that a pinned message has too', async () => {
    const file = randomBytes(size);
    await receives('old', 9, {}, file);
    const { conversationId } = await receives('pinned', 8, {}, file);
    addPin(laptop.db, laptop.account.id, { kind: 'conversation', conversationId });
    expect(await room(1)).toBe(0);
    expect(left()).toHaveLength(1);
  });

  it('pins what two conversations become when one of them was pinned', async () => {
    const { db, account } = laptop;
    const root = await receives('root', 9);
    const other = await receives('other', 8);
    addPin(db, account.id, { kind: 'conversation', conversationId: other.conversationId as ConversationId });
    const joined = await receives(
      'joined',
      7,
      {},
      randomBytes(size),
      'References: <root@far.example> <other@far.example>\n',
    );
    expect(await room(3)).toBe(0);
    expect(db.prepare('SELECT conversation_id FROM pin').pluck().all()).toEqual([joined.conversationId]);
    expect(contentsOf(db, root.messageId)).toHaveLength(1);
  });
});
