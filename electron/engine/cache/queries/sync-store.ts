import type {
  AccountId,
  ConversationId,
  EpochMs,
  FolderId,
  MessageId,
} from '../../../../shared/model/ids.ts';
import type { LedgerChange } from '../../../../shared/model/ledger.ts';
import type { Route } from '../../../../shared/model/route.ts';
import type { FolderRole } from '../../mail/types.ts';
import type { FolderPlan, KnownFolder, Placed } from '../../sync/core/plan.ts';
import type { MessageFlag } from '../../sync/operations/core/operations.ts';
import type { Database } from '../database.ts';
import { forgetServerDraft, refreshConversation, removeMessageIfGone } from '../messages.ts';
import { noteChangeInLedger } from './ledger-store.ts';
import { forgetSurvey } from './survey-store.ts';

/**
 * A copy with a negative UID has lost its place: its message was moved or deleted, or UIDVALIDITY has changed. It gets a
 * place again when the message is met somewhere; otherwise it goes at the end of the pass.
 */

export interface FolderKey {
  readonly accountId: AccountId;
  readonly route: Route;
  readonly path: string;
  readonly role: FolderRole;
}

export interface SyncedFolder extends KnownFolder {
  readonly id: FolderId;
  /** As of the last complete pass; null before the first. */
  readonly uidNext: number | null;
  /** When every message was last looked at; null: not yet. */
  readonly lookedThroughAt: EpochMs | null;
  /** HIGHESTMODSEQ (RFC 7162) as of the last complete pass; null where the server offers none. */
  readonly modSeq: bigint | null;
}

/** The folder with its copies, made if it is new. */
export function knownFolder(db: Database, key: FolderKey): SyncedFolder {
  const find = db.prepare<[AccountId, Route, string], FolderRow>(
    `SELECT id, uid_validity AS uidValidity, uid_next AS uidNext, looked_through_at AS lookedThroughAt, mod_seq AS modSeq
     FROM folder
     WHERE account_id = ? AND route = ? AND path = ?`,
  );
  const look = () => find.get(key.accountId, key.route, key.path);
  const insert = 'INSERT INTO folder (account_id, route, path, role) VALUES (?, ?, ?, ?)';
  if (look() === undefined) db.prepare(insert).run(key.accountId, key.route, key.path, key.role);
  const row = look();
  if (row === undefined) throw new Error('a row that was inserted is there');
  const copies = db
    .prepare<[FolderId], { uid: number; flags: string }>(
      'SELECT uid, flags FROM copy WHERE folder_id = ? AND uid > 0 ORDER BY uid',
    )
    .all(row.id)
    .map(({ uid, flags }) => ({ uid, flags: flagsOf(flags) }));
  return { ...row, modSeq: row.modSeq === null ? null : BigInt(row.modSeq), copies };
}

type FolderRow = Omit<SyncedFolder, 'copies' | 'modSeq'> & { readonly modSeq: string | null };

/** Notes the folders of a listing, before anything of them is copied: mail can be moved there from the start. */
export function noteFolders(
  db: Database,
  accountId: AccountId,
  route: Route,
  folders: readonly Pick<FolderKey, 'path' | 'role'>[],
): void {
  const insert = db.prepare(
    'INSERT INTO folder (account_id, route, path, role) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  db.transaction(() => {
    for (const { path, role } of folders) insert.run(accountId, route, path, role);
  }).immediate();
}

/** UIDVALIDITY is new or has changed: what stood here waits to be matched again. */
export function beginFolder(db: Database, folderId: FolderId, uidValidity: number): void {
  db.transaction(() => {
    forgetSurvey(db, folderId);
    db.prepare('UPDATE copy SET uid = -id WHERE folder_id = ? AND uid > 0').run(folderId);
    db.prepare(
      'UPDATE folder SET uid_validity = ?, uid_next = NULL, looked_through_at = NULL, mod_seq = NULL WHERE id = ?',
    ).run(uidValidity, folderId);
  }).immediate();
}

export interface CopyToRecord extends Placed {
  readonly accountId: AccountId;
  readonly folderId: FolderId;
  readonly messageId: MessageId;
  readonly internalDate: EpochMs;
}

/** Notes where a stored message stands. To be called in the transaction that stores it. */
export function recordCopy(db: Database, copy: CopyToRecord): void {
  db.prepare(
    `INSERT INTO copy (account_id, message_id, folder_id, uid, flags, internal_date) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (folder_id, uid) DO UPDATE SET
       message_id = excluded.message_id, flags = excluded.flags, internal_date = excluded.internal_date`,
  ).run(copy.accountId, copy.messageId, copy.folderId, copy.uid, copy.flags.join(' '), copy.internalDate);
  db.prepare('DELETE FROM surveyed WHERE folder_id = ? AND uid = ?').run(copy.folderId, copy.uid);
  const { changes } = db
    .prepare('DELETE FROM copy WHERE account_id = ? AND message_id = ? AND uid < 0')
    .run(copy.accountId, copy.messageId);
  if (changes > 0) takeFlags(db, copy.folderId, copy.messageId, copy.flags);
  // A draft that was sent elsewhere is moved to Sent by some programs.
  if (!isDraftsFolder(db, copy.folderId) && forgetServerDraft(db, copy.messageId))
    refreshConversation(db, conversationOf(db, copy.messageId));
}

