import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  AccountId,
  ConversationId,
  FolderId,
  InternetMessageId,
  MessageId,
} from '../../../../shared/model/ids.ts';
import type { Route } from '../../../../shared/model/route.ts';
import type { FolderRole } from '../../mail/types.ts';
import type { ParsedMessage } from '../../mime/types.ts';
import { upsertAccount } from '../accounts.ts';
import { type Database, openDatabase } from '../database.ts';
import { homelessMessage } from '../identity.ts';
import { storeMessage } from '../messages.ts';
import { listConversations, noteFlagChange } from './conversation-store.ts';
import {
  applyPlan,
  beginFolder,
  completeFolder,
  dropPushedFlagChanges,
  flagsToPush,
  hasHomelessMessages,
  knownFolder,
  noteLookedThrough,
  notePushed,
  recordCopy,
  sweepHomeless,
} from './sync-store.ts';

const now = 1_800_000_000_000;
const day = 86_400_000;

describe('what sync stores', () => {
  let folder: string;
  let db: Database;
  let accountId: AccountId;
  let inbox: FolderId;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-sync-store-'));
    const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32).fill(1));
    if (!opened.ok) throw new Error(opened.error.code);
    db = opened.value;
    accountId = upsertAccount(db, { address: 'anna@corp.example', displayName: 'Anna' });
    inbox = open('primary', 'INBOX', 'inbox');
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(route: Route, path: string, role: FolderRole): FolderId {
    const { id } = knownFolder(db, { accountId, route, path, role });
    beginFolder(db, id, 1);
    return id;
  }

  /** Stores a message as a pass does, and yields its row. */
  function meet(
    folderId: FolderId,
    uid: number,
    name: string,
    flags: readonly string[] = [],
    internalDate = now - day,
  ): MessageId {
    const role = db
      .prepare<[FolderId], FolderRole>('SELECT role FROM folder WHERE id = ?')
      .pluck()
      .get(folderId);
    return db.transaction(() => {
      const { messageId } = storeMessage(db, {
        accountId,
        parsed: mail(name),
        receivedAt: internalDate,
        flags,
        isFromMe: false,
        folderRole: role ?? 'other',
        keepSource: null,
      });
      recordCopy(db, { accountId, folderId, messageId, uid, flags, internalDate });
      return messageId;
    })();
  }

  const stateOf = (messageId: MessageId) =>
    db.prepare('SELECT is_seen AS isSeen, is_flagged AS isFlagged FROM message WHERE id = ?').get(messageId);
  const copies = () => db.prepare('SELECT uid, flags FROM copy WHERE uid > 0 ORDER BY folder_id, uid').all();
  const exists = (messageId: MessageId) =>
    db.prepare('SELECT 1 FROM message WHERE id = ?').get(messageId) !== undefined;
  const pending = () => db.prepare('SELECT flag, is_set AS isSet FROM flag_change ORDER BY flag').all();

  it('knows a folder with its copies again', () => {
    meet(inbox, 5, 'a', ['\\Flagged', '\\Seen']);
    meet(inbox, 3, 'b');
    completeFolder(db, inbox, { uidNext: 6, now, modSeq: 9_223_372_036_854_775_807n });
    noteLookedThrough(db, inbox, now);
    expect(knownFolder(db, { accountId, route: 'primary', path: 'INBOX', role: 'inbox' })).toEqual({
      id: inbox,
      uidValidity: 1,
      uidNext: 6,
      lookedThroughAt: now,
      modSeq: 9_223_372_036_854_775_807n,
      copies: [
        { uid: 3, flags: [] },
        { uid: 5, flags: ['\\Flagged', '\\Seen'] },
      ],
    });
  });

  it('takes over the flags of the server, but not against what the person has just changed', () => {
    const messageId = meet(inbox, 1, 'a');
    noteFlagChange(db, messageId, '\\Seen', true, now);
    applyPlan(db, inbox, { updateFlags: [{ uid: 1, flags: ['\\Flagged'] }], remove: [] });
    expect(stateOf(messageId)).toEqual({ isSeen: 1, isFlagged: 1 });
  });

  it('leaves mail to oneself unread, though it is read in Sent Items', () => {
    const messageId = meet(inbox, 1, 'a');
    const sent = open('primary', 'Sent Items', 'sent');
    meet(sent, 1, 'a', []);
    applyPlan(db, sent, { updateFlags: [{ uid: 1, flags: ['\\Seen'] }], remove: [] });
    expect(stateOf(messageId)).toMatchObject({ isSeen: 0 });
  });

  it('pushes a change to every copy that lacks it, and forgets it when Exchange has it', () => {
    const messageId = meet(inbox, 1, 'a');
    noteFlagChange(db, messageId, '\\Seen', true, now);
    noteFlagChange(db, messageId, '\\Flagged', true, now);
    dropPushedFlagChanges(db, accountId, 0);
    const changes = flagsToPush(db, inbox);
    expect(changes).toEqual([
      { uid: 1, flag: '\\Seen', isSet: true },
      { uid: 1, flag: '\\Flagged', isSet: true },
    ]);
    notePushed(db, inbox, { uid: 1, flag: '\\Seen', isSet: true });
    dropPushedFlagChanges(db, accountId, 0);
    expect(pending()).toEqual([{ flag: '\\Flagged', isSet: 1 }]);
    expect(copies()).toEqual([{ uid: 1, flags: '\\Seen' }]);
  });

  it('does not forget a change that was changed again while it was pushed', () => {
    const messageId = meet(inbox, 1, 'a');
    noteFlagChange(db, messageId, '\\Seen', true, now);
    const [change] = flagsToPush(db, inbox);
    if (change === undefined) throw new Error('nothing to push');
    noteFlagChange(db, messageId, '\\Seen', false, now + 1);
    notePushed(db, inbox, change);
    dropPushedFlagChanges(db, accountId, 0);
    expect(flagsToPush(db, inbox)).toEqual([{ uid: 1, flag: '\\Seen', isSet: false }]);
  });

  it('keeps what was read in an outage until Exchange has the message, and tells it then', () => {
    const continuity = open('continuity', 'INBOX', 'inbox');
    const messageId = meet(continuity, 1, 'a');
    noteFlagChange(db, messageId, '\\Seen', true, now);
    notePushed(db, continuity, { uid: 1, flag: '\\Seen', isSet: true });
    dropPushedFlagChanges(db, accountId, 0);
    expect(flagsToPush(db, continuity)).toEqual([]);
    expect(pending()).toEqual([{ flag: '\\Seen', isSet: 1 }]);
    meet(inbox, 9, 'a');
    expect(stateOf(messageId)).toMatchObject({ isSeen: 1 });
    expect(flagsToPush(db, inbox)).toEqual([{ uid: 9, flag: '\\Seen', isSet: true }]);
  });

  it('removes a message with its last copy, and its conversation leaves the Inbox', () => {
    const archive = open('primary', 'Archive', 'archive');
    const messageId = meet(inbox, 1, 'a');
    meet(archive, 1, 'a');
    const list = () => listConversations(db, { accountId, view: 'inbox', offset: 0, limit: 9 }).total;
    applyPlan(db, inbox, { updateFlags: [], remove: [1] });
    sweepHomeless(db, accountId, null);
    expect([exists(messageId), list()]).toEqual([true, 0]);
    applyPlan(db, archive, { updateFlags: [], remove: [1] });
    sweepHomeless(db, accountId, null);
    expect(exists(messageId)).toBe(false);
  });

  it('removes a message that has lost two copies at once', () => {
    const archive = open('primary', 'Archive', 'archive');
    const messageId = meet(inbox, 1, 'a');
    meet(archive, 1, 'a');
    applyPlan(db, inbox, { updateFlags: [], remove: [1] });
    applyPlan(db, archive, { updateFlags: [], remove: [1] });
    expect(sweepHomeless(db, accountId, null)).toBe(true);
    expect(exists(messageId)).toBe(false);
  });

  it.each([
    [
      'journal',
      (id: MessageId) => {
        db.exec("INSERT INTO outage (account_id, started_at, cause) VALUES (1, 1, 'refused')");
        db.prepare(
          `INSERT INTO journal (account_id, outage_id, message_id, direction, recorded_at, outcome)
           VALUES (1, 1, ?, 'received', 1, 'pending')`,
        ).run(id);
      },
    ],
    [
      'outbox',
      (id: MessageId) =>
        db
          .prepare(
            `INSERT INTO outgoing (id, account_id, message_id, state, envelope_from, envelope_to, mime, created_at, not_before)
             VALUES ('1', 1, ?, 'queued', 'a', '[]', x'00', 1, 1)`,
          )
          .run(id),
    ],
  ])('keeps a message whose last trace is the %s', (_where, trace) => {
    const messageId = meet(inbox, 1, 'a');
    trace(messageId);
    applyPlan(db, inbox, { updateFlags: [], remove: [1] });
    sweepHomeless(db, accountId, null);
    expect(exists(messageId)).toBe(true);
    expect(copies()).toEqual([]);
  });

  it('loses nothing when UIDVALIDITY changes: what is met again has its new place and flags', () => {
    const [a, b, old] = [meet(inbox, 1, 'a'), meet(inbox, 2, 'b'), meet(inbox, 3, 'old', [], now - 40 * day)];
    beginFolder(db, inbox, 2);
    expect([a, b, old].every(exists)).toBe(true);
    expect(copies()).toEqual([]);
    meet(inbox, 2, 'a', ['\\Seen']);
    sweepHomeless(db, accountId, now - 30 * day);
    expect(copies()).toEqual([{ uid: 2, flags: '\\Seen' }]);
    expect(stateOf(a)).toMatchObject({ isSeen: 1 });
    // b is gone from the server; the old one lies outside of what was asked for.
    expect([a, b, old].map(exists)).toEqual([true, false, true]);
  });

  it('survives a second change of UIDVALIDITY before the first was dealt with', () => {
    const [a, b] = [meet(inbox, 1, 'a'), meet(inbox, 2, 'b')];
    beginFolder(db, inbox, 2);
    meet(inbox, 1, 'b');
    beginFolder(db, inbox, 3);
    meet(inbox, 1, 'a');
    meet(inbox, 2, 'b');
    sweepHomeless(db, accountId, now - 30 * day);
    expect([a, b].map(exists)).toEqual([true, true]);
    expect(db.prepare('SELECT count(*) FROM copy').pluck().get()).toBe(2);
  });

  it('lets go of what lies before the window only once every message was looked at', () => {
    const old = meet(inbox, 1, 'a', [], now - 40 * day);
    beginFolder(db, inbox, 2);
    sweepHomeless(db, accountId, now - 30 * day);
    expect(exists(old)).toBe(true);
    sweepHomeless(db, accountId, null);
    expect(exists(old)).toBe(false);
  });

  it('keeps a message that another client has moved, and forgets only its former place', () => {
    const archive = knownFolder(db, { accountId, route: 'primary', path: 'Archive', role: 'archive' }).id;
    const messageId = meet(inbox, 1, 'a');
    applyPlan(db, inbox, { updateFlags: [], remove: [1] });
    expect(hasHomelessMessages(db, accountId)).toBe(true);
    expect(homelessMessage(db, accountId, mail('a'), now)).toBe(messageId);
    recordCopy(db, { accountId, folderId: archive, messageId, uid: 9, flags: ['\\Seen'], internalDate: now });
    expect(hasHomelessMessages(db, accountId)).toBe(false);
    sweepHomeless(db, accountId, null);
    expect(copies()).toEqual([{ uid: 9, flags: '\\Seen' }]);
    expect(stateOf(messageId)).toMatchObject({ isSeen: 1 });
  });

  it('notes a copy once, however often it is met', () => {
    meet(inbox, 1, 'a', ['\\Seen']);
    meet(inbox, 1, 'a', ['\\Flagged']);
    expect(copies()).toEqual([{ uid: 1, flags: '\\Flagged' }]);
    const { items } = listConversations(db, { accountId, view: 'inbox', offset: 0, limit: 9 });
    expect(items.map(({ id }) => id)).toEqual([1 as ConversationId]);
  });
});

function mail(name: string): ParsedMessage {
  return {
    internetMessageId: `${name}@x.example` as InternetMessageId,
    originalMessageId: null,
    inReplyTo: [],
    references: [],
    threadIndex: null,
    threadTopic: null,
    from: { name: 'Bob', address: 'bob@x.example' },
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    deliveredTo: [],
    protection: null,
    report: null,
    calendarMethod: null,
    subject: name,
    sentAt: now - day,
    text: name,
    html: null,
    attachments: [],
  };
}
