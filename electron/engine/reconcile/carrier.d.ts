import { type AppError } from '../../../shared/errors.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { type JournalId, type OpenEntry } from '../cache/queries/journal-store.ts';
import type { Announce, Clock, Logger, Random, Routes } from '../ports.ts';
import type { ExchangeMailbox, ExchangePlace } from './exchange-mailbox.ts';

type Open = () => Promise<Result<ExchangeMailbox, AppError>>;
/** An entry that Exchange was seen to have. */
interface Standing {
  readonly entry: {
    readonly id: JournalId;
    readonly messageId: OpenEntry['messageId'];
  };
  readonly as: 'handedOver' | 'appended';
  readonly copy: ExchangePlace & {
    readonly flags: readonly string[];
  };
}
/**
 * Carries out what `nextDeed` decides. Every failure is one of Exchange that cannot be spoken to; what concerns one message
 * is noted with it.
 */
export interface Carrier {
  /** Gives what stands there the flags that the person set, and notes it. */
  verify(standing: readonly Standing[], open: Open): Promise<Result<null, AppError>>;
  /** Sees to it that each stands in Exchange once. */
  bring(entries: readonly OpenEntry[], open: Open): Promise<Result<null, AppError>>;
  /** What was brought by others as well, or by an append that was long on its way. */
  removeDoubles(open: Open): Promise<Result<null, AppError>>;
}
export declare function createCarrier({
  account,
  db,
  routes,
  clock,
  random,
  log,
  announce,
}: {
  readonly account: {
    readonly id: AccountId;
  };
  readonly db: Database;
  readonly routes: Routes;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly announce: Announce;
}): Carrier;
