import type { AppError } from '../../../../shared/errors.ts';
import type { AccountId, EpochMs } from '../../../../shared/model/ids.ts';
import type { Database } from '../database.ts';

/** The last sign-in at continuity as an outage would do it. */
export interface Rehearsal {
  readonly triedAt: EpochMs;
  /** The last one that succeeded; null: none ever did. */
  readonly succeededAt: EpochMs | null;
  /** What the last one met; null: it succeeded. */
  readonly error: AppError | null;
}

export function findRehearsal(db: Database, accountId: AccountId): Rehearsal | null {
  const row = db
    .prepare<[AccountId], Omit<Rehearsal, 'error'> & { readonly error: string | null }>(
      'SELECT tried_at AS triedAt, succeeded_at AS succeededAt, error FROM rehearsal WHERE account_id = ?',
    )
    .get(accountId);
  if (row === undefined) return null;
  return { ...row, error: row.error === null ? null : (JSON.parse(row.error) as AppError) };
}

export function saveRehearsal(
  db: Database,
  accountId: AccountId,
  triedAt: EpochMs,
  error: AppError | null,
): void {
  db.prepare(
    `INSERT INTO rehearsal (account_id, tried_at, succeeded_at, error) VALUES (@accountId, @triedAt, @succeededAt, @error)
     ON CONFLICT (account_id) DO UPDATE SET tried_at = excluded.tried_at, error = excluded.error,
       succeeded_at = coalesce(excluded.succeeded_at, succeeded_at)`,
  ).run({
    accountId,
    triedAt,
    succeededAt: error === null ? triedAt : null,
    error: error === null ? null : JSON.stringify(error),
  });
}
