import type { AccountId, EpochMs } from '../../../../shared/model/ids.ts';
import type { Route } from '../../../../shared/model/route.ts';
import type { Database } from '../database.ts';

/** The way that the person chose; null: none. */
export function findChoice(
  db: Database,
  accountId: AccountId,
): { readonly route: Route; readonly at: EpochMs } | null {
  return (
    db
      .prepare<[AccountId], { route: Route; at: EpochMs }>(
        'SELECT route, chosen_at AS at FROM failover_choice WHERE account_id = ?',
      )
      .get(accountId) ?? null
  );
}

/** Takes the place of the one before it; null: there is none any more. */
export function saveChoice(
  db: Database,
  accountId: AccountId,
  choice: { readonly route: Route; readonly at: EpochMs } | null,
): void {
  if (choice === null) {
    db.prepare('DELETE FROM failover_choice WHERE account_id = ?').run(accountId);
    return;
  }
  db.prepare(
    `INSERT INTO failover_choice (account_id, route, chosen_at) VALUES (?, ?, ?)
     ON CONFLICT (account_id) DO UPDATE SET route = excluded.route, chosen_at = excluded.chosen_at`,
  ).run(accountId, choice.route, choice.at);
}
