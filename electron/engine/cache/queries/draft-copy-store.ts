import type { AccountId, ConversationId, DraftId, EpochMs, MessageId } from '../../../../shared/model/ids.ts';
import type { DraftElsewhere } from '../../../../shared/model/outgoing.ts';
import type { Route } from '../../../../shared/model/route.ts';
import type { Fingerprint } from '../../mime/fingerprint.ts';
import { compress, decompress } from '../compression.ts';
import type { Database } from '../database.ts';
import { removeMessageIfGone } from '../messages.ts';
import { addressesOf } from './draft-store.ts';

/** Where a draft stands in a Drafts folder, or may stand. */
export interface DraftCopy {
  readonly id: number;
  readonly draftId: DraftId;
  readonly route: Route;
  readonly path: string;
  readonly internetMessageId: string;
  /** Null: it was about to be put there, and was not seen since. */
  readonly place: { readonly uidValidity: number; readonly uid: number } | null;
  /** The `updatedAt` of the draft that it holds. */
  readonly version: EpochMs;
  /** False: another program made it. */
  readonly isOurs: boolean;
  readonly notedAt: EpochMs;
}

interface CopyRow extends Omit<DraftCopy, 'place' | 'isOurs'> {
  readonly uidValidity: number | null;
  readonly uid: number | null;
  readonly isOurs: number;
}

const columns = `id, draft_id AS draftId, route, path, internet_message_id AS internetMessageId, uid_validity AS uidValidity,
  uid, version, is_ours AS isOurs, noted_at AS notedAt`;

const copyOf = ({ uidValidity, uid, isOurs, ...row }: CopyRow): DraftCopy => ({
  ...row,
  place: uid === null || uidValidity === null ? null : { uidValidity, uid },
  isOurs: isOurs === 1,
});

/** All of the account's, in the order in which they were made. */
export function draftCopies(db: Database, accountId: AccountId): readonly DraftCopy[] {
  return db
    .prepare<[AccountId], CopyRow>(`SELECT ${columns} FROM draft_copy WHERE account_id = ? ORDER BY id`)
    .all(accountId)
    .map(copyOf);
}

/** What the copy said when it was last known to be as this draft was. */
export function fingerprintOfCopy(db: Database, id: number): Fingerprint | null {
  const stored = db
    .prepare<[number], Buffer>('SELECT fingerprint FROM draft_copy WHERE id = ?')
    .pluck()
    .get(id);
  return stored === undefined ? null : (JSON.parse(decompress(stored).toString('utf8')) as Fingerprint);
}

/** To be committed before the APPEND, or in the transaction that makes a draft of what stands there. Yields its id. */
export function noteDraftCopy(
  db: Database,
  accountId: AccountId,
  copy: Omit<DraftCopy, 'id'> & { readonly fingerprint: Fingerprint },
): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO draft_copy (account_id, draft_id, route, path, internet_message_id, uid_validity, uid, version,
                               fingerprint, is_ours, noted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      accountId,
      copy.draftId,
      copy.route,
      copy.path,
      copy.internetMessageId,
      copy.place?.uidValidity ?? null,
      copy.place?.uid ?? null,
      copy.version,
      compress(JSON.stringify(copy.fingerprint)),
      Number(copy.isOurs),
      copy.notedAt,
    );
  return Number(lastInsertRowid);
}

/** It was seen to stand there. */
export function noteDraftCopySeen(
  db: Database,
  id: number,
  { uidValidity, uid }: NonNullable<DraftCopy['place']>,
  now: EpochMs,
): void {
  db.prepare('UPDATE draft_copy SET uid_validity = ?, uid = ?, noted_at = ? WHERE id = ?').run(
    uidValidity,
    uid,
    now,
    id,
  );
}

/** It is not this draft's any more. What stands there under its name is a draft of its own. */
export function forgetDraftCopy(db: Database, id: number): void {
  db.prepare('DELETE FROM draft_copy WHERE id = ?').run(id);
}

/** It cannot be taken away, and stands beside the newer ones until the draft ends. */
export function leaveDraftCopy(db: Database, id: number): void {
  db.prepare('UPDATE draft_copy SET is_ours = 0 WHERE id = ?').run(id);
}

