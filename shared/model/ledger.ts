import type { OutageCause } from './failover.ts';
import type { AccountId, EpochMs, InternetMessageId, OutageId } from './ids.ts';

/**
 * What became of one message of an outage.
 *
 * `pending`     not yet known to be in Exchange.
 * `handedOver`  found in Exchange without our doing: the gateway delivered it, or Exchange had it already.
 * `appended`    put into Exchange by this laptop, and read back from there.
 * `failed`      could not be put there so far; `reason` says why, it is tried again.
 */
export const ledgerOutcomes = ['pending', 'handedOver', 'appended', 'failed'] as const;
export type LedgerOutcome = (typeof ledgerOutcomes)[number];

export interface LedgerEntry {
  readonly internetMessageId: InternetMessageId;
  readonly direction: 'received' | 'sent';
  readonly subject: string;
  /** The other side: the sender of a received, the first recipient of a sent message. */
  readonly counterpart: string;
  readonly at: EpochMs;
  readonly outcome: LedgerOutcome;
  /** The Exchange folder and UID it was verified at; null until then. */
  readonly folder: string | null;
  readonly uid: number | null;
  readonly verifiedAt: EpochMs | null;
  readonly reason: string | null;
}

export interface OutageSummary {
  readonly id: OutageId;
  readonly accountId: AccountId;
  readonly startedAt: EpochMs;
  /** When Exchange was the route again; null while it is away. */
  readonly endedAt: EpochMs | null;
  readonly cause: OutageCause;
  readonly total: number;
  /** How many are verified to be in Exchange. `verified === total` after the end is the proof. */
  readonly verified: number;
}
