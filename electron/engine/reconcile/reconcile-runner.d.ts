import type { AppError } from '../../../shared/errors.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import type { ImapSession } from '../mail/types.ts';
import type { Announce, Clock, Logger, Random, Routes } from '../ports.ts';
export interface ReconcilerOptions {
  readonly account: {
    readonly id: AccountId;
  };
  readonly db: Database;
  readonly openSession: (route: Route) => Promise<Result<ImapSession, AppError>>;
  readonly syncPass: (route: Route) => Promise<Result<null, AppError>>;
  readonly routes: Routes;
  readonly policy: {
    readonly handoverWaitSeconds: number;
  };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly announce: Announce;
  /** Called when everything in the journal has had its turn; what failed is tried again without anybody waiting. */
  readonly done: () => void;
}
export interface Reconciler {
  /** Takes up what outages that are over have left. */
  start(): void;
  /** Exchange is back: carry everything over, then call `done`. Calls while it runs make it look again at once. */
  run(): void;
  stop(): Promise<void>;
}
/**
 * Carries over what was received and sent while Exchange was away. Can be killed at any step: what it is about to do
 * is committed before, and before anything is appended it is looked for.
 */
export declare function createReconciler(options: ReconcilerOptions): Reconciler;
