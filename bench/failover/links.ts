import { FaultProxy } from '../../e2e/lab/fault-proxy.ts';
import type { Lab } from '../../e2e/lab/lab.ts';
import type { Lookup } from '../../electron/engine/net/dial.ts';

/** How Exchange's name stands in its certificate. */
export const exchangeHost = 'exchange.corp.example';

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

export async function openLinks(lab: Lab, before: { readonly imap?: number } = {}): Promise<Links> {
  const { exchange, continuity } = lab;
  const [imap, submission, continuityImap, continuitySubmission, ...neutral] = await Promise.all([
    FaultProxy.before(before.imap ?? exchange.imap.port),
    FaultProxy.before(exchange.submissionPort.port),
    FaultProxy.before(continuity.imap.port),
    FaultProxy.before(continuity.submissionPort.port),
    ...lab.neutralPorts.map((port) => FaultProxy.before(port)),
  ]);
  const ofExchange = [imap, submission];
  return {
    imap,
    submission,
    continuityImap,
    continuitySubmission,
    neutral,
    exchange: ofExchange,
    all: [...ofExchange, continuityImap, continuitySubmission, ...neutral],
  };
}

const houseAddress = { address: '10.255.255.1', family: 4 } as const;

/** The laptop's name server: every name leads to loopback, unless its trouble is a name server's. */
export class Names {
  readonly #isHouseExchange: boolean;
  /** A code of getaddrinfo, for the names that match; null: all is well. */
  trouble: { readonly code: 'EAI_AGAIN' | 'ENOTFOUND'; readonly names: 'all' | typeof exchangeHost } | null =
    null;

  constructor(isHouseExchange: boolean) {
    this.#isHouseExchange = isHouseExchange;
  }

  readonly lookup: Lookup = async (host) => {
    const { trouble } = this;
    if (trouble !== null && (trouble.names === 'all' || trouble.names === host))
      throw Object.assign(new Error(`getaddrinfo ${trouble.code} ${host}`), { code: trouble.code });
    const isInHouse = this.#isHouseExchange && host === exchangeHost;
    return [{ address: '127.0.0.1', family: 4 }, ...(isInHouse ? [houseAddress] : [])];
  };
}
