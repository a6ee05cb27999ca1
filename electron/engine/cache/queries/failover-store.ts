import type { OutageCause } from '../../../../shared/model/failover.ts';
import type { AccountId, EpochMs, OutageId } from '../../../../shared/model/ids.ts';
import type { Database } from '../database.ts';

/** The failover machine's state as it was last saved (plain JSON data); null for a new account. */
export function loadState(db: Database, accountId: AccountId): unknown {
  const row = db.prepare('SELECT state FROM failover_state WHERE account_id = ?').get(accountId) as
    | { readonly state: string }
    | undefined;
  return row === undefined ? null : JSON.parse(row.state);
}

export function saveState(db: Database, accountId: AccountId, state: unknown, now: EpochMs): void {
  db.prepare(
    `INSERT INTO failover_state (account_id, state, changed_at) VALUES (?, ?, ?)
     ON CONFLICT (account_id) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at`,
  ).run(accountId, JSON.stringify(state), now);
}

/** An account has one open outage at most: beginning another while one is open changes nothing. */
export function beginOutage(db: Database, accountId: AccountId, since: EpochMs, cause: OutageCause): void {
  db.prepare(
    `INSERT INTO outage (account_id, started_at, cause)
     SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM outage WHERE account_id = ? AND ended_at IS NULL)`,
  ).run(accountId, since, cause, accountId);
}

/** `at`: when Exchange was the route again. */
export function endOutage(db: Database, accountId: AccountId, at: EpochMs): void {
  db.prepare('UPDATE outage SET ended_at = ? WHERE account_id = ? AND ended_at IS NULL').run(at, accountId);
}

/** The outage that is going on, or whose messages are still being carried over; null: none. */
export function openOutage(db: Database, accountId: AccountId): OutageId | null {
  const row = db.prepare('SELECT id FROM outage WHERE account_id = ? AND ended_at IS NULL').get(accountId) as
    | { readonly id: OutageId }
    | undefined;
  return row?.id ?? null;
}

/** How Exchange was reached when it last answered; null: it never has. */
export interface ExchangeHome {
  readonly addresses: 'private' | 'public' | 'own';
  readonly network: string;
}

export function loadHome(db: Database, accountId: AccountId): ExchangeHome | null {
  const row = db
    .prepare('SELECT addresses, network FROM exchange_home WHERE account_id = ?')
    .get(accountId) as ExchangeHome | undefined;
  return row ?? null;
}

export function saveHome(db: Database, accountId: AccountId, { addresses, network }: ExchangeHome): void {
  db.prepare(
    `INSERT INTO exchange_home (account_id, addresses, network) VALUES (?, ?, ?)
     ON CONFLICT (account_id) DO UPDATE SET addresses = excluded.addresses, network = excluded.network`,
  ).run(accountId, addresses, network);
}
