import type { Fault as LinkFault } from '../../e2e/lab/fault-proxy.ts';
import { type BenchLaptop } from './laptop.ts';
/** One way for Exchange to be away, and within how many seconds a person must be able to write again. */
export interface Outage {
  readonly name: string;
  readonly must: number;
  begin(laptop: BenchLaptop): Promise<void>;
  /** What another client's connection to IMAP meets; null: nothing. */
  readonly peer: LinkFault | null;
  /** Only somebody who sends can notice it. */
  readonly isMetBySending?: true;
}
export declare const outages: readonly Outage[];
/** After this it has not been noticed, in milliseconds. */
export declare const capMs = 60000;
/** From the fault to a message that continuity has taken, in milliseconds. */
export declare function timeToWrite(laptop: BenchLaptop, outage: Outage): Promise<number>;
