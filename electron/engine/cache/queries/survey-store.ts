import { createHash } from 'node:crypto';
import type { AccountId, ConversationId, EpochMs, FolderId } from '../../../../shared/model/ids.ts';
import type { Completeness } from '../../../../shared/model/sync.ts';
import type { Surveyed, UidRange } from '../../sync/core/look-through.ts';
import type { Placed } from '../../sync/core/plan.ts';
import type { Database } from '../database.ts';
import { isPinned } from './pin-store.ts';

export interface SurveyedMessage extends Surveyed {
  /** See `conversation/threading.ts`. */
  readonly keys: readonly string[];
}

/** Copies of a folder by their UIDs, lowest first. */
export function copiesBetween(db: Database, folderId: FolderId, { from, to }: UidRange): readonly Placed[] {
  return db
    .prepare<[FolderId, number, number], { uid: number; flags: string }>(
      'SELECT uid, flags FROM copy WHERE folder_id = ? AND uid BETWEEN ? AND ? ORDER BY uid',
    )
    .all(folderId, from, to)
    .map(({ uid, flags }) => ({ uid, flags: flags === '' ? [] : flags.split(' ') }));
}

export function surveyedBetween(
  db: Database,
  folderId: FolderId,
  { from, to }: UidRange,
): readonly Surveyed[] {
  return db
    .prepare<[FolderId, number, number], { uid: number; internalDate: EpochMs; isFlagged: number }>(
      `SELECT uid, internal_date AS internalDate, is_flagged AS isFlagged FROM surveyed
       WHERE folder_id = ? AND uid BETWEEN ? AND ?`,
    )
    .all(folderId, from, to)
    .map(({ isFlagged, ...message }) => ({ ...message, isFlagged: isFlagged === 1 }));
}

