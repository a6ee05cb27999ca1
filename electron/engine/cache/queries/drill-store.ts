import type { AppError } from '../../../../shared/errors.ts';
import type { AccountId, EpochMs } from '../../../../shared/model/ids.ts';
import type { DrillOutcome } from '../../../../shared/model/readiness.ts';
import type { Database } from '../database.ts';

/** A mail of a drill that may still lie in continuity's mailbox. */
export interface DrillMail {
  readonly internetMessageId: string;
  readonly sentAt: EpochMs;
}

export function drillMails(db: Database, accountId: AccountId): readonly DrillMail[] {
  return db
    .prepare<[AccountId], DrillMail>(
      `SELECT internet_message_id AS internetMessageId, sent_at AS sentAt FROM drill_mail
       WHERE account_id = ? ORDER BY sent_at`,
    )
    .all(accountId);
}

export function noteDrillMail(db: Database, accountId: AccountId, mail: DrillMail): void {
  db.prepare('INSERT INTO drill_mail (account_id, internet_message_id, sent_at) VALUES (?, ?, ?)').run(
    accountId,
    mail.internetMessageId,
    mail.sentAt,
  );
}

export function forgetDrillMail(db: Database, accountId: AccountId, internetMessageId: string): void {
  db.prepare('DELETE FROM drill_mail WHERE account_id = ? AND internet_message_id = ?').run(
    accountId,
    internetMessageId,
  );
}

/** What was looked up last under a name; null: it never was, or cannot be known any more. */
export function findFact<T>(
  db: Database,
  accountId: AccountId,
  name: 'domain' | 'clock',
): { readonly at: EpochMs; readonly fact: T } | null {
  const row = db
    .prepare<[AccountId, string], { at: EpochMs; fact: string }>(
      'SELECT looked_at AS at, fact FROM readiness_fact WHERE account_id = ? AND name = ?',
    )
    .get(accountId, name);
  return row === undefined ? null : { at: row.at, fact: JSON.parse(row.fact) as T };
}

/** Null forgets it. */
export function saveFact(
  db: Database,
  accountId: AccountId,
  name: 'domain' | 'clock',
  found: { readonly at: EpochMs; readonly fact: unknown } | null,
): void {
  db.prepare('DELETE FROM readiness_fact WHERE account_id = ? AND name = ?').run(accountId, name);
  if (found === null) return;
  db.prepare('INSERT INTO readiness_fact (account_id, name, looked_at, fact) VALUES (?, ?, ?, ?)').run(
    accountId,
    name,
    found.at,
    JSON.stringify(found.fact),
  );
}

/** A drill that everybody saw, as it went on this laptop. */
export interface VisibleDrill extends DrillOutcome {
  readonly triedAt: EpochMs;
  readonly reportedAt: EpochMs | null;
}

/** The newest first. */
export function visibleDrills(db: Database, accountId: AccountId, limit: number): readonly VisibleDrill[] {
  return db
    .prepare<
      [AccountId, number],
      Omit<VisibleDrill, 'outcome' | 'error' | 'from' | 'until'> & {
        readonly begins: EpochMs;
        readonly ends: EpochMs;
        readonly error: string | null;
      }
    >(
      `SELECT matter, begins_at AS begins, ends_at AS ends, tried_at AS triedAt, error, reported_at AS reportedAt
       FROM visible_drill WHERE account_id = ? ORDER BY begins_at DESC, matter LIMIT ?`,
    )
    .all(accountId, limit)
    .map(({ begins, ends, error, ...drill }) => ({
      ...drill,
      from: begins,
      until: ends,
      outcome: error === null ? 'worked' : 'couldNot',
      error: error === null ? null : (JSON.parse(error) as AppError),
    }));
}

/** What succeeded once has worked; a failure after it takes nothing back. */
export function saveVisibleDrill(
  db: Database,
  accountId: AccountId,
  drill: Pick<VisibleDrill, 'matter' | 'from' | 'until' | 'error' | 'triedAt'>,
): void {
  db.prepare(
    `INSERT INTO visible_drill (account_id, matter, begins_at, ends_at, tried_at, error)
     VALUES (@accountId, @matter, @begins, @ends, @triedAt, @error)
     ON CONFLICT (account_id, matter, begins_at) DO UPDATE SET ends_at = excluded.ends_at,
       tried_at = excluded.tried_at, error = excluded.error, reported_at = NULL
       WHERE visible_drill.error IS NOT NULL`,
  ).run({
    accountId,
    matter: drill.matter,
    begins: drill.from,
    ends: drill.until,
    triedAt: drill.triedAt,
    error: drill.error === null ? null : JSON.stringify(drill.error),
  });
}

export function noteDrillReported(
  db: Database,
  accountId: AccountId,
  { matter, from }: Pick<VisibleDrill, 'matter' | 'from'>,
  now: EpochMs,
): void {
  db.prepare(
    'UPDATE visible_drill SET reported_at = ? WHERE account_id = ? AND matter = ? AND begins_at = ?',
  ).run(now, accountId, matter, from);
}
