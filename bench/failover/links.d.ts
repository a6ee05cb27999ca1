import { FaultProxy } from '../../e2e/lab/fault-proxy.ts';
import type { Lab } from '../../e2e/lab/lab.ts';
import type { Lookup } from '../../electron/engine/net/dial.ts';
/** How Exchange's name stands in its certificate. */
export declare const exchangeHost = 'exchange.corp.example';
/** What a laptop's own cable leads to, so that each laptop can have trouble of its own in one lab. */
export interface Links {
  readonly imap: FaultProxy;
  readonly submission: FaultProxy;
  readonly continuityImap: FaultProxy;
  readonly continuitySubmission: FaultProxy;
  readonly neutral: readonly FaultProxy[];
  /** Exchange's two, and all of them. */
  readonly exchange: readonly FaultProxy[];
  readonly all: readonly FaultProxy[];
}
export declare function openLinks(
  lab: Lab,
  before?: {
    readonly imap?: number;
  },
): Promise<Links>;
/** The laptop's name server: every name leads to loopback, unless its trouble is a name server's. */
export declare class Names {
  #private;
  /** A code of getaddrinfo, for the names that match; null: all is well. */
  trouble: {
    readonly code: 'EAI_AGAIN' | 'ENOTFOUND';
    readonly names: 'all' | typeof exchangeHost;
  } | null;
  constructor(isHouseExchange: boolean);
  readonly lookup: Lookup;
}
