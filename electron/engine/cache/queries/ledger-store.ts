import type { AccountId, EpochMs, MessageId, OutageId } from '../../../../shared/model/ids.ts';
import type {
  LedgerChange,
  LedgerEntry,
  LedgerFilter,
  LedgerOutcome,
  LedgerPage,
  OutageSummary,
} from '../../../../shared/model/ledger.ts';
import { type ChainEnd, emptyChain, type LedgerFact, lineAfter } from '../../ledger/chain.ts';
import type { Database } from '../database.ts';

/** Newest first. */
export function listOutages(db: Database, accountId: AccountId): readonly OutageSummary[] {
  return db
    .prepare<[AccountId], OutageSummary>(
      `SELECT outage.id, outage.account_id AS accountId, outage.started_at AS startedAt, outage.ended_at AS endedAt,
              outage.cause, count(journal.id) AS total, count(journal.verified_at) AS verified
       FROM outage LEFT JOIN journal ON journal.outage_id = outage.id
       WHERE outage.account_id = ? GROUP BY outage.id ORDER BY outage.id DESC`,
    )
    .all(accountId);
}

export interface LedgerQuery {
  readonly outageId: OutageId;
  readonly filter: LedgerFilter;
  /** What the counterpart's address or name has to contain; empty: anything. */
  readonly counterpart: string;
  readonly offset: number;
  readonly limit: number;
}

/** The other side of a message, as the ledger names it. */
const counterpartOf = `iif(journal.direction = 'received', message.from_address,
  coalesce(message.recipients ->> '$.to[0].address', message.recipients ->> '$.cc[0].address', ''))`;

const messagesOfOutage = `FROM (
  SELECT journal.id, journal.message_id, message.conversation_id, message.internet_message_id, journal.direction,
         message.subject, ${counterpartOf} AS counterpart,
         iif(journal.direction = 'received', message.from_name, coalesce(message.recipients ->> '$.to[0].name', '')) AS name,
         message.sent_at, journal.outcome, journal.folder, journal.uid, journal.verified_at, journal.reason
  FROM journal JOIN message ON message.id = journal.message_id WHERE journal.outage_id = @outageId)
  WHERE (@counterpart = '' OR instr(lower(counterpart || ' ' || name), lower(@counterpart)) > 0)`;

const changesOfOutage = `FROM ledger_line JOIN outage ON outage.account_id = ledger_line.account_id
  WHERE outage.id = @outageId AND line ->> '$.event' = 'changed' AND line ->> '$.outage' = @outageId
    AND (@counterpart = '' OR instr(lower(line ->> '$.counterpart'), lower(@counterpart)) > 0)`;

const inFilter: Readonly<Record<Exclude<LedgerFilter, 'changed'>, string>> = {
  all: 'TRUE',
  exceptions: "outcome IN ('pending', 'failed')",
  received: "direction = 'received'",
  sent: "direction = 'sent'",
};

/** What became of the messages of an outage, and what the person did meanwhile to others; oldest first. */
export function ledgerPage(db: Database, query: LedgerQuery): LedgerPage {
  const { filter, ...bound } = query;
  const counts = db
    .prepare<typeof bound, Omit<LedgerPage['totals'], 'changed'>>(
      `SELECT ${Object.entries(inFilter)
        .map(([name, condition]) => `count(*) FILTER (WHERE ${condition}) AS "${name}"`)
        .join(', ')} ${messagesOfOutage}`,
    )
    .get(bound);
  const changed = db.prepare<typeof bound, number>(`SELECT count(*) ${changesOfOutage}`).pluck().get(bound);
  const items = filter === 'changed' ? changes(db, bound) : messages(db, bound, inFilter[filter]);
  return {
    items,
    totals: { all: 0, exceptions: 0, received: 0, sent: 0, ...counts, changed: changed ?? 0 },
  };
}

function messages(
  db: Database,
  bound: Omit<LedgerQuery, 'filter'>,
  condition: string,
): readonly LedgerEntry[] {
  return db
    .prepare<typeof bound, LedgerEntry>(
      `SELECT 'message ' || id AS key, message_id AS messageId, conversation_id AS conversationId,
              internet_message_id AS internetMessageId, direction, subject, counterpart, sent_at AS at, outcome,
              NULL AS change, folder, uid, verified_at AS verifiedAt, reason
       ${messagesOfOutage} AND ${condition} ORDER BY sent_at, id LIMIT @limit OFFSET @offset`,
    )
    .all(bound);
}

