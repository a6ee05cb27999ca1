import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId, FolderId, MessageId } from '../../../shared/model/ids.ts';
import { parseMessage } from '../mime/parse.ts';
import { upsertAccount } from './accounts.ts';
import { type Database, openDatabase } from './database.ts';
import { homelessMessage } from './identity.ts';
import { storeMessage } from './messages.ts';
import { noteFlagChange, openConversation } from './queries/conversation-store.ts';
import { applyPlan, flagsToPush, knownFolder, recordCopy } from './queries/sync-store.ts';

const arrivedAt = Date.parse('2026-11-20T08:30:00Z');

interface Letter {
  readonly id: string | null;
  readonly originalId?: string;
  readonly date?: string;
  readonly subject?: string;
  readonly text?: string;
  /** What a server writes otherwise at each fetch. */
  readonly stamp?: string;
}

function header({ id, originalId, date, subject, stamp }: Letter): string {
  return [
    ...(stamp === undefined ? [] : [`X-MS-Exchange-Fetch: ${stamp}`]),
    'From: Bob <bob@far.example>',
    'To: anna@corp.example',
    `Date: ${date ?? 'Fri, 20 Nov 2026 08:29:00 +0000'}`,
    `Subject: ${subject ?? 'Offer'}`,
    ...(id === null ? [] : [`Message-ID: <${id}>`]),
    ...(originalId === undefined ? [] : [`X-Microsoft-Original-Message-ID: <${originalId}>`]),
    '',
    '',
  ].join('\r\n');
}