/** Notes messages that are not to be copied now. */
export function recordSurveyed(
  db: Database,
  place: { readonly accountId: AccountId; readonly folderId: FolderId },
  messages: readonly SurveyedMessage[],
): void {
  const insert = db.prepare(
    `INSERT INTO surveyed (account_id, folder_id, uid, internal_date, is_flagged) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const tie = db.prepare(
    'INSERT INTO surveyed_key (account_id, key, folder_id, uid) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  db.transaction(() => {
    for (const { uid, internalDate, isFlagged, keys } of messages) {
      insert.run(place.accountId, place.folderId, uid, internalDate, Number(isFlagged));
      for (const key of keys) tie.run(place.accountId, hashOf(key), place.folderId, uid);
    }
  }).immediate();
}

/** The part of a look through a stretch that needs nothing more from the server. */
export function correctSurvey(
  db: Database,
  folderId: FolderId,
  { forget, flag }: { readonly forget: readonly number[]; readonly flag: readonly Surveyed[] },
): void {
  if (forget.length + flag.length === 0) return;
  db.transaction(() => {
    const remove = db.prepare('DELETE FROM surveyed WHERE folder_id = ? AND uid = ?');
    for (const uid of forget) remove.run(folderId, uid);
    const update = db.prepare('UPDATE surveyed SET is_flagged = ? WHERE folder_id = ? AND uid = ?');
    for (const { uid, isFlagged } of flag) update.run(Number(isFlagged), folderId, uid);
  }).immediate();
}

/** UIDVALIDITY has changed: no UID means anything any more. */
export function forgetSurvey(db: Database, folderId: FolderId): void {
  db.prepare('DELETE FROM surveyed WHERE folder_id = ?').run(folderId);
}

/** The server gave nothing for these; they are not asked for again before `until`. */
export function noteWithheld(
  db: Database,
  folderId: FolderId,
  uids: readonly number[],
  until: EpochMs,
): void {
  const note = db.prepare('UPDATE surveyed SET withheld_until = ? WHERE folder_id = ? AND uid = ?');
  for (const uid of uids) note.run(until, folderId, uid);
}

/** Whether a copy of something that came to Exchange since then is here. */
export function hasArrivedSince(db: Database, accountId: AccountId, since: EpochMs): boolean {
  return (
    db
      .prepare<[AccountId, EpochMs], 1>(
        `SELECT 1 FROM copy JOIN folder ON folder.id = copy.folder_id
         WHERE copy.account_id = ? AND folder.route = 'primary' AND copy.internal_date >= ? LIMIT 1`,
      )
      .pluck()
      .get(accountId, since) === 1
  );
}

/** When the newest came of which there is a copy here; null: none. */
export function newestArrival(db: Database, accountId: AccountId): EpochMs | null {
  return (
    db
      .prepare<[AccountId], EpochMs | null>(
        `SELECT max(copy.internal_date) FROM copy JOIN folder ON folder.id = copy.folder_id
         WHERE copy.account_id = ? AND folder.route = 'primary'`,
      )
      .pluck()
      .get(accountId) ?? null
  );
}

/** UIDs that the server did not give, and when they are asked for again. */
export function withheldIn(db: Database, folderId: FolderId): ReadonlyMap<number, EpochMs> {
  const rows = db
    .prepare<[FolderId], { uid: number; until: EpochMs }>(
      'SELECT uid, withheld_until AS until FROM surveyed WHERE folder_id = ? AND withheld_until IS NOT NULL',
    )
    .all(folderId);
  return new Map(rows.map(({ uid, until }) => [uid, until]));
}

/** Keys of the conversations that are kept whole: one of their messages was written or came since then, or they are pinned. */
export function keysOfKeptConversations(
  db: Database,
  accountId: AccountId,
  since: EpochMs,
): readonly string[] {
  return db
    .prepare<[AccountId, EpochMs, EpochMs], string>(
      `SELECT conversation_key.key FROM conversation
       JOIN conversation_key ON conversation_key.conversation_id = conversation.id
       WHERE conversation.account_id = ? AND (conversation.latest_at >= ? OR ${isPinned} OR EXISTS (
         SELECT 1 FROM message JOIN copy ON copy.message_id = message.id
         WHERE message.conversation_id = conversation.id AND copy.internal_date >= ?))`,
    )
    .pluck()
    .all(accountId, since, since);
}

export function keysOfConversation(db: Database, conversationId: ConversationId): readonly string[] {
  return db
    .prepare<[ConversationId], string>('SELECT key FROM conversation_key WHERE conversation_id = ?')
    .pluck()
    .all(conversationId);
}

/** A message that should be here and is not. */
export interface MissingMessage {
  readonly folderId: FolderId;
  readonly uid: number;
  readonly internalDate: EpochMs;
  /** Not to be asked for before this time; null: now. */
  readonly withheldUntil: EpochMs | null;
}

const missingColumns =
  'surveyed.folder_id AS folderId, surveyed.uid, internal_date AS internalDate, withheld_until AS withheldUntil';

/** Of the surveyed messages, those that share one of the keys. */
export function surveyedWith(
  db: Database,
  accountId: AccountId,
  keys: readonly string[],
): readonly MissingMessage[] {
  const find = db.prepare<[AccountId, number], MissingMessage>(
    `SELECT ${missingColumns} FROM surveyed_key
     JOIN surveyed ON surveyed.folder_id = surveyed_key.folder_id AND surveyed.uid = surveyed_key.uid
     WHERE surveyed_key.account_id = ? AND surveyed_key.key = ?`,
  );
  return keys.flatMap((key) => find.all(accountId, hashOf(key)));
}

/**
 * Of the surveyed messages, those that are wanted whatever their conversation: flagged, withheld by the server, a draft, or
 * in a pinned folder.
 */
export function surveyedAndWanted(db: Database, accountId: AccountId): readonly MissingMessage[] {
  const flagged = db.prepare<[AccountId], MissingMessage>(
    `SELECT ${missingColumns} FROM surveyed WHERE account_id = ? AND is_flagged = 1`,
  );
  const withheld = db.prepare<[AccountId], MissingMessage>(
    `SELECT ${missingColumns} FROM folder JOIN surveyed ON surveyed.folder_id = folder.id
     WHERE folder.account_id = ? AND withheld_until IS NOT NULL`,
  );
  const always = db.prepare<[AccountId], MissingMessage>(
    `SELECT ${missingColumns} FROM folder JOIN surveyed ON surveyed.folder_id = folder.id
     WHERE folder.account_id = ? AND folder.route = 'primary' AND (folder.role = 'drafts' OR EXISTS (
       SELECT 1 FROM pin
       WHERE pin.account_id = folder.account_id AND pin.kind = 'folder' AND pin.what = folder.path))`,
  );
  return [flagged, withheld, always].flatMap((wanted) => wanted.all(accountId));
}

/** 48 bits, which JavaScript's numbers hold exactly. */
function hashOf(key: string): number {
  return createHash('sha256').update(key).digest().readUIntBE(0, 6);
}

/** Notes, for each folder of Exchange, what should be here and is not. */
export function noteMissing(db: Database, accountId: AccountId, missing: readonly MissingMessage[]): void {
  const byFolder = Map.groupBy(missing, ({ folderId }) => folderId);
  const note = db.prepare('UPDATE folder SET missing_count = ?, oldest_missing_at = ? WHERE id = ?');
  db.transaction(() => {
    for (const id of foldersOfExchange(db, accountId)) {
      const dates = (byFolder.get(id) ?? []).map(({ internalDate }) => internalDate);
      note.run(dates.length, dates.length === 0 ? null : Math.min(...dates), id);
    }
  }).immediate();
}

function foldersOfExchange(db: Database, accountId: AccountId): readonly FolderId[] {
  return db
    .prepare<[AccountId], FolderId>("SELECT id FROM folder WHERE account_id = ? AND route = 'primary'")
    .pluck()
    .all(accountId);
}

/** As of the last look through all folders; null: there was none. */
export function lastCompleteness(db: Database, accountId: AccountId): Completeness | null {
  const unknown = db
    .prepare<[AccountId], number>(
      `SELECT count(*) = 0 OR sum(looked_through_at IS NULL) > 0 FROM folder
       WHERE account_id = ? AND route = 'primary'`,
    )
    .pluck()
    .get(accountId);
  return unknown === 0 ? completenessOf(db, accountId) : null;
}

/** How complete the copy of Exchange is, in all. */
export function completenessOf(db: Database, accountId: AccountId): Completeness {
  const row = db
    .prepare<[AccountId, AccountId], Completeness>(
      `SELECT
         (SELECT count(*) FROM copy JOIN folder ON folder.id = copy.folder_id
          WHERE folder.account_id = ? AND folder.route = 'primary' AND copy.uid > 0) AS copied,
         coalesce(sum(missing_count), 0) AS missing, min(oldest_missing_at) AS oldestMissingAt
       FROM folder WHERE account_id = ? AND route = 'primary'`,
    )
    .get(accountId, accountId);
  return row ?? { copied: 0, missing: 0, oldestMissingAt: null };
}
