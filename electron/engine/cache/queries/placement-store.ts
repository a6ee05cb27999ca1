import type { Decision, DecisionCode, MailFolder } from '../../../../shared/model/conversation.ts';
import type {
  AccountId,
  ConversationId,
  EpochMs,
  FolderId,
  MessageId,
} from '../../../../shared/model/ids.ts';
import type { FolderRole } from '../../mail/types.ts';
import type { SeenCopy, Wish } from '../../sync/operations/core/decide.ts';
import type { Database } from '../database.ts';
import { isShown, refreshConversation, removeMessageIfGone } from '../messages.ts';

/** Where a message is to stand; `nowhere`: it is to go for good. */
export type PlacementRole = Exclude<FolderRole, 'drafts'> | 'nowhere';

export interface Placement extends Wish {
  readonly messageId: MessageId;
  readonly actionId: string;
  readonly requestedAt: EpochMs;
  readonly toRole: PlacementRole;
  /** Null: the folder of that role, wherever it is. */
  readonly toPath: string | null;
  /** When Exchange was first told, without its having been seen since. */
  readonly startedAt: EpochMs | null;
  readonly attempts: number;
  readonly notBefore: EpochMs;
}

interface PlacementRow extends Omit<Placement, 'takes' | 'base' | 'wasFlagged'> {
  readonly takes: string;
  readonly base: string;
  readonly wasFlagged: number;
}

/** Kept only for what it knows. */
const never = Number.MAX_SAFE_INTEGER;

const columns = `message_id AS messageId, kind, action_id AS actionId, requested_at AS requestedAt, takes,
  to_role AS toRole, to_path AS toPath, base, was_flagged AS wasFlagged, started_at AS startedAt, attempts,
  not_before AS notBefore`;

const placementOf = ({ takes, base, wasFlagged, ...row }: PlacementRow): Placement => ({
  ...row,
  takes: takes.trim().split(' ') as FolderRole[],
  base: JSON.parse(base) as string[],
  wasFlagged: wasFlagged === 1,
});

export function findPlacement(db: Database, messageId: MessageId): Placement | null {
  const row = db
    .prepare<[MessageId], PlacementRow>(`SELECT ${columns} FROM placement WHERE message_id = ?`)
    .get(messageId);
  return row === undefined ? null : placementOf(row);
}

/** Nothing that is carried out at some time waits for longer: what seems to was put off by a clock that has been set back. */
const longestWaitMs = 3_600_000;

/** Those whose time has come, in the order in which they were wanted. Not before Exchange has what an outage brought. */
export function duePlacements(db: Database, accountId: AccountId, now: EpochMs): readonly Placement[] {
  return db
    .prepare<[AccountId, EpochMs, EpochMs], PlacementRow>(
      `SELECT ${columns} FROM placement
       WHERE account_id = ? AND not_before NOT BETWEEN ? AND ? AND not_before < ${never} AND NOT EXISTS (
         SELECT 1 FROM journal WHERE journal.message_id = placement.message_id AND verified_at IS NULL)
       ORDER BY requested_at, message_id`,
    )
    .all(accountId, now + 1, now + longestWaitMs)
    .map(placementOf);
}

/** When the next of those that wait for a time may be carried out; null: none waits. */
export function nextPlacementAt(db: Database, accountId: AccountId, now: EpochMs): EpochMs | null {
  return (
    db
      .prepare<[AccountId, EpochMs], EpochMs | null>(
        `SELECT min(not_before) FROM placement WHERE account_id = ? AND not_before > ? AND not_before < ${never}`,
      )
      .pluck()
      .get(accountId, now) ?? null
  );
}

/**
 * Notes a wish in place of an earlier one. What Exchange was told of that one it may have done: the new one knows those
 * places too, and looks first. To be called in a transaction; the conversation has to be refreshed afterwards.
 */
