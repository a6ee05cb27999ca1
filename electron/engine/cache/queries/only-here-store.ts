import type { OnlyHere } from '../../../../shared/model/key-protection.ts';
import type { Database } from '../database.ts';

/** What would be lost with the copy, over all accounts. Sums only: they are kept outside the encrypted copy. */
export type OnlyHereCounts = Omit<OnlyHere, 'countedAt'>;

export function countOnlyHere(db: Database): OnlyHereCounts {
  return db
    .prepare<[], OnlyHereCounts>(
      `SELECT (SELECT count(*) FROM outgoing WHERE state NOT IN ('accepted', 'discarded')) AS unsent,
              (SELECT count(*) FROM draft WHERE outgoing_id IS NULL) AS drafts,
              (SELECT count(*) FROM journal WHERE verified_at IS NULL) AS unreconciled`,
    )
    .get() as OnlyHereCounts;
}