function isDraftsFolder(db: Database, folderId: FolderId): boolean {
  const role = db.prepare<[FolderId], string>('SELECT role FROM folder WHERE id = ?').pluck().get(folderId);
  return role === 'drafts';
}

/** Whether any message of Exchange has lost its place. */
export function hasHomelessMessages(db: Database, accountId: AccountId): boolean {
  return (
    db
      .prepare<[AccountId], 1>('SELECT 1 FROM copy WHERE account_id = ? AND uid < 0 LIMIT 1')
      .pluck()
      .get(accountId) === 1
  );
}

/** The copies of Exchange without a place. */
export function homelessCopies(db: Database, accountId: AccountId): readonly number[] {
  return db
    .prepare<[AccountId], number>(
      `SELECT copy.id FROM copy JOIN folder ON folder.id = copy.folder_id
       WHERE copy.account_id = ? AND copy.uid < 0 AND folder.route = 'primary'`,
    )
    .pluck()
    .all(accountId);
}

/** Executes the part of a plan that needs nothing from the server. True: something was different. */
export function applyPlan(
  db: Database,
  folderId: FolderId,
  { updateFlags, remove }: Pick<FolderPlan, 'updateFlags' | 'remove'>,
): boolean {
  if (updateFlags.length + remove.length === 0) return false;
  db.transaction(() => {
    const update = db
      .prepare<[string, FolderId, number], MessageId>(
        'UPDATE copy SET flags = ? WHERE folder_id = ? AND uid = ? RETURNING message_id',
      )
      .pluck();
    for (const { uid, flags } of updateFlags) {
      const messageId = update.get(flags.join(' '), folderId, uid);
      if (messageId !== undefined) takeFlags(db, folderId, messageId, flags);
    }
    const displace = db.prepare('UPDATE copy SET uid = -id WHERE folder_id = ? AND uid = ?');
    for (const uid of remove) displace.run(folderId, uid);
  }).immediate();
  return true;
}

/** A pass over the folder is complete. */
export function completeFolder(
  db: Database,
  folderId: FolderId,
  pass: { readonly uidNext: number; readonly now: EpochMs; readonly modSeq?: bigint | null },
): void {
  db.prepare('UPDATE folder SET uid_next = ?, synced_at = ?, mod_seq = ? WHERE id = ?').run(
    pass.uidNext,
    pass.now,
    pass.modSeq?.toString() ?? null,
    folderId,
  );
}

/**
 * Folders of Exchange that are not among `paths` any more were renamed, deleted or left out by the policy: their messages
 * have lost their places. A list without any folder says nothing.
 */
export function leaveFolders(db: Database, accountId: AccountId, paths: readonly string[]): void {
  if (paths.length === 0) return;
  const kept = new Set(paths);
  const known = db
    .prepare<[AccountId], { id: FolderId; path: string }>(
      "SELECT id, path FROM folder WHERE account_id = ? AND route = 'primary'",
    )
    .all(accountId);
  db.transaction(() => {
    for (const { id } of known.filter(({ path }) => !kept.has(path))) {
      forgetSurvey(db, id);
      db.prepare('UPDATE copy SET uid = -id WHERE folder_id = ? AND uid > 0').run(id);
      db.prepare(
        'UPDATE folder SET uid_validity = NULL, uid_next = NULL, looked_through_at = NULL, missing_count = 0, oldest_missing_at = NULL WHERE id = ?',
      ).run(id);
      db.prepare(
        'DELETE FROM folder WHERE id = ? AND NOT EXISTS (SELECT 1 FROM copy WHERE folder_id = ?)',
      ).run(id, id);
    }
  }).immediate();
}

/** Every message of the folder was looked at. */
export function noteLookedThrough(db: Database, folderId: FolderId, now: EpochMs): void {
  db.prepare('UPDATE folder SET looked_through_at = ? WHERE id = ?').run(now, folderId);
}

/**
 * All folders of Exchange were asked: what has lost its place and was not met anywhere is gone, if it is among `copies`. Of
 * the mail before `since` nobody can say so, unless every message was looked at (`since` null).
 */
