import type { AccountId, OutageId } from '../../../../shared/model/ids.ts';
import type { LedgerEntry, OutageSummary } from '../../../../shared/model/ledger.ts';
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
