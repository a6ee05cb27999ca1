import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import { hasArrivedSince, newestArrival } from '../cache/queries/survey-store.ts';
import type { Clock } from '../ports.ts';
import { windowStart } from './core/window.ts';

/** The days of which everything is copied. */
export interface Window {
  start(): EpochMs;
  /** Whether nothing that is known of came in these days, as far as this laptop's clock can tell. */
  isEmpty(): boolean;
  /** Something came to Exchange at this time, by its own clock. */
  noteArrival(at: EpochMs): void;
}

interface WindowSetup {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  readonly clock: Clock;
  /** Read each time. */
  readonly policy: { readonly windowDays: number };
}

export function createWindow({ account, db, clock, policy }: WindowSetup): Window {
  let told: EpochMs | null = null;
  const byClock = (): EpochMs => windowStart(clock.now(), policy.windowDays, null);
  const isEmpty = (): boolean => {
    const start = byClock();
    return (told === null || told < start) && !hasArrivedSince(db, account.id, start);
  };
  return {
    isEmpty,
    noteArrival: (at) => {
      told = Math.max(told ?? at, at);
    },
    start: () => {
      if (!isEmpty()) return byClock();
      const known = newestArrival(db, account.id);
      const newest = known === null || told === null ? (known ?? told) : Math.max(known, told);
      return windowStart(clock.now(), policy.windowDays, newest);
    },
  };
}
