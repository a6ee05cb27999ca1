import type { Address } from '../../../../shared/model/address.ts';
import type {
  AccountId,
  ConversationId,
  EpochMs,
  InternetMessageId,
  MessageId,
  OutgoingId,
} from '../../../../shared/model/ids.ts';
import type { OutgoingState, OutgoingSummary } from '../../../../shared/model/outgoing.ts';
import type { Route } from '../../../../shared/model/route.ts';
import type { Envelope } from '../../mail/types.ts';
import { type OwnedBy, type Owner, owned } from '../../owner.ts';
import type { Database } from '../database.ts';

/** A message to be queued. */
export interface NewOutgoing {
  readonly id: OutgoingId;
  readonly accountId: AccountId;
  readonly messageId: MessageId;
  readonly envelope: Envelope;
  readonly mime: Uint8Array;
  readonly createdAt: EpochMs;
}

/** Queues a message. Its bytes never change afterwards. */
export function insertOutgoing(db: Database, message: NewOutgoing): void {
  db.prepare(
    `INSERT INTO outgoing (id, account_id, message_id, state, envelope_from, envelope_to, mime, created_at, not_before)
     VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?)`,
  ).run(
    message.id,
    message.accountId,
    message.messageId,
    message.envelope.from,
    JSON.stringify(message.envelope.to),
    message.mime,
    message.createdAt,
    message.createdAt,
  );
}

/** What a submission needs; the bytes as they were frozen. Of one account, and only that one can send it. */
export interface FrozenMessage<A> extends OwnedBy<A> {
  readonly envelope: Envelope;
  readonly mime: Uint8Array;
}

/** A throw is a bug: an outgoing message is never removed, and never another account's. */
export function frozenMessage<A>(db: Database, owner: Owner<A>, id: OutgoingId): FrozenMessage<A> {
  const row = db
    .prepare<[AccountId, OutgoingId], { readonly from: string; readonly to: string; readonly mime: Buffer }>(
      'SELECT envelope_from AS "from", envelope_to AS "to", mime FROM outgoing WHERE account_id = ? AND id = ?',
    )
    .get(owner.accountId, id);
  if (row === undefined) throw new Error('no such outgoing message of this account');
  return owned(owner, {
    envelope: { from: row.from, to: JSON.parse(row.to) as string[] },
    mime: row.mime,
  });
}

/** Null for an id that is unknown. */
export function accountOfOutgoing(db: Database, id: OutgoingId): AccountId | null {
  const find = db.prepare<[OutgoingId], AccountId>('SELECT account_id FROM outgoing WHERE id = ?').pluck();
  return find.get(id) ?? null;
}

export interface QueuedMessage {
  readonly id: OutgoingId;
  /** The address of the identity that it was written as. */
  readonly from: string;
  readonly createdAt: EpochMs;
  readonly notBefore: EpochMs;
}

export function queuedMessages(db: Database, accountId: AccountId): readonly QueuedMessage[] {
  return db
    .prepare<[AccountId], QueuedMessage>(
      `SELECT outgoing.id, message.from_address AS "from", created_at AS createdAt, not_before AS notBefore
       FROM outgoing JOIN message ON message.id = outgoing.message_id
       WHERE outgoing.account_id = ? AND state = 'queued' ORDER BY created_at, outgoing.id`,
    )
    .all(accountId);
}

/** Ends every pause: another route is worth a try at once. */
export function endPauses(db: Database, accountId: AccountId, now: EpochMs): void {
  db.prepare("UPDATE outgoing SET not_before = ? WHERE account_id = ? AND state = 'queued'").run(
    now,
    accountId,
  );
}

export function pauseUntil(db: Database, id: OutgoingId, notBefore: EpochMs): void {
  db.prepare('UPDATE outgoing SET not_before = ? WHERE id = ?').run(notBefore, id);
}

export type AttemptId = number & { readonly attempt: unique symbol };

