import type { AccountId, ConversationId } from '../../../../shared/model/ids.ts';
import type { Pin, PinTarget } from '../../../../shared/model/pin.ts';
import type { Database } from '../database.ts';

/** Whether a row of `conversation` belongs to what the person keeps whole. */
export const isPinned = `(
  EXISTS (SELECT 1 FROM pin WHERE pin.conversation_id = conversation.id)
  OR EXISTS (
    SELECT 1 FROM message CROSS JOIN pin ON pin.account_id = message.account_id AND pin.kind = 'correspondent'
    WHERE message.conversation_id = conversation.id
      AND (lower(message.from_address) = pin.what OR instr(lower(message.recipients), '"' || pin.what || '"') > 0))
  OR EXISTS (
    SELECT 1 FROM message CROSS JOIN copy ON copy.message_id = message.id
    CROSS JOIN folder ON folder.id = copy.folder_id
    CROSS JOIN pin ON pin.account_id = folder.account_id AND pin.kind = 'folder' AND pin.what = folder.path
    WHERE message.conversation_id = conversation.id AND folder.route = 'primary'))`;

/** Pinning twice is pinning once. False: the account has no such conversation. */
export function addPin(db: Database, accountId: AccountId, target: PinTarget): boolean {
  const conversationId = target.kind === 'conversation' ? target.conversationId : null;
  const isThere = db.prepare('SELECT 1 FROM conversation WHERE account_id = ? AND id = ?');
  if (conversationId !== null && isThere.get(accountId, conversationId) === undefined) return false;
  db.prepare(
    'INSERT INTO pin (account_id, kind, conversation_id, what) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  ).run(accountId, target.kind, conversationId, whatOf(target));
  return true;
}

/** True: it was pinned. */
export function removePin(db: Database, accountId: AccountId, target: PinTarget): boolean {
  const { changes } =
    target.kind === 'conversation'
      ? db
          .prepare('DELETE FROM pin WHERE account_id = ? AND conversation_id = ?')
          .run(accountId, target.conversationId)
      : db
          .prepare('DELETE FROM pin WHERE account_id = ? AND kind = ? AND what = ?')
          .run(accountId, target.kind, whatOf(target));
  return changes > 0;
}

/** Conversations by their topics, then correspondents and folders. */
export function listPins(db: Database, accountId: AccountId): readonly Pin[] {
  return db
    .prepare<[AccountId], PinRow>(
      `SELECT kind, pin.conversation_id AS conversationId, coalesce(what, topic) AS name FROM pin
       LEFT JOIN conversation ON conversation.id = pin.conversation_id
       WHERE pin.account_id = ? ORDER BY kind, name COLLATE NOCASE, pin.id`,
    )
    .all(accountId)
    .map((row) => ({ target: targetOf(row), name: row.name }));
}

interface PinRow {
  readonly kind: PinTarget['kind'];
  readonly conversationId: ConversationId | null;
  readonly name: string;
}

function targetOf({ kind, conversationId, name }: PinRow): PinTarget {
  if (conversationId !== null) return { kind: 'conversation', conversationId };
  return kind === 'folder' ? { kind, path: name } : { kind: 'correspondent', address: name };
}

/** Addresses, in lower case, all of whose mail is kept. */
export function pinnedCorrespondents(db: Database, accountId: AccountId): readonly string[] {
  return db
    .prepare<[AccountId], string>("SELECT what FROM pin WHERE account_id = ? AND kind = 'correspondent'")
    .pluck()
    .all(accountId);
}

/** To be called in the transaction that makes two conversations one. */
export function mergePins(db: Database, from: ConversationId, into: ConversationId): void {
  db.prepare('UPDATE OR IGNORE pin SET conversation_id = ? WHERE conversation_id = ?').run(into, from);
}

function whatOf(target: PinTarget): string | null {
  if (target.kind === 'conversation') return null;
  return target.kind === 'folder' ? target.path : target.address.toLowerCase();
}
