import { type Lab } from '../../e2e/lab/lab.ts';
import { type Engine } from '../../electron/engine/engine.ts';
import type { Clock } from '../../electron/engine/ports.ts';
import type { FailoverStatus } from '../../shared/model/failover.ts';
import type { Policy } from '../../shared/policy/settings.ts';
import { type Links, Names } from './links.ts';
export interface LaptopOptions {
  readonly lab: Lab;
  readonly employee: string;
  readonly clock?: Clock;
  /** The port of what stands before Exchange's IMAP, behind the laptop's own cable. */
  readonly imapPort?: number;
  /** As a PAC file would answer. */
  readonly proxy?: string;
  /** Signs in to Exchange by this password instead of a token. */
  readonly password?: string;
  /** Exchange's name leads to an address of the company's own network as well, first, and nobody is there. */
  readonly isHouseExchange?: boolean;
}
/** The whole engine of one laptop as it ships, on a cable of its own. Only its policy is the lab's. */
export declare class BenchLaptop {
  #private;
  readonly lab: Lab;
  readonly employee: string;
  readonly links: Links;
  readonly names: Names;
  readonly engine: Engine;
  /** Every status that was announced. */
  readonly seen: FailoverStatus[];
  private constructor();
  static start(options: LaptopOptions): Promise<BenchLaptop>;
  get status(): FailoverStatus | null;
  /** Resolves when Exchange is the route and the copy is current, and nothing has changed for a moment. */
  isCalm(): Promise<void>;
  /** How long until the status satisfies, in milliseconds; null: it does not within `withinMs`. */
  until(satisfies: (status: FailoverStatus) => boolean, withinMs: number): Promise<number | null>;
  /** The person writes a message and sends it; yields its subject. */
  sends(): Promise<string>;
  /** Resolves when continuity's server has taken the message; null: not within `withinMs`. */
  leftByContinuity(subject: string, withinMs: number): Promise<number | null>;
  stop(): Promise<void>;
}
export declare const pause: (ms: number) => Promise<void>;
/** As it ships, but for where the servers are, and that nothing is held back after "Send". */
export declare function policyOf(
  { lab, employee, links }: Pick<BenchLaptop, 'lab' | 'employee' | 'links'>,
  options?: Pick<LaptopOptions, 'proxy' | 'password'>,
): Policy;
