import type { AppError } from '../errors.ts';
import type { AccountId, EpochMs } from './ids.ts';
import type { Route } from './route.ts';

export interface SyncStatus {
  readonly accountId: AccountId;
  readonly kind: 'waiting' | 'syncing' | 'current' | 'failed';
  readonly route: Route | null;
  /** Messages stored in this pass and expected in all; both 0 before the folders are known. */
  readonly done: number;
  readonly total: number;
  /** When the copy last agreed with the server; null before the first pass ended. */
  readonly lastCompleteAt: EpochMs | null;
  readonly error: AppError | null;
}
