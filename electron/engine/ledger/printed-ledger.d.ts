import type { Translate } from '../../../shared/messages/index.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { OutageSummary } from '../../../shared/model/ledger.ts';
import { type FleetMessage } from './fleet.ts';
export interface LedgerToPrint {
  readonly address: string;
  readonly outages: readonly OutageSummary[];
  readonly messages: readonly FleetMessage[];
  readonly changes: readonly FleetMessage[];
  /** The fingerprint of the key that signs. */
  readonly device: string;
  readonly signedAt: EpochMs;
  readonly isCountersigned: boolean;
}
/** A page to print: a sentence, what is missing, then every message. It loads nothing and runs nothing. */
export declare function printedLedger(
  ledger: LedgerToPrint,
  {
    t,
    locale,
  }: {
    readonly t: Translate;
    readonly locale: string;
  },
): string;
