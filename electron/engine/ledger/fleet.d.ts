import { type LedgerLine } from './chain.ts';
import type { VerifiedLedger } from './ledger-file.ts';
/** What the newest line on a message of an account says, and which device says it. */
export interface FleetMessage {
  readonly device: string;
  /** What was told of it first: how it came to be in the ledger. */
  readonly first: LedgerLine;
  readonly latest: LedgerLine;
}
type LedgerToMerge = Pick<VerifiedLedger, 'account' | 'device' | 'lines'>;
export interface Fleet {
  readonly messages: readonly FleetMessage[];
  /** What the persons did to their mail in an outage, and Exchange has. */
  readonly changes: readonly FleetMessage[];
  /** How many of them are verified to be in Exchange. */
  readonly back: number;
  /** Whose files, both signed, do not begin alike: one of them is not the laptop's only history. */
  readonly contradictions: readonly {
    readonly account: string;
    readonly device: string;
  }[];
}
/**
 * The ledgers of many laptops as one. An earlier file of a laptop is contained in its later one; a message that two
 * laptops of one person tell of counts once, as back in Exchange if either saw it there.
 */
export declare function mergeLedgers(ledgers: readonly LedgerToMerge[]): Fleet;
/** Whether it was verified to be in Exchange. */
export declare function isBack({ latest }: FleetMessage): boolean;
/** One row each (RFC 4180), with a heading. A cell that a spreadsheet would take for a formula begins with "'". */
export declare function csvOf(messages: readonly FleetMessage[]): string;