export function sweepHomeless(
  db: Database,
  accountId: AccountId,
  since: EpochMs | null,
  copies: readonly number[] = homelessCopies(db, accountId),
): boolean {
  return db
    .transaction(() => {
      const remove = db
        .prepare<[AccountId, number, EpochMs], MessageId>(
          `DELETE FROM copy WHERE account_id = ? AND id = ? AND uid < 0 AND internal_date >= ? AND EXISTS (
             SELECT 1 FROM folder WHERE folder.id = copy.folder_id AND folder.route = 'primary') RETURNING message_id`,
        )
        .pluck();
      // One message may have lost several copies.
      const gone = new Set(
        copies.flatMap((copy) => remove.all(accountId, copy, since ?? Number.MIN_SAFE_INTEGER)),
      );
      for (const messageId of gone) settleAfterRemoval(db, messageId);
      return gone.size > 0;
    })
    .immediate();
}

/** Of a folder of Exchange; null: there is none of that id. */
export function folderPlace(
  db: Database,
  folderId: FolderId,
): { readonly path: string; readonly role: FolderRole } | null {
  return (
    db
      .prepare<[FolderId], { path: string; role: FolderRole }>(
        "SELECT path, role FROM folder WHERE id = ? AND route = 'primary'",
      )
      .get(folderId) ?? null
  );
}

/** The id of a folder that has been synchronized. */
export function folderIdOf(db: Database, accountId: AccountId, route: Route, path: string): FolderId | null {
  return (
    db
      .prepare<[AccountId, Route, string], FolderId>(
        'SELECT id FROM folder WHERE account_id = ? AND route = ? AND path = ?',
      )
      .pluck()
      .get(accountId, route, path) ?? null
  );
}

/** Paths of the folders of a route that a pass was completed over. */
export function syncedPaths(db: Database, accountId: AccountId, route: Route): ReadonlySet<string> {
  return new Set(
    db
      .prepare<[AccountId, Route], string>(
        'SELECT path FROM folder WHERE account_id = ? AND route = ? AND synced_at IS NOT NULL AND uid_validity IS NOT NULL',
      )
      .pluck()
      .all(accountId, route),
  );
}

/** When the folder of Exchange that has waited longest was last looked through; null: one never was. */
export function lookedThroughSince(
  db: Database,
  accountId: AccountId,
  paths: readonly string[],
): EpochMs | null {
  const find = db
    .prepare<[AccountId, string], EpochMs | null>(
      "SELECT looked_through_at FROM folder WHERE account_id = ? AND route = 'primary' AND path = ?",
    )
    .pluck();
  const times = paths.map((path) => find.get(accountId, path) ?? null);
  return times.includes(null)
    ? null
    : times.reduce((oldest: number, at) => Math.min(oldest, at ?? 0), Number.MAX_SAFE_INTEGER);
}

/** When the Inbox last agreed with a server. */
export function lastSyncedAt(db: Database, accountId: AccountId): EpochMs | null {
  return (
    db
      .prepare<[AccountId], EpochMs | null>(
        "SELECT max(synced_at) FROM folder WHERE account_id = ? AND role = 'inbox'",
      )
      .pluck()
      .get(accountId) ?? null
  );
}

export interface FlagToPush {
  readonly uid: number;
  readonly flag: string;
  readonly isSet: boolean;
}

/** Flags of copies in the folder that the person has changed and the server does not have yet. */
export function flagsToPush(db: Database, folderId: FolderId): readonly FlagToPush[] {
  return db
    .prepare<[FolderId], { uid: number; flag: string; isSet: number; flags: string }>(
      `SELECT copy.uid, flag_change.flag, flag_change.is_set AS isSet, copy.flags FROM flag_change
       JOIN copy ON copy.message_id = flag_change.message_id
       WHERE copy.folder_id = ? AND copy.uid > 0 ORDER BY flag_change.id, copy.uid`,
    )
    .all(folderId)
    .map(({ flags, isSet, ...change }) => ({ ...change, isSet: isSet === 1, has: flagsOf(flags) }))
    .filter(({ flag, isSet, has }) => has.includes(flag) !== isSet)
    .map(({ uid, flag, isSet }) => ({ uid, flag, isSet }));
}

/** The server has taken the change. */
export function notePushed(db: Database, folderId: FolderId, { uid, flag, isSet }: FlagToPush): void {
  const row = db
    .prepare<[FolderId, number], { flags: string }>('SELECT flags FROM copy WHERE folder_id = ? AND uid = ?')
    .get(folderId, uid);
  if (row === undefined) return;
  const others = flagsOf(row.flags).filter((each) => each !== flag);
  const flags = (isSet ? [...others, flag] : others).sort().join(' ');
  db.prepare('UPDATE copy SET flags = ? WHERE folder_id = ? AND uid = ?').run(flags, folderId, uid);
}

/**
 * Forgets changes that every copy in Exchange has. A change of a message that Exchange does not have is kept until it
 * does, so that what was read in an outage is read afterwards too; the ledger tells of it then.
 */