function changes(db: Database, bound: Omit<LedgerQuery, 'filter'>): readonly LedgerEntry[] {
  return db
    .prepare<typeof bound, Omit<LedgerEntry, 'at'> & { readonly at: string }>(
      `SELECT 'change ' || seq AS key, message.id AS messageId, message.conversation_id AS conversationId,
              line ->> '$.message' AS internetMessageId, line ->> '$.direction' AS direction,
              coalesce(message.subject, '') AS subject, line ->> '$.counterpart' AS counterpart,
              line ->> '$.at' AS at, 'changed' AS outcome, line ->> '$.change' AS change, line ->> '$.folder' AS folder,
              line ->> '$.uid' AS uid, NULL AS verifiedAt, line ->> '$.reason' AS reason
       FROM (SELECT seq, line, ledger_line.account_id ${changesOfOutage} ORDER BY seq LIMIT @limit OFFSET @offset) AS told
       LEFT JOIN message ON message.id = (
         SELECT min(id) FROM message AS named
         WHERE named.account_id = told.account_id AND named.internet_message_id = told.line ->> '$.message')
       ORDER BY seq`,
    )
    .all(bound)
    .map((row) => ({ ...row, at: Date.parse(row.at) }));
}

/** What became of each message of an outage, oldest first. */
export function listLedgerEntries(db: Database, outageId: OutageId): readonly LedgerEntry[] {
  return ledgerPage(db, { outageId, filter: 'all', counterpart: '', offset: 0, limit: -1 }).items;
}

/** The account's ledger, as its lines are written. */
export function ledgerLines(db: Database, accountId: AccountId): readonly string[] {
  return db
    .prepare<[AccountId], string>('SELECT line FROM ledger_line WHERE account_id = ? ORDER BY seq')
    .pluck()
    .all(accountId);
}

/**
 * Adds a line on what the journal says of a message by now, unless the newest on it says the same. To be called in the
 * transaction that changes the journal. Nothing is added for a message that is not in the journal.
 */
export function noteInLedger(db: Database, messageId: MessageId, now: EpochMs): void {
  const row = db
    .prepare<[MessageId], JournaledMessage>(
      `SELECT journal.account_id AS accountId, account.address AS account, journal.outage_id AS outage, journal.id AS entry,
              message.internet_message_id AS message, journal.direction,
              ${counterpartOf} AS counterpart,
              message.sent_at AS sentAt, journal.outcome, journal.folder, journal.uid, journal.reason,
              (SELECT response FROM outgoing_attempt JOIN outgoing ON outgoing.id = outgoing_attempt.outgoing_id
               WHERE outgoing.message_id = message.id AND outgoing_attempt.route = 'continuity'
               ORDER BY outgoing_attempt.id DESC LIMIT 1) AS answer
       FROM journal JOIN message ON message.id = journal.message_id JOIN account ON account.id = journal.account_id
       WHERE journal.message_id = ? ORDER BY journal.id DESC LIMIT 1`,
    )
    .get(messageId);
  if (row === undefined) return;
  const { accountId, outcome, sentAt, answer, ...known } = row;
  const isRecord = outcome === 'pending';
  const fact: LedgerFact = {
    ...known,
    at: new Date(now).toISOString(),
    sentAt: new Date(sentAt).toISOString(),
    event: isRecord ? 'recorded' : outcome,
    route: isRecord ? 'continuity' : 'primary',
    answer: isRecord ? answer : null,
  };
  const newest = db
    .prepare<[AccountId, number], { readonly event: string; readonly reason: string | null }>(
      `SELECT line ->> '$.event' AS event, line ->> '$.reason' AS reason
       FROM ledger_line INDEXED BY ledger_line_by_entry
       WHERE account_id = ? AND line ->> '$.entry' = ? AND line ->> '$.event' <> 'changed' ORDER BY seq DESC LIMIT 1`,
    )
    .get(accountId, row.entry);
  if (newest?.event === fact.event && newest.reason === fact.reason) return;
  addLine(db, accountId, fact);
}

/** What the person did to a message in an outage, once it is settled what Exchange has. */
export interface SettledChange {
  readonly change: LedgerChange;
  /** When the person did it. */
  readonly doneAt: EpochMs;
  /** Why Exchange has it otherwise, a code of a `Decision`; null: it has it so. */
  readonly reason: string | null;
}

