import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConversationId, FolderId } from '../../../../shared/model/ids.ts';
import {
  applyPlan,
  beginFolder,
  dropPushedFlagChanges,
  flagsToPush,
  folderIdOf,
  leaveFolders,
  recordCopy,
  sweepHomeless,
} from '../../cache/queries/sync-store.ts';
import { type Laptop, openLaptop, realClock, realRandom } from '../../testing/laptop.ts';
import { createActions } from './actions.ts';
import { conflicts, theirChanges } from './core/conflicts.ts';
import { flagOperations } from './core/operations.ts';

const kinds = ['read', 'unread', 'flag', 'unflag'] as const;
const rows = kinds.flatMap((kind) => theirChanges.map((theirs) => ({ kind, theirs })));
const at = 1_700_000_000_000;

describe('a flag that the person changed', () => {
  let laptop: Laptop;
  beforeEach(() => {
    laptop = openLaptop('anna@corp.example');
  });
  afterEach(() => laptop.remove());

  const folder = (path: string): FolderId => {
    const id = folderIdOf(laptop.db, laptop.account.id, 'primary', path);
    if (id === null) throw new Error(`no ${path}`);
    return id;
  };
  const shows = (column: string): boolean =>
    laptop.db.prepare<[], number>(`SELECT ${column} FROM message WHERE subject = 'Offer'`).pluck().get() ===
    1;

  it.each(rows)('$kind here and $theirs there end as the table says', async ({ kind, theirs }) => {
    const { db, account } = laptop;
    const { flag, isSet } = flagOperations[kind];
    const other = { INBOX: 'inbox', Clients: 'other', Bin: 'trash', Spam: 'junk' } as const;
    for (const [path, role] of Object.entries(other).slice(1))
      await laptop.receives(`From: b@x.example\nSubject: ${path}\nMessage-ID: <${path}@x>\n\nx`, {
        path,
        role,
      });
    const { messageId, conversationId } = await laptop.receives(
      'From: b@x.example\nSubject: Offer\nMessage-ID: <a@x>\n\nx',
      { uid: 7, flags: isSet ? [] : [flag], internalDate: at },
    );
    const inbox = folder('INBOX');
    const actions = createActions({
      account,
      db,
      clock: realClock,
      random: realRandom,
      announce: () => {},
      noted: () => {},
    });
    expect(actions.flag(conversationId as ConversationId, kind).actionId).not.toBeNull();

    const before = isSet ? [] : [flag];
    const moveTo = (path: string, uid = 30) => {
      applyPlan(db, inbox, { updateFlags: [], remove: [7] });
      const copy = { accountId: account.id, messageId, internalDate: at };
      recordCopy(db, { ...copy, folderId: folder(path), uid, flags: before });
      return folder(path);
    };
    let place: FolderId | null = inbox;
    if (theirs === 'same')
      applyPlan(db, inbox, { updateFlags: [{ uid: 7, flags: isSet ? [flag] : [] }], remove: [] });
    if (theirs === 'flagged')
      applyPlan(db, inbox, {
        updateFlags: [{ uid: 7, flags: [...before, '\\Answered'].sort() }],
        remove: [],
      });
    if (theirs === 'moved') place = moveTo('Clients');
    if (theirs === 'trashed') place = moveTo('Bin');
    if (theirs === 'junked') place = moveTo('Spam');
    if (theirs === 'newIds') {
      beginFolder(db, inbox, 99);
      recordCopy(db, {
        accountId: account.id,
        messageId,
        internalDate: at,
        folderId: inbox,
        uid: 1,
        flags: before,
      });
    }
    if (theirs === 'folderGone') {
      leaveFolders(db, account.id, ['Clients', 'Bin', 'Spam']);
      place = folder('Clients');
      recordCopy(db, {
        accountId: account.id,
        messageId,
        internalDate: at,
        folderId: place,
        uid: 31,
        flags: before,
      });
    }
    if (theirs === 'gone') {
      applyPlan(db, inbox, { updateFlags: [], remove: [7] });
      sweepHomeless(db, account.id, null);
      place = null;
    }
    dropPushedFlagChanges(db, account.id, 0);
    const left = db.prepare('SELECT count(*) FROM flag_change').pluck().get();
    const { wins } = conflicts[kind][theirs];
    if (wins === 'ours') {
      expect(flagsToPush(db, place ?? inbox)).toMatchObject([{ flag, isSet }]);
      expect(shows(flag === '\\Seen' ? 'is_seen' : 'is_flagged')).toBe(isSet);
    } else expect(left).toBe(0);
    expect(wins === 'theirs').toBe(place === null);
  });
});
