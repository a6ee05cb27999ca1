import type { AppError } from '../errors.ts';
import type { AccountId, EpochMs } from './ids.ts';
import type { Route } from './route.ts';

/** How much of what should be in the copy of Exchange is there. */
export interface Completeness {
  readonly copied: number;
  readonly missing: number;
  /** The date of the oldest message that is missing; null when none is. */
  readonly oldestMissingAt: EpochMs | null;
}

export interface SyncStatus {
  readonly accountId: AccountId;
  readonly kind: 'waiting' | 'syncing' | 'current' | 'failed';
  readonly route: Route | null;
  /** Messages stored in this pass and expected in all; both 0 before the folders are known. */
  readonly done: number;
  readonly total: number;
  /** When the copy last agreed with the server; null before the first pass ended. */
  readonly lastCompleteAt: EpochMs | null;
  /** Null before every folder has been looked through once. */
  readonly completeness: Completeness | null;
  readonly error: AppError | null;
}