export function putPlacement(db: Database, accountId: AccountId, wish: Placement): void {
  const earlier = findPlacement(db, wish.messageId);
  const base = new Set([...wish.base, ...(earlier?.base ?? [])]);
  if (earlier !== null && earlier.startedAt !== null && earlier.toPath !== null) base.add(earlier.toPath);
  db.prepare(
    `INSERT OR REPLACE INTO placement (
       message_id, account_id, kind, action_id, requested_at, takes, to_role, to_path, base, was_flagged, started_at,
       attempts, not_before
     ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    wish.messageId,
    accountId,
    wish.kind,
    wish.actionId,
    wish.requestedAt,
    ` ${wish.takes.join(' ')} `,
    wish.toRole,
    wish.toPath,
    JSON.stringify([...base]),
    Number(wish.wasFlagged),
    wish.startedAt ?? earlier?.startedAt ?? null,
    wish.attempts,
    wish.notBefore,
  );
}

/** Forgets a wish: done, dropped or taken back. To be called in a transaction. */
export function removePlacement(db: Database, messageId: MessageId): void {
  const conversationId = conversationOf(db, messageId);
  db.prepare('DELETE FROM placement WHERE message_id = ?').run(messageId);
  if (conversationId === null || removeMessageIfGone(db, messageId)) return;
  refreshConversation(db, conversationId);
}

/**
 * The message is gone for good. What the outbox or the ledger names stays here, and goes on being wished away, so that
 * nobody sees it. To be called in a transaction.
 */
export function buryMessage(db: Database, accountId: AccountId, wish: Placement): void {
  removePlacement(db, wish.messageId);
  const conversationId = conversationOf(db, wish.messageId);
  if (conversationId === null) return;
  putPlacement(db, accountId, { ...wish, startedAt: null, notBefore: never });
  refreshConversation(db, conversationId);
}

/** To be committed before Exchange is told. */
export function notePlacementStarted(
  db: Database,
  messageId: MessageId,
  { toPath, now }: { readonly toPath: string | null; readonly now: EpochMs },
): void {
  db.prepare(
    'UPDATE placement SET started_at = ?, to_path = coalesce(?, to_path), attempts = attempts + 1 WHERE message_id = ?',
  ).run(now, toPath, messageId);
}

/** Exchange was seen since it was told: what the copies say is true again. */
export function notePlacementSeen(db: Database, messageId: MessageId): void {
  db.prepare('UPDATE placement SET started_at = NULL WHERE message_id = ?').run(messageId);
}

export function postponePlacement(db: Database, messageId: MessageId, until: EpochMs): void {
  db.prepare('UPDATE placement SET not_before = ? WHERE message_id = ?').run(until, messageId);
}

/** A copy in Exchange. */
export interface PrimaryPlace extends SeenCopy {
  readonly folderId: FolderId;
  readonly uid: number;
  readonly uidValidity: number | null;
  readonly internalDate: EpochMs;
}

export function primaryPlaces(db: Database, messageId: MessageId): readonly PrimaryPlace[] {
  return db
    .prepare<[MessageId], Omit<PrimaryPlace, 'isLost' | 'isFlagged'> & { readonly flags: string }>(
      `SELECT folder.path, folder.role, folder.id AS folderId, folder.uid_validity AS uidValidity, copy.uid, copy.flags,
              copy.internal_date AS internalDate
       FROM copy JOIN folder ON folder.id = copy.folder_id
       WHERE copy.message_id = ? AND folder.route = 'primary' ORDER BY copy.id`,
    )
    .all(messageId)
    .map(({ flags, ...copy }) => ({
      ...copy,
      isLost: copy.uid < 0,
      isFlagged: flags.split(' ').includes('\\Flagged'),
    }));
}

/** The copy is not where it was: it waits to be met again. */
export function displaceCopy(db: Database, folderId: FolderId, uid: number): void {
  db.prepare('UPDATE copy SET uid = -id WHERE folder_id = ? AND uid = ?').run(folderId, uid);
}

/** Copies that are nowhere any more, since they were taken away for good. */
export function forgetLostCopies(db: Database, messageId: MessageId): void {
  db.prepare(
    `DELETE FROM copy WHERE message_id = ? AND uid < 0 AND folder_id IN (
       SELECT id FROM folder WHERE account_id = (SELECT account_id FROM message WHERE id = ?) AND route = 'primary')`,
  ).run(messageId, messageId);
}

export interface MessageToPlace {
  readonly messageId: MessageId;
  readonly isFlagged: boolean;
}

/** The messages of a conversation that the person sees in a folder of one of the roles. */
export function messagesStandingIn(
  db: Database,
  conversationId: ConversationId,
  roles: readonly FolderRole[],
): readonly MessageToPlace[] {
  return db
    .prepare<[ConversationId, string], { messageId: MessageId; isFlagged: number }>(
      `SELECT message.id AS messageId, is_flagged AS isFlagged FROM message
       WHERE conversation_id = ? AND ${isShown} AND EXISTS (
         SELECT 1 FROM standing WHERE standing.message_id = message.id
           AND standing.role IN (SELECT value FROM json_each(?)))`,
    )
    .all(conversationId, JSON.stringify(roles))
    .map(({ messageId, isFlagged }) => ({ messageId, isFlagged: isFlagged === 1 }));
}

/** Where Exchange keeps the Message-ID. */
export function internetMessageIdOf(db: Database, messageId: MessageId): string | null {
  return (
    db
      .prepare<[MessageId], string>('SELECT internet_message_id FROM message WHERE id = ?')
      .pluck()
      .get(messageId) ?? null
  );
}

export function conversationOf(db: Database, messageId: MessageId): ConversationId | null {
  return (
    db
      .prepare<[MessageId], ConversationId>('SELECT conversation_id FROM message WHERE id = ?')
      .pluck()
      .get(messageId) ?? null
  );
}

/** Folders of Exchange that mail can be moved to, those with a purpose first. */
export function mailFolders(db: Database, accountId: AccountId): readonly MailFolder[] {
  const order = ['inbox', 'archive', 'other', 'junk', 'trash'];
  return db
    .prepare<[AccountId], MailFolder>(
      `SELECT path, role FROM folder WHERE account_id = ? AND route = 'primary' AND role NOT IN ('sent', 'drafts')`,
    )
    .all(accountId)
    .sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role) || a.path.localeCompare(b.path));
}

/** Notes that something is not as the person wanted it. To be called before the message may go. */
export function noteDecision(db: Database, messageId: MessageId, code: DecisionCode, now: EpochMs): void {
  db.prepare(
    `INSERT INTO decision (account_id, code, topic, decided_at)
     SELECT message.account_id, ?, conversation.topic, ? FROM message
     JOIN conversation ON conversation.id = message.conversation_id WHERE message.id = ?`,
  ).run(code, now, messageId);
}

/** What the person was not told yet, oldest first. */
export function listDecisions(db: Database, accountId: AccountId): readonly Decision[] {
  return db
    .prepare<[AccountId], Decision>('SELECT id, code, topic FROM decision WHERE account_id = ? ORDER BY id')
    .all(accountId);
}

/** The person was told of these, and of all before. */
export function forgetDecisions(db: Database, accountId: AccountId, upTo: number): void {
  db.prepare('DELETE FROM decision WHERE account_id = ? AND id <= ?').run(accountId, upTo);
}
