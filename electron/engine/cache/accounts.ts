import type { AccountId } from '../../../shared/model/ids.ts';
import type { Database } from './database.ts';

/** The row of an account, made or brought up to date. The address identifies it, whatever its case. */
export function upsertAccount(
  db: Database,
  account: { readonly address: string; readonly displayName: string },
): AccountId {
  const row = db
    .prepare<[string, string], { id: AccountId }>(
      `INSERT INTO account (address, display_name) VALUES (?, ?)
       ON CONFLICT (address) DO UPDATE SET display_name = excluded.display_name
       RETURNING id`,
    )
    .get(account.address, account.displayName);
  if (row === undefined) throw new Error('an upsert returns its row');
  return row.id;
}