describe('the identity of messages', () => {
  let folder: string;
  let db: Database;
  let accountId: AccountId;
  let uid: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-identity-'));
    const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32));
    if (!opened.ok) throw new Error(opened.error.code);
    db = opened.value;
    accountId = upsertAccount(db, { address: 'anna@corp.example', displayName: 'Anna' });
    uid = 0;
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  const folderOf = (path: string): FolderId =>
    knownFolder(db, { accountId, route: 'primary', path, role: path === 'INBOX' ? 'inbox' : 'other' }).id;

  /** Meets a message in a folder, as a download does. */
  async function meet(letter: Letter, path = 'INBOX'): Promise<{ messageId: MessageId; uid: number }> {
    const parsed = await parseMessage(
      Buffer.from(`${header(letter)}${letter.text ?? 'What do you say?'}\r\n`),
    );
    uid += 1;
    return db.transaction(() => {
      const { messageId } = storeMessage(db, {
        accountId,
        parsed,
        receivedAt: arrivedAt,
        flags: [],
        isFromMe: false,
        folderRole: path === 'INBOX' ? 'inbox' : 'other',
        keepSource: null,
      });
      recordCopy(db, {
        accountId,
        folderId: folderOf(path),
        messageId,
        uid,
        flags: [],
        internalDate: arrivedAt,
      });
      return { messageId, uid };
    })();
  }
  const losesItsPlace = (at: number, path = 'INBOX') =>
    applyPlan(db, folderOf(path), { updateFlags: [], remove: [at] });
  const adopted = async (letter: Letter) =>
    homelessMessage(db, accountId, await parseMessage(Buffer.from(header(letter))), arrivedAt);
  const messages = () =>
    db
      .prepare<[], { id: MessageId; subject: string }>('SELECT id, subject FROM message ORDER BY id')
      .all()
      .map((row) => row.id);

  it('keeps two different mails with one Message-ID apart, and knows each of them again', async () => {
    const scan = (subject: string, text: string, stamp?: string): Letter => ({
      id: '0@scanner',
      subject,
      text,
      ...(stamp === undefined ? {} : { stamp }),
    });
    const one = await meet(scan('Scan', 'First page'));
    const two = await meet(scan('Scan', 'Second page'));
    const three = await meet(scan('Scan 3', 'First page'));
    expect(new Set([one, two, three].map(({ messageId }) => messageId)).size).toBe(3);
    expect((await meet(scan('Scan', 'Second page', 'anew'), 'Archive')).messageId).toBe(two.messageId);
    expect((await meet(scan('Scan 3', 'First page', 'anew'), 'Archive')).messageId).toBe(three.messageId);
    expect(messages()).toHaveLength(3);
  });

  it('knows a mail without a Message-ID again, whatever its bytes', async () => {
    const once = await meet({ id: null, stamp: '1' });
    expect((await meet({ id: null, stamp: '2' }, 'Archive')).messageId).toBe(once.messageId);
    expect((await meet({ id: null, text: 'Another' })).messageId).not.toBe(once.messageId);
  });

  it('knows a renamed mail again, by its old name and by its new one, in any order', async () => {
    const renamed = await meet({ id: 'new@server', originalId: 'old@far' });
    expect((await meet({ id: 'old@far' }, 'Archive')).messageId).toBe(renamed.messageId);
    expect((await meet({ id: 'new@server' }, 'Sent')).messageId).toBe(renamed.messageId);
    const old = await meet({ id: '2@far', subject: 'Other' });
    expect((await meet({ id: '2@server', originalId: '2@far', subject: 'Other' })).messageId).toBe(
      old.messageId,
    );
  });

  it('knows one that was renamed without a trace, when it has lost its place', async () => {
    const before = await meet({ id: 'old@far' });
    expect((await meet({ id: 'alert@far' })).messageId).not.toBe(before.messageId);
    losesItsPlace(before.uid);
    expect((await meet({ id: 'new@server' })).messageId).toBe(before.messageId);
  });

  it('takes a mail that a transport rule has marked for what it is', async () => {
    const before = await meet({ id: '1@far' });
    const marked = { id: '1@far', subject: '[External] Offer', text: 'Outside! Beware.\r\nWhat do you say?' };
    expect((await meet(marked, 'Archive')).messageId).toBe(before.messageId);
  });

  it('gives one that has lost its place back by headers alone, if they tell enough', async () => {
    const one = await meet({ id: '0@scanner', subject: 'Scan 1' });
    const two = await meet({ id: '0@scanner', subject: 'Scan 2' });
    const nameless = await meet({ id: null, subject: 'Fax' });
    for (const { uid: at } of [one, two, nameless]) losesItsPlace(at);
    expect(await adopted({ id: '0@scanner', subject: 'Scan 2', stamp: '1' })).toBe(two.messageId);
    expect(await adopted({ id: '0@scanner', subject: 'Scan 1', stamp: '1' })).toBe(one.messageId);
    expect(await adopted({ id: '0@scanner', subject: 'Scan 3' })).toBeNull();
    expect(await adopted({ id: null, subject: 'Fax', stamp: '1' })).toBe(nameless.messageId);
    expect(await adopted({ id: null, subject: 'Fax 2' })).toBeNull();
  });

  it('leaves it to the content where headers do not tell two of one name apart', async () => {
    const one = await meet({ id: '0@scanner', text: 'First' });
    const two = await meet({ id: '0@scanner', text: 'Second' });
    for (const { uid: at } of [one, two]) losesItsPlace(at);
    expect(await adopted({ id: '0@scanner' })).toBeNull();
    expect((await meet({ id: '0@scanner', text: 'Second' })).messageId).toBe(two.messageId);
    expect((await meet({ id: '0@scanner', text: 'First' })).messageId).toBe(one.messageId);
    expect(messages()).toHaveLength(2);
  });

  it('takes what was edited in Exchange over, and keeps what the person wished for here', async () => {
    const before = await meet({ id: '1@far' });
    noteFlagChange(db, before.messageId, '\\Flagged', true, 1);
    losesItsPlace(before.uid);
    expect(await adopted({ id: '1@far', subject: 'Offer (mine)' })).toBeNull();
    const after = await meet({ id: '1@far', subject: 'Offer (mine)', text: 'Noted: no.' });
    expect(after.messageId).toBe(before.messageId);
    const [conversation] = db.prepare<[], { id: number }>('SELECT id FROM conversation').all();
    const shown = openConversation(db, conversation?.id as never);
    expect(JSON.stringify(shown)).toContain('Noted: no.');
    expect(JSON.stringify(shown)).not.toContain('What do you say?');
    expect(flagsToPush(db, folderOf('INBOX'))).toEqual([{ uid: after.uid, flag: '\\Flagged', isSet: true }]);
  });

  it('counts as many messages as there are, however they are named, met, moved and written', async () => {
    const letters = fc.record({
      id: fc.constantFrom(null, '0@scanner', '1@far'),
      subject: fc.constantFrom('Scan', 'Fax'),
      text: fc.constantFrom('alpha', 'beta', 'gamma'),
    });
    const meetings = fc.array(
      fc.record({
        letter: letters,
        path: fc.constantFrom('INBOX', 'Archive', 'Work'),
        isMoved: fc.boolean(),
      }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(meetings, async (met) => {
        db.exec(
          "DELETE FROM copy; INSERT INTO message_search (message_search) VALUES ('delete-all'); DELETE FROM message; DELETE FROM conversation",
        );
        const known = new Map<string, MessageId>();
        for (const [stamp, { letter, path, isMoved }] of met.entries()) {
          const { messageId, uid: at } = await meet({ ...letter, stamp: String(stamp) }, path);
          const key = JSON.stringify(letter);
          expect(messageId).toBe(known.get(key) ?? messageId);
          known.set(key, messageId);
          if (isMoved) {
            losesItsPlace(at, path);
            expect((await meet({ ...letter, stamp: `${stamp} again` }, 'Moved')).messageId).toBe(messageId);
          }
        }
        expect(new Set(known.values()).size).toBe(known.size);
        expect(messages()).toHaveLength(known.size);
      }),
      { numRuns: 60 },
    );
  });
});