/** The server was seen to have it no more: sync need not find out, and nobody takes it for a draft of its own. */
export function removeDraftCopy(db: Database, accountId: AccountId, copy: DraftCopy): void {
  db.transaction(() => {
    forgetDraftCopy(db, copy.id);
    if (copy.place === null) return;
    const messageId = db
      .prepare<[AccountId, Route, string, number, string], MessageId>(
        `DELETE FROM copy WHERE uid <> 0 AND (folder_id, uid) IN (
           SELECT folder.id, copy.uid FROM folder JOIN copy ON copy.folder_id = folder.id
           JOIN message ON message.id = copy.message_id
           WHERE folder.account_id = ? AND folder.route = ? AND folder.path = ? AND copy.uid IN (?, -copy.id)
             AND message.internet_message_id = ?) RETURNING message_id`,
      )
      .pluck()
      .get(accountId, copy.route, copy.path, copy.place.uid, copy.internetMessageId);
    if (messageId !== undefined) removeMessageIfGone(db, messageId);
  }).immediate();
}

/** What another program has left in continuity's Drafts, as sync has met it there. */
export interface DraftLeft {
  readonly messageId: MessageId;
  /** One of our own where it came without, or with one that is none. */
  readonly internetMessageId: string;
  readonly uid: number;
  readonly uidValidity: number;
  readonly savedAt: EpochMs;
  /** That of the draft here which goes on with it; null: nobody does. */
  readonly copyId: number | null;
}

/** Those that are to be brought to Exchange: not what a laptop filed, which brings it itself, nor what has ended here. */
export function draftsLeft(db: Database, accountId: AccountId): readonly DraftLeft[] {
  return db
    .prepare<[AccountId], DraftLeft>(
      `SELECT message.id AS messageId, internet_message_id AS internetMessageId, max(copy.uid) AS uid,
              folder.uid_validity AS uidValidity, copy.internal_date AS savedAt,
              (SELECT draft_copy.id FROM draft_copy WHERE draft_copy.account_id = message.account_id
                 AND draft_copy.route = 'continuity'
                 AND draft_copy.internet_message_id = message.internet_message_id) AS copyId
       FROM server_draft JOIN message ON message.id = server_draft.message_id
       JOIN copy ON copy.message_id = message.id
       JOIN folder ON folder.id = copy.folder_id AND folder.role = 'drafts' AND folder.route = 'continuity'
       WHERE server_draft.account_id = ? AND internet_message_id NOT LIKE 'relevo-draft.%'
         AND copy.uid > 0 AND NOT EXISTS (SELECT 1 FROM draft_copy LEFT JOIN draft ON draft.id = draft_copy.draft_id
           WHERE draft_copy.account_id = message.account_id
             AND draft_copy.internet_message_id = message.internet_message_id
             AND (draft.id IS NULL OR draft.outgoing_id IS NOT NULL))
       GROUP BY message.id ORDER BY message.id`,
    )
    .all(accountId);
}

/** Continuity was seen to have it no more. */
export function forgetDraftLeft(db: Database, { messageId }: DraftLeft): void {
  db.transaction(() => {
    db.prepare(
      `DELETE FROM copy WHERE message_id = ? AND folder_id IN (
         SELECT id FROM folder WHERE role = 'drafts' AND route = 'continuity')`,
    ).run(messageId);
    removeMessageIfGone(db, messageId);
  }).immediate();
}

/** It stands in Exchange now. */
export function rehomeDraftCopy(
  db: Database,
  id: number,
  place: NonNullable<DraftCopy['place']> & Pick<DraftCopy, 'path' | 'internetMessageId' | 'notedAt'>,
): void {
  db.prepare(
    `UPDATE draft_copy SET route = 'primary', path = ?, internet_message_id = ?, uid_validity = ?, uid = ?, noted_at = ?
     WHERE id = ?`,
  ).run(place.path, place.internetMessageId, place.uidValidity, place.uid, place.notedAt, id);
}

/** Ids of the drafts that are there, `onItsWay` those that a message is made of. */
export function draftVersions(
  db: Database,
  accountId: AccountId,
): readonly {
  readonly id: DraftId;
  readonly version: EpochMs;
  readonly isOnItsWay: boolean;
  readonly isSuperseded: boolean;
}[] {
  return db
    .prepare<[AccountId], { id: DraftId; version: EpochMs; isOnItsWay: number; isSuperseded: number }>(
      `SELECT id, updated_at AS version, outgoing_id IS NOT NULL AS isOnItsWay,
              superseded_at IS NOT NULL AS isSuperseded FROM draft WHERE account_id = ?`,
    )
    .all(accountId)
    .map(({ isOnItsWay, isSuperseded, ...row }) => ({
      ...row,
      isOnItsWay: isOnItsWay === 1,
      isSuperseded: isSuperseded === 1,
    }));
}

/** It goes out of sight, unless it was changed since. Whoever goes on writing it brings it back. True: it did. */
export function supersedeDraft(db: Database, id: DraftId, version: EpochMs, now: EpochMs): boolean {
  return (
    db
      .prepare(
        'UPDATE draft SET superseded_at = ? WHERE id = ? AND updated_at = ? AND outgoing_id IS NULL AND superseded_at IS NULL',
      )
      .run(now, id, version).changes > 0
  );
}

