import type { AccountId, EpochMs, MessageId, OutageId } from '../../../../shared/model/ids.ts';
import type { LedgerEntry, LedgerOutcome, OutageSummary } from '../../../../shared/model/ledger.ts';
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

/** What became of each message of an outage, oldest first. */
export function listLedgerEntries(db: Database, outageId: OutageId): readonly LedgerEntry[] {
  return db
    .prepare<[OutageId], LedgerEntry>(
      `SELECT message.internet_message_id AS internetMessageId, journal.direction, message.subject,
              iif(journal.direction = 'received', message.from_address,
                  coalesce(message.recipients ->> '$.to[0].address', message.recipients ->> '$.cc[0].address', ''))
                AS counterpart,
              message.sent_at AS at, journal.outcome, journal.folder, journal.uid,
              journal.verified_at AS verifiedAt, journal.reason
       FROM journal JOIN message ON message.id = journal.message_id
       WHERE journal.outage_id = ? ORDER BY message.sent_at, journal.id`,
    )
    .all(outageId);
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
              iif(journal.direction = 'received', message.from_address,
                  coalesce(message.recipients ->> '$.to[0].address', message.recipients ->> '$.cc[0].address', ''))
                AS counterpart,
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
      `SELECT line ->> '$.event' AS event, line ->> '$.reason' AS reason FROM ledger_line
       WHERE account_id = ? AND line ->> '$.entry' = ? ORDER BY seq DESC LIMIT 1`,
    )
    .get(accountId, fact.entry);
  if (newest?.event === fact.event && newest.reason === fact.reason) return;
  const end = chainEnd(db, accountId);
  const { written, hash } = lineAfter(end, fact);
  db.prepare('INSERT INTO ledger_line VALUES (?, ?, ?, ?)').run(accountId, end.count + 1, written, hash);
}

interface JournaledMessage
  extends Pick<
    LedgerFact,
    'account' | 'outage' | 'entry' | 'message' | 'direction' | 'counterpart' | 'folder' | 'uid' | 'reason'
  > {
  readonly accountId: AccountId;
  readonly sentAt: EpochMs;
  readonly outcome: LedgerOutcome;
  readonly answer: string | null;
}

function chainEnd(db: Database, accountId: AccountId): ChainEnd {
  const end = db
    .prepare<[AccountId], ChainEnd>(
      'SELECT seq AS count, hash FROM ledger_line WHERE account_id = ? ORDER BY seq DESC LIMIT 1',
    )
    .get(accountId);
  return end ?? emptyChain;
}
