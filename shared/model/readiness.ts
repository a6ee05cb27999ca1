import type { AppError } from '../errors.ts';
import type { AccountId, EpochMs } from './ids.ts';

/** What must be in order today, so that an outage tomorrow is none. */
export const readinessChecks = [
  'continuitySignIn',
  'rehearsal',
  'copy',
  'keyStore',
  'exchangeSignIn',
] as const;
export type ReadinessCheckName = (typeof readinessChecks)[number];

/** `good`; `attention`: works, and somebody should look at it; `bad`: in an outage this would fail. */
export type ReadinessLevel = 'good' | 'attention' | 'bad';

export interface ReadinessCheck {
  readonly name: ReadinessCheckName;
  readonly level: ReadinessLevel;
  /** As of when: credentials accepted, rehearsal done, copy complete, key store opened; null: never. */
  readonly at: EpochMs | null;
  /** What was met; null where there is nothing to say. */
  readonly error: AppError | null;
}

/** What would work on this laptop if Exchange died now. The level is that of the worst check. */
export interface Readiness {
  readonly accountId: AccountId;
  readonly level: ReadinessLevel;
  readonly checks: readonly ReadinessCheck[];
}