/**
 * Adds a line on a change, unless it was made outside an outage. To be called in the transaction that settles it, before
 * the message may go.
 */
export function noteChangeInLedger(
  db: Database,
  messageId: MessageId,
  { change, doneAt, reason }: SettledChange,
  now: EpochMs,
): void {
  const row = db
    .prepare<
      { messageId: MessageId; doneAt: EpochMs },
      Pick<
        LedgerFact,
        'account' | 'outage' | 'entry' | 'message' | 'direction' | 'counterpart' | 'folder' | 'uid'
      > & { readonly accountId: AccountId; readonly sentAt: EpochMs }
    >(
      `SELECT message.account_id AS accountId, account.address AS account, outage.id AS outage, journal.id AS entry,
              message.internet_message_id AS message, iif(message.is_from_me, 'sent', 'received') AS direction,
              iif(message.is_from_me, coalesce(message.recipients ->> '$.to[0].address',
                message.recipients ->> '$.cc[0].address', ''), message.from_address) AS counterpart,
              message.sent_at AS sentAt, place.path AS folder, place.uid
       FROM message JOIN account ON account.id = message.account_id
       JOIN outage ON outage.id = (
         SELECT max(id) FROM outage WHERE account_id = message.account_id AND started_at <= @doneAt
           AND (ended_at IS NULL OR ended_at >= @doneAt))
       LEFT JOIN journal ON journal.id = (SELECT max(id) FROM journal WHERE journal.message_id = message.id)
       LEFT JOIN (
         SELECT copy.message_id, folder.path, copy.uid, max(copy.id) FROM copy JOIN folder ON folder.id = copy.folder_id
         WHERE copy.message_id = @messageId AND folder.route = 'primary' AND copy.uid > 0) AS place
         ON place.message_id = message.id
       WHERE message.id = @messageId`,
    )
    .get({ messageId, doneAt });
  if (row === undefined) return;
  const { accountId, sentAt, ...known } = row;
  addLine(db, accountId, {
    ...known,
    at: new Date(now).toISOString(),
    sentAt: new Date(sentAt).toISOString(),
    event: 'changed',
    change,
    route: 'primary',
    answer: null,
    reason,
  });
}

function addLine(db: Database, accountId: AccountId, fact: LedgerFact): void {
  const end = chainEnd(db, accountId);
  const { written, hash } = lineAfter(end, fact);
  db.prepare('INSERT INTO ledger_line VALUES (?, ?, ?, ?)').run(accountId, end.count + 1, written, hash);
}

/** A head of the ledger that the provider has signed too. */
export interface CountersignedHead extends ChainEnd {
  readonly head: string;
  readonly countersignature: string;
  readonly at: EpochMs;
}

/** The newest; null: there is none. */
export function countersignedHead(db: Database, accountId: AccountId): CountersignedHead | null {
  const row = db
    .prepare<[AccountId], CountersignedHead>(
      `SELECT line_count AS count, hash, head, countersignature, signed_at AS at
       FROM ledger_countersignature WHERE account_id = ?`,
    )
    .get(accountId);
  return row ?? null;
}

export function saveCountersignedHead(db: Database, accountId: AccountId, signed: CountersignedHead): void {
  const { count, hash, head, countersignature, at } = signed;
  db.prepare('INSERT OR REPLACE INTO ledger_countersignature VALUES (?, ?, ?, ?, ?, ?)').run(
    accountId,
    count,
    hash,
    head,
    countersignature,
    at,
  );
}

interface JournaledMessage
  extends Pick<
    LedgerFact,
    'account' | 'outage' | 'message' | 'direction' | 'counterpart' | 'folder' | 'uid' | 'reason'
  > {
  readonly entry: number;
  readonly accountId: AccountId;
  readonly sentAt: EpochMs;
  readonly outcome: LedgerOutcome;
  readonly answer: string | null;
}

/** How far an account's ledger goes by now. */
export function chainEnd(db: Database, accountId: AccountId): ChainEnd {
  const end = db
    .prepare<[AccountId], ChainEnd>(
      'SELECT seq AS count, hash FROM ledger_line WHERE account_id = ? ORDER BY seq DESC LIMIT 1',
    )
    .get(accountId);
  return end ?? emptyChain;
}
