import type { ErrorCode } from '../../../../shared/errors.ts';
import type { Address } from '../../../../shared/model/address.ts';
import type {
  AccountId,
  EpochMs,
  InternetMessageId,
  MessageId,
  OutgoingId,
} from '../../../../shared/model/ids.ts';
import type {
  DeliveryReport,
  HeldMessage,
  OutgoingState,
  OutgoingSummary,
} from '../../../../shared/model/outgoing.ts';
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
  /** Null: it is to leave at once. */
  readonly held: HeldMessage | null;
  /** The message that became answered by this one. */
  readonly answers: MessageId | null;
}

/** Queues a message, or holds it. Its bytes never change afterwards. */
export function insertOutgoing(db: Database, message: NewOutgoing): void {
  db.prepare(
    `INSERT INTO outgoing (id, account_id, message_id, state, envelope_from, envelope_to, mime, created_at, not_before,
                           changed_at, hold, held_until, answers)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    message.id,
    message.accountId,
    message.messageId,
    message.held === null ? 'queued' : 'held',
    message.envelope.from,
    JSON.stringify(message.envelope.to),
    message.mime,
    message.createdAt,
    message.createdAt,
    message.createdAt,
    message.held?.hold ?? null,
    message.held?.heldUntil ?? null,
    message.answers,
  );
}

/** What a submission needs; the bytes as they were frozen. Of one account, and only that one can send it. */
export interface FrozenMessage<A> extends OwnedBy<A> {
  readonly envelope: Envelope;
  readonly mime: Uint8Array;
}

/** Without those recipients that a server has taken or refused. A throw is a bug: an outgoing message is never removed. */
export function frozenMessage<A>(db: Database, owner: Owner<A>, id: OutgoingId): FrozenMessage<A> {
  const row = db
    .prepare<[AccountId, OutgoingId], { readonly from: string; readonly to: string; readonly mime: Buffer }>(
      `SELECT envelope_from AS "from", mime,
              (SELECT json_group_array(value ORDER BY key) FROM json_each(envelope_to) WHERE value NOT IN (
                 SELECT address FROM outgoing_recipient WHERE outgoing_id = outgoing.id AND outcome IN ('taken', 'refused')
               )) AS "to"
       FROM outgoing WHERE account_id = ? AND id = ?`,
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

/** What is held, the one that leaves first at the head. */
export function heldMessages(
  db: Database,
  accountId: AccountId,
): readonly (HeldMessage & { readonly id: OutgoingId })[] {
  return db
    .prepare<[AccountId], HeldMessage & { readonly id: OutgoingId }>(
      `SELECT id, hold, held_until AS heldUntil FROM outgoing
       WHERE account_id = ? AND state = 'held' ORDER BY held_until, id`,
    )
    .all(accountId);
}

export interface QueuedMessage {
  readonly id: OutgoingId;
  /** The address of the identity that it was written as. */
  readonly from: string;
  /** In bytes. */
  readonly size: number;
  readonly createdAt: EpochMs;
  readonly notBefore: EpochMs;
}

export function queuedMessages(db: Database, accountId: AccountId): readonly QueuedMessage[] {
  return db
    .prepare<[AccountId], QueuedMessage>(
      `SELECT outgoing.id, message.from_address AS "from", length(mime) AS size, created_at AS createdAt, not_before AS notBefore
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

/** Ends the pauses of those whose last try did not reach the server: it is heard of again. True: there were some. */
export function endNetworkPauses(db: Database, accountId: AccountId, route: Route, now: EpochMs): boolean {
  const { changes } = db
    .prepare(
      `UPDATE outgoing SET not_before = @now
       WHERE account_id = @accountId AND state = 'queued' AND not_before > @now AND EXISTS (
         SELECT 1 FROM outgoing_attempt AS newest WHERE newest.id =
           (SELECT max(id) FROM outgoing_attempt WHERE outgoing_id = outgoing.id)
         AND newest.route = @route AND newest.error LIKE 'network.%')`,
    )
    .run({ accountId, route, now });
  return changes > 0;
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

/** Written before the final dot leaves: from here on a server may have it. */
export function noteDotNext(db: Database, attempt: AttemptId, now: EpochMs): void {
  db.prepare('UPDATE outgoing_attempt SET handed_over_at = ? WHERE id = ?').run(now, attempt);
}

export function endAttempt(
  db: Database,
  attempt: AttemptId,
  end: {
    readonly at: EpochMs;
    readonly outcome: 'accepted' | 'rejected' | 'deferred' | 'unknown';
    readonly response: string | null;
    readonly sentence: string | null;
    readonly error: ErrorCode | null;
  },
): void {
  db.prepare(
    'UPDATE outgoing_attempt SET ended_at = ?, outcome = ?, response = ?, sentence = ?, error = ? WHERE id = ?',
  ).run(end.at, end.outcome, end.response, end.sentence, end.error, attempt);
}

/** What became of one recipient; the newest word counts. */
export interface RecipientOutcome {
  readonly address: string;
  readonly outcome: 'taken' | 'putOff' | 'refused';
  readonly response: string | null;
  readonly sentence: string | null;
}

export function noteRecipients(
  db: Database,
  id: OutgoingId,
  outcomes: readonly RecipientOutcome[],
  now: EpochMs,
): void {
  const note = db.prepare(
    `INSERT INTO outgoing_recipient (account_id, outgoing_id, address, outcome, response, sentence, at)
     SELECT account_id, id, @address, @outcome, @response, @sentence, @now FROM outgoing WHERE id = @id
     ON CONFLICT (outgoing_id, address) DO UPDATE SET
       outcome = excluded.outcome, response = excluded.response, sentence = excluded.sentence, at = excluded.at`,
  );
  for (const outcome of outcomes) note.run({ ...outcome, id, now });
}

/** Whom it is still to go to when it is tried again: a refusal is forgotten, what is taken never. */
export function forgetRefusals(db: Database, id: OutgoingId): void {
  db.prepare("DELETE FROM outgoing_recipient WHERE outgoing_id = ? AND outcome <> 'taken'").run(id);
}

export function recipientOutcomes(db: Database, id: OutgoingId): readonly RecipientOutcome[] {
  return db
    .prepare<[OutgoingId], RecipientOutcome>(
      `SELECT address, outcome, response, sentence FROM outgoing_recipient WHERE outgoing_id = ? ORDER BY address`,
    )
    .all(id);
}

export function noteRefusalsKnown(db: Database, id: OutgoingId, now: EpochMs): void {
  db.prepare('UPDATE outgoing SET refusals_noted_at = ? WHERE id = ?').run(now, id);
}

/** Some of the recipients have it. */
export function noteTaken(db: Database, id: OutgoingId, now: EpochMs): void {
  db.prepare('UPDATE outgoing SET taken_at = coalesce(taken_at, ?) WHERE id = ?').run(now, id);
}

/** What showed that a server took a message: a copy in Sent, an answer, a report of it, the provider's delivery log. */
export type Evidence = 'sent' | 'reply' | 'bounce' | 'log';

export function noteEvidence(db: Database, id: OutgoingId, evidence: Evidence): void {
  db.prepare('UPDATE outgoing SET evidence = ? WHERE id = ?').run(evidence, id);
}

export function noteDeliveryReport(db: Database, id: OutgoingId, report: DeliveryReport, now: EpochMs): void {
  db.prepare(
    `INSERT OR REPLACE INTO delivery_report (outgoing_id, account_id, asked_at, report)
     SELECT id, account_id, ?, ? FROM outgoing WHERE id = ?`,
  ).run(now, JSON.stringify(report), id);
}

/** What the delivery log said last, and when; null: never asked. */
export function deliveryReportOf(
  db: Database,
  id: OutgoingId,
): (DeliveryReport & { readonly askedAt: EpochMs }) | null {
  const row = db
    .prepare<[OutgoingId], { readonly askedAt: EpochMs; readonly report: string }>(
      'SELECT asked_at AS askedAt, report FROM delivery_report WHERE outgoing_id = ?',
    )
    .get(id);
  return row === undefined ? null : { ...(JSON.parse(row.report) as DeliveryReport), askedAt: row.askedAt };
}

/** What a submission server said of itself; null: it named no limit. */
export function noteMaxSize(
  db: Database,
  accountId: AccountId,
  route: Route,
  maxSize: number | null,
  now: EpochMs,
): void {
  db.prepare(
    `INSERT INTO submission_server (account_id, route, max_size, met_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (account_id, route) DO UPDATE SET max_size = excluded.max_size, met_at = excluded.met_at`,
  ).run(accountId, route, maxSize, now);
}

/** In bytes, as the server said when it was last met; null: not known, or no limit. */
export function maxSizeOf(db: Database, accountId: AccountId, route: Route): number | null {
  const find = db
    .prepare<[AccountId, Route], number | null>(
      'SELECT max_size FROM submission_server WHERE account_id = ? AND route = ?',
    )
    .pluck();
  return find.get(accountId, route) ?? null;
}

/** Ends what a crash left open: put off if the final dot was not yet to leave, else of unknown outcome. */
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
  /** Since when some of its recipients have it. */
  readonly takenAt: EpochMs | null;
  /** The message that became answered by this one. */
  readonly answers: MessageId | null;
}

export function findOutgoing(db: Database, id: OutgoingId): OutgoingRecord | null {
  const row = db
    .prepare<[OutgoingId], OutgoingRecord>(
      `SELECT account_id AS accountId, message_id AS messageId, state, taken_at AS takenAt, answers,
              (SELECT route FROM outgoing_attempt WHERE outgoing_id = outgoing.id ORDER BY id DESC LIMIT 1) AS route
       FROM outgoing WHERE id = ?`,
    )
    .get(id);
  return row ?? null;
}

/** Whatever it becomes, it is not held any more. */
export function setOutgoingState(db: Database, id: OutgoingId, state: OutgoingState, now: EpochMs): void {
  db.prepare(
    'UPDATE outgoing SET state = ?, changed_at = ?, hold = NULL, held_until = NULL WHERE id = ?',
  ).run(state, now, id);
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
  /** Set: some have it anyhow, so that a copy in Sent says nothing about the others. */
  readonly takenAt: EpochMs | null;
}

/** Messages whose place in a Sent folder is still to be settled: taken but not filed, or possibly taken. */
export function messagesToSettle<A>(db: Database, owner: Owner<A>): readonly HandedMessage<A>[] {
  return db
    .prepare<[AccountId], HandedMessage<A>>(
      `SELECT outgoing.id, outgoing.message_id AS messageId, message.internet_message_id AS internetMessageId,
              outgoing.state, outgoing.created_at AS createdAt, message.sent_at AS sentAt, attempt.route,
              attempt.ended_at AS endedAt, outgoing.taken_at AS takenAt
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

/**
 * A message that came since, not by oneself, and refers to this one: an answer, or a mail system's report of it. Nobody
 * writes either who has not got it.
 */
export function referenceTo(
  db: Database,
  message: Pick<HandedMessage<unknown>, 'messageId' | 'internetMessageId'>,
): 'reply' | 'bounce' | null {
  const report = db
    .prepare<{ messageId: MessageId; id: string }, { readonly report: string | null }>(
      `SELECT nature.report FROM message
       JOIN message AS other ON other.account_id = message.account_id AND other.sent_at >= message.sent_at - 86400000
       LEFT JOIN message_nature AS nature ON nature.message_id = other.id
       WHERE message.id = @messageId AND other.id <> message.id AND NOT other.is_from_me
         AND (EXISTS (SELECT 1 FROM json_each(other.reference_ids) WHERE value = @id)
              OR json_extract(nature.report, '$.originalMessageId') = @id)
       ORDER BY other.id LIMIT 1`,
    )
    .get({ messageId: message.messageId, id: message.internetMessageId });
  if (report === undefined) return null;
  const { kind } = JSON.parse(report.report ?? '{}') as { readonly kind?: string };
  return kind === 'failed' || kind === 'delayed' ? 'bounce' : 'reply';
}

export function setFiled(db: Database, id: OutgoingId, at: EpochMs): void {
  db.prepare('UPDATE outgoing SET filed_at = ? WHERE id = ?').run(at, id);
}

/** An outgoing message as far as the database knows it, and what its way depends on. */
export interface ListedOutgoing
  extends Omit<OutgoingSummary, 'reason' | 'nextAttemptAt' | 'isTakenForSome' | 'refused' | 'deliveryLog'> {
  readonly from: string;
  readonly size: number;
  readonly hold: 'undo' | 'scheduled' | null;
  readonly notBefore: EpochMs;
  readonly takenAt: EpochMs | null;
  readonly lastError: string | null;
  readonly isAttemptOpen: boolean;
}

/** Everything that is under way or needs the person, oldest first. */
export function listOutgoing(db: Database, accountId: AccountId): readonly ListedOutgoing[] {
  return db
    .prepare<[AccountId], OutgoingRow>(
      `SELECT outgoing.id, outgoing.account_id AS accountId, message.conversation_id AS conversationId,
              message.id AS messageId, message.internet_message_id AS internetMessageId, outgoing.state,
              message.from_address AS "from", length(outgoing.mime) AS size, message.subject,
              coalesce((SELECT recipients FROM draft WHERE draft.outgoing_id = outgoing.id), message.recipients) AS recipients,
              outgoing.created_at AS createdAt, outgoing.changed_at AS since, outgoing.hold,
              outgoing.held_until AS heldUntil, outgoing.not_before AS notBefore, outgoing.taken_at AS takenAt,
              EXISTS (SELECT 1 FROM draft WHERE draft.outgoing_id = outgoing.id)
                AND outgoing.state IN ('held', 'queued', 'rejected', 'accepted') AS canTakeBack,
              newest.route, newest.error AS lastError,
              newest.id IS NOT NULL AND newest.ended_at IS NULL AS isAttemptOpen,
              (SELECT count(*) FROM outgoing_attempt WHERE outgoing_id = outgoing.id) AS attempts,
              coalesce(newest.ended_at, newest.started_at) AS lastAttemptAt, newest.response AS lastResponse,
              newest.sentence AS lastSentence
       FROM outgoing JOIN message ON message.id = outgoing.message_id
       LEFT JOIN outgoing_attempt AS newest ON newest.id =
         (SELECT max(id) FROM outgoing_attempt WHERE outgoing_id = outgoing.id)
       WHERE outgoing.account_id = ? AND (outgoing.state NOT IN ('accepted', 'discarded')
         OR (outgoing.state = 'accepted' AND outgoing.refusals_noted_at IS NULL AND EXISTS (
           SELECT 1 FROM outgoing_recipient WHERE outgoing_id = outgoing.id AND outcome = 'refused')))
       ORDER BY outgoing.created_at, outgoing.id`,
    )
    .all(accountId)
    .map(({ recipients, canTakeBack, isAttemptOpen, ...row }) => {
      const { to, cc, bcc = [] } = JSON.parse(recipients) as Readonly<Record<string, readonly Address[]>>;
      return {
        ...row,
        to: [...(to ?? []), ...(cc ?? []), ...bcc],
        canTakeBack: canTakeBack === 1,
        isAttemptOpen: isAttemptOpen === 1,
      };
    });
}

interface OutgoingRow extends Omit<ListedOutgoing, 'to' | 'canTakeBack' | 'isAttemptOpen'> {
  readonly recipients: string;
  readonly canTakeBack: number;
  readonly isAttemptOpen: number;
}