export function dropPushedFlagChanges(db: Database, accountId: AccountId, now: EpochMs): void {
  const inExchange = `SELECT 1 FROM copy JOIN folder ON folder.id = copy.folder_id
    WHERE copy.message_id = flag_change.message_id AND folder.route = 'primary' AND copy.uid > 0`;
  const drop = db.prepare<[AccountId], SettledFlag>(
    `DELETE FROM flag_change WHERE account_id = ? AND EXISTS (${inExchange}) AND NOT EXISTS (
       ${inExchange} AND (instr(' ' || copy.flags || ' ', ' ' || flag_change.flag || ' ') > 0) <> flag_change.is_set)
     RETURNING message_id AS messageId, flag, is_set AS isSet, changed_at AS doneAt`,
  );
  db.transaction(() => {
    for (const { messageId, flag, isSet, doneAt } of drop.all(accountId)) {
      const change = flagWords[flag][isSet];
      noteChangeInLedger(db, messageId, { change, doneAt, reason: null }, now);
    }
  }).immediate();
}

interface SettledFlag {
  readonly messageId: MessageId;
  readonly flag: MessageFlag;
  readonly isSet: 0 | 1;
  readonly doneAt: EpochMs;
}

const flagWords: Readonly<Record<MessageFlag, readonly [LedgerChange, LedgerChange]>> = {
  '\\Seen': ['unread', 'read'],
  '\\Flagged': ['unflagged', 'flagged'],
  '\\Answered': ['unanswered', 'answered'],
};

/**
 * Gives a message the flags of its copy: not those that the person has changed meanwhile, and not those of a copy
 * elsewhere if there is one in the Inbox (mail to oneself is read in Sent Items from the start).
 */
function takeFlags(db: Database, folderId: FolderId, messageId: MessageId, flags: readonly string[]): void {
  const counts = db
    .prepare<[FolderId, MessageId, FolderId], number>(
      `SELECT (SELECT role FROM folder WHERE id = ?) = 'inbox' OR NOT EXISTS (
         SELECT 1 FROM copy JOIN folder ON folder.id = copy.folder_id
         WHERE copy.message_id = ? AND folder.role = 'inbox' AND folder.id <> ?)`,
    )
    .pluck()
    .get(folderId, messageId, folderId);
  if (counts !== 1) return;
  for (const [flag, column] of messageFlags)
    db.prepare(
      `UPDATE message SET ${column} = ? WHERE id = ?
         AND NOT EXISTS (SELECT 1 FROM flag_change WHERE message_id = message.id AND flag = ?)`,
    ).run(Number(flags.includes(flag)), messageId, flag);
  refreshConversation(db, conversationOf(db, messageId));
}

const messageFlags = [
  ['\\Seen', 'is_seen'],
  ['\\Flagged', 'is_flagged'],
  ['\\Answered', 'is_answered'],
] as const;

/** Removes the message if that was its last trace; its conversation leaves the views that only it belonged to. */
function settleAfterRemoval(db: Database, messageId: MessageId): void {
  const conversationId = conversationOf(db, messageId);
  removeMessageIfGone(db, messageId);
  const hasCopy = (role: 'inbox' | 'sent'): string =>
    `EXISTS (SELECT 1 FROM message JOIN standing ON standing.message_id = message.id
             WHERE message.conversation_id = conversation.id AND standing.role = '${role}')`;
  const hasOutgoing = `EXISTS (SELECT 1 FROM message JOIN outgoing ON outgoing.message_id = message.id
                               WHERE message.conversation_id = conversation.id)`;
  const hasReceived = `EXISTS (SELECT 1 FROM message JOIN journal ON journal.message_id = message.id
                               WHERE message.conversation_id = conversation.id AND journal.direction = 'received'
                                 AND journal.verified_at IS NULL)`;
  const isInUse = `EXISTS (
    SELECT 1 FROM message LEFT JOIN standing ON standing.message_id = message.id
    WHERE message.conversation_id = conversation.id AND coalesce(standing.role, '') NOT IN ('trash', 'junk', 'nowhere', 'drafts'))`;
  db.prepare(
    `UPDATE conversation SET in_inbox = ${hasCopy('inbox')} OR ${hasReceived},
                             in_sent = ${hasCopy('sent')} OR ${hasOutgoing},
                             is_put_away = NOT ${isInUse}
     WHERE id = ?`,
  ).run(conversationId);
}

function conversationOf(db: Database, messageId: MessageId): ConversationId {
  const id = db
    .prepare<[MessageId], ConversationId>('SELECT conversation_id FROM message WHERE id = ?')
    .pluck()
    .get(messageId);
  if (id === undefined) throw new Error('a copy has its message');
  return id;
}

function flagsOf(stored: string): readonly string[] {
  return stored === '' ? [] : stored.split(' ');
}
