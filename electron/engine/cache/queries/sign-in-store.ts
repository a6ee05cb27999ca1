import type { ProviderName } from '../../../../shared/model/account.ts';
import type { AccountId, EpochMs } from '../../../../shared/model/ids.ts';
import type { SignInState } from '../../../../shared/model/sign-in.ts';
import type { Database } from '../database.ts';

/** What is remembered of a sign-in: when the provider last accepted it, and why it is needed again (null: it is not). */
export interface RememberedSignIn {
  readonly acceptedAt: EpochMs | null;
  readonly refusedAt: EpochMs | null;
  readonly reason: Extract<SignInState, { kind: 'needed' }>['reason'] | null;
}

export function loadSignIn(db: Database, accountId: AccountId, provider: ProviderName): RememberedSignIn {
  const row = db
    .prepare(
      `SELECT accepted_at AS acceptedAt, refused_at AS refusedAt, reason FROM sign_in
       WHERE account_id = ? AND provider = ?`,
    )
    .get(accountId, provider) as RememberedSignIn | undefined;
  return row ?? { acceptedAt: null, refusedAt: null, reason: null };
}

export function saveSignIn(
  db: Database,
  accountId: AccountId,
  provider: ProviderName,
  { acceptedAt, refusedAt, reason }: RememberedSignIn,
): void {
  db.prepare(
    `INSERT INTO sign_in (account_id, provider, accepted_at, refused_at, reason) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (account_id, provider) DO UPDATE SET
       accepted_at = excluded.accepted_at, refused_at = excluded.refused_at, reason = excluded.reason`,
  ).run(accountId, provider, acceptedAt, refusedAt, reason);
}