/** Written before the network hears of it. */
export function insertAttempt(db: Database, id: OutgoingId, route: Route, now: EpochMs): AttemptId {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO outgoing_attempt (account_id, outgoing_id, route, started_at)
       SELECT account_id, id, ?, ? FROM outgoing WHERE id = ?`,
    )
    .run(route, now, id);
  return Number(lastInsertRowid) as AttemptId;
}

export function noteDataBegan(db: Database, attempt: AttemptId, now: EpochMs): void {
  db.prepare('UPDATE outgoing_attempt SET handed_over_at = ? WHERE id = ?').run(now, attempt);
}

export function endAttempt(
  db: Database,
  attempt: AttemptId,
  end: {
    readonly at: EpochMs;
    readonly outcome: 'accepted' | 'rejected' | 'deferred' | 'unknown';
    readonly response: string | null;
  },
): void {
  db.prepare('UPDATE outgoing_attempt SET ended_at = ?, outcome = ?, response = ? WHERE id = ?').run(
    end.at,
    end.outcome,
    end.response,
    attempt,
  );
}

/** Ends what a crash left open: put off if DATA had not begun, else of unknown outcome. */
export function endAttemptsLeftOpen(db: Database, accountId: AccountId, now: EpochMs): void {
  db.prepare(
    `UPDATE outgoing_attempt SET ended_at = ?, outcome = iif(handed_over_at IS NULL, 'deferred', 'unknown')
     WHERE account_id = ? AND ended_at IS NULL`,
  ).run(now, accountId);
}

export interface OutgoingRecord {
  readonly accountId: AccountId;
  readonly messageId: MessageId;
  readonly state: OutgoingState;
  /** Of the newest attempt; null before the first. */
  readonly route: Route | null;
}

export function findOutgoing(db: Database, id: OutgoingId): OutgoingRecord | null {
  const row = db
    .prepare<[OutgoingId], OutgoingRecord>(
      `SELECT account_id AS accountId, message_id AS messageId, state,
              (SELECT route FROM outgoing_attempt WHERE outgoing_id = outgoing.id ORDER BY id DESC LIMIT 1) AS route
       FROM outgoing WHERE id = ?`,
    )
    .get(id);
  return row ?? null;
}

export function setOutgoingState(db: Database, id: OutgoingId, state: OutgoingState): void {
  db.prepare('UPDATE outgoing SET state = ? WHERE id = ?').run(state, id);
}

export function outgoingIn(
  db: Database,
  accountId: AccountId,
  states: readonly OutgoingState[],
): readonly OutgoingId[] {
  return db
    .prepare<[AccountId, string], OutgoingId>(
      `SELECT id FROM outgoing WHERE account_id = ? AND state IN (SELECT value FROM json_each(?))
       ORDER BY created_at, id`,
    )
    .pluck()
    .all(accountId, JSON.stringify(states));
}

/** A message that a server took or may have taken, and the attempt by which it did. */
export interface HandedMessage<A> extends OwnedBy<A> {
  readonly id: OutgoingId;
  readonly messageId: MessageId;
  readonly internetMessageId: InternetMessageId;
  readonly state: 'handedOver' | 'uncertain' | 'accepted';
  readonly createdAt: EpochMs;
  /** The Date header's time. */
  readonly sentAt: EpochMs;
  readonly route: Route;
  readonly endedAt: EpochMs;
}

/** Messages whose place in a Sent folder is still to be settled: taken but not filed, or possibly taken. */
export function messagesToSettle<A>(db: Database, owner: Owner<A>): readonly HandedMessage<A>[] {
  return db
    .prepare<[AccountId], HandedMessage<A>>(
      `SELECT outgoing.id, outgoing.message_id AS messageId, message.internet_message_id AS internetMessageId,
              outgoing.state, outgoing.created_at AS createdAt, message.sent_at AS sentAt, attempt.route,
              attempt.ended_at AS endedAt
       FROM outgoing JOIN message ON message.id = outgoing.message_id
       JOIN outgoing_attempt AS attempt ON attempt.id =
         (SELECT max(id) FROM outgoing_attempt WHERE outgoing_id = outgoing.id AND outcome IN ('accepted', 'unknown'))
       WHERE outgoing.account_id = ? AND (outgoing.state IN ('handedOver', 'uncertain')
         OR (outgoing.state = 'accepted' AND outgoing.filed_at IS NULL))
         AND NOT EXISTS (SELECT 1 FROM outgoing_attempt WHERE outgoing_id = outgoing.id AND ended_at IS NULL)
       ORDER BY outgoing.created_at, outgoing.id`,
    )
    .all(owner.accountId);
}

/** Whether sync has met the message in the Sent folder of a route. */
export function isKnownInSent(db: Database, messageId: MessageId, route: Route): boolean {
  return (
    db
      .prepare(
        `SELECT 1 FROM copy JOIN folder ON folder.id = copy.folder_id
         WHERE copy.message_id = ? AND folder.route = ? AND folder.role = 'sent'`,
      )
      .get(messageId, route) !== undefined
  );
}

export function setFiled(db: Database, id: OutgoingId, at: EpochMs): void {
  db.prepare('UPDATE outgoing SET filed_at = ? WHERE id = ?').run(at, id);
}

/** An outgoing message as far as the database knows it, and the identity that it was written as. */
export interface ListedOutgoing extends Omit<OutgoingSummary, 'waitsFor'> {
  readonly from: string;
}

/** Everything not yet accepted or discarded, oldest first. */
export function listOutgoing(db: Database, accountId: AccountId): readonly ListedOutgoing[] {
  return db
    .prepare<[AccountId], OutgoingRow>(
      `SELECT outgoing.id, outgoing.account_id AS accountId, message.conversation_id AS conversationId,
              message.id AS messageId, message.internet_message_id AS internetMessageId, outgoing.state,
              message.from_address AS "from", message.recipients, message.subject,
              outgoing.created_at AS createdAt, newest.route,
              (SELECT count(*) FROM outgoing_attempt WHERE outgoing_id = outgoing.id) AS attempts,
              coalesce(newest.ended_at, newest.started_at) AS lastAttemptAt, newest.response AS lastResponse
       FROM outgoing JOIN message ON message.id = outgoing.message_id
       LEFT JOIN outgoing_attempt AS newest ON newest.id =
         (SELECT max(id) FROM outgoing_attempt WHERE outgoing_id = outgoing.id)
       WHERE outgoing.account_id = ? AND outgoing.state NOT IN ('accepted', 'discarded')
       ORDER BY outgoing.created_at, outgoing.id`,
    )
    .all(accountId)
    .map(({ recipients, ...row }) => ({
      ...row,
      to: (JSON.parse(recipients) as { readonly to: readonly Address[] }).to,
    }));
}

interface OutgoingRow extends Omit<ListedOutgoing, 'to'> {
  readonly conversationId: ConversationId;
  readonly recipients: string;
}
