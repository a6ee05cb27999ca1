import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import { homelessCopies, sweepHomeless } from '../cache/queries/sync-store.ts';

/**
 * Decides when what has lost its place is gone. A message may be moved between any two of our commands, into a folder that
 * was asked a moment ago: it is gone only when every folder was asked after the loss was noticed, and did not have it.
 */
export interface Homeless {
  /** Notes what has lost its place by now. Yields how many copies that are which had theirs at the last call. */
  notice(): number;
  /** The folder is about to be asked. */
  visiting(path: string): void;
  /** When the folder was asked last, as a number that grows with each visit of any; null: not since the start. */
  visitOf(path: string): number | null;
  /** A moment to be compared with others: later is more. */
  moment(): number;
  /**
   * Removes what was noticed before all of `paths` were asked last, or before `moment`. Of mail before `since` nobody can
   * say so (`sweepHomeless`). True: something went.
   */
  sweep(
    asked: { readonly paths: readonly string[] } | { readonly moment: number },
    since: EpochMs | null,
  ): boolean;
}

export function createHomeless(db: Database, accountId: AccountId): Homeless {
  let now = 0;
  let noticed = new Map<number, number>();
  const visits = new Map<string, number>();
  const moment = (): number => {
    now += 1;
    return now;
  };
  return {
    moment,
    notice: () => {
      const at = moment();
      const lost = homelessCopies(db, accountId);
      const fresh = lost.filter((copy) => !noticed.has(copy));
      noticed = new Map(lost.map((copy) => [copy, noticed.get(copy) ?? at]));
      return fresh.length;
    },
    visiting: (path) => void visits.set(path, moment()),
    visitOf: (path) => visits.get(path) ?? null,
    sweep: (asked, since) => {
      const before =
        'moment' in asked
          ? asked.moment
          : asked.paths.reduce((first, path) => Math.min(first, visits.get(path) ?? 0), now);
      const gone = [...noticed].filter(([, at]) => at < before).map(([copy]) => copy);
      return gone.length > 0 && sweepHomeless(db, accountId, since, gone);
    },
  };
}