/** Nobody has gone on writing them for so long. */
export function removeSuperseded(db: Database, accountId: AccountId, before: EpochMs): void {
  db.prepare('DELETE FROM draft WHERE account_id = ? AND superseded_at < ?').run(accountId, before);
}

/** Whether sync has asked the folder since then, and the copy was not where it had been. */
export function isMissedBySync(db: Database, accountId: AccountId, copy: DraftCopy): boolean {
  if (copy.place === null) return false;
  return (
    db
      .prepare<[AccountId, Route, string, EpochMs, number], 1>(
        `SELECT 1 FROM folder WHERE account_id = ? AND route = ? AND path = ? AND synced_at > ?
           AND NOT EXISTS (SELECT 1 FROM copy WHERE copy.folder_id = folder.id AND copy.uid = ?)`,
      )
      .pluck()
      .get(accountId, copy.route, copy.path, copy.notedAt, copy.place.uid) === 1
  );
}

interface ElsewhereRow {
  readonly internetMessageId: string;
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  readonly recipients: string;
  readonly subject: string;
  readonly snippet: string;
  readonly sentAt: EpochMs;
}

/**
 * Standing in a Drafts folder, and of no draft here. What a laptop has put into continuity's goes from there without our
 * seeing it, when that laptop comes back.
 */
const isElsewhere = `EXISTS (SELECT 1 FROM copy JOIN folder ON folder.id = copy.folder_id
    WHERE copy.message_id = message.id AND copy.uid > 0 AND folder.role = 'drafts'
      AND (folder.route = 'primary' OR message.internet_message_id NOT LIKE 'relevo-draft.%'
        OR EXISTS (SELECT 1 FROM outage WHERE outage.account_id = message.account_id AND ended_at IS NULL)))
  AND NOT EXISTS (SELECT 1 FROM draft_copy WHERE draft_copy.account_id = message.account_id
    AND draft_copy.internet_message_id = message.internet_message_id)`;

export function listDraftsElsewhere(
  db: Database,
  accountId: AccountId,
): readonly (DraftElsewhere & { readonly internetMessageId: string })[] {
  return db
    .prepare<[AccountId], ElsewhereRow>(
      `SELECT internet_message_id AS internetMessageId, message.id AS messageId, conversation_id AS conversationId, recipients, subject, snippet, sent_at AS sentAt
       FROM server_draft JOIN message ON message.id = server_draft.message_id
       WHERE server_draft.account_id = ? AND ${isElsewhere} ORDER BY sent_at DESC, message.id`,
    )
    .all(accountId)
    .map(({ recipients, sentAt, ...row }) => ({ ...row, to: addressesOf(recipients).to, savedAt: sentAt }));
}

/** Where a draft that was made elsewhere stands; null: it is none, or a draft here is made of it already. */
export function findDraftElsewhere(
  db: Database,
  accountId: AccountId,
  messageId: MessageId,
): Pick<DraftCopy, 'route' | 'path' | 'internetMessageId' | 'place'> | null {
  const row = db
    .prepare<
      [AccountId, MessageId],
      { route: Route; path: string; internetMessageId: string; uidValidity: number; uid: number }
    >(
      `SELECT folder.route, folder.path, message.internet_message_id AS internetMessageId, folder.uid_validity AS uidValidity, copy.uid
       FROM server_draft JOIN message ON message.id = server_draft.message_id
       JOIN copy ON copy.message_id = message.id AND copy.uid > 0
       JOIN folder ON folder.id = copy.folder_id AND folder.role = 'drafts'
       WHERE message.account_id = ? AND message.id = ? AND folder.uid_validity IS NOT NULL AND ${isElsewhere}
       ORDER BY folder.route DESC, copy.uid DESC`,
    )
    .get(accountId, messageId);
  if (row === undefined) return null;
  const { uidValidity, uid, ...rest } = row;
  return { ...rest, place: { uidValidity, uid } };
}

/** The message that a reply by these references answers, as far as it is in the copy. */
export function findReferred(
  db: Database,
  accountId: AccountId,
  references: readonly string[],
): MessageId | null {
  const last = references.at(-1);
  if (last === undefined) return null;
  return (
    db
      .prepare<[AccountId, string], MessageId>(
        `SELECT id FROM message WHERE account_id = ? AND internet_message_id = ?
           AND NOT EXISTS (SELECT 1 FROM server_draft WHERE message_id = message.id) ORDER BY id LIMIT 1`,
      )
      .pluck()
      .get(accountId, last) ?? null
  );
}
