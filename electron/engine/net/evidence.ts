import type { EpochMs } from '../../../shared/model/ids.ts';
import type { Purpose } from './network.ts';

/** How far a connection came: the step it failed at, or `open` when nothing failed. */
export type Phase = 'dns' | 'proxy' | 'tcp' | 'tls' | 'greeting' | 'open';

/**
 * What one attempt to connect met, for whoever judges what is away. Never shown and never logged whole: it names hosts.
 */
export interface Evidence {
  readonly at: EpochMs;
  readonly host: string;
  readonly port: number;
  readonly purpose: Purpose;
  /** What the name resolved to on this laptop; empty when the proxy resolves it, or nobody could. */
  readonly addresses: readonly string[];
  /** The address that was connected to, and its family; null before that, and through a proxy. */
  readonly address: string | null;
  readonly family: 4 | 6 | null;
  /** "http://host:port", "socks5://host:port"; null when direct. */
  readonly proxy: string | null;
  readonly phase: Phase;
  /** The code of the system, OpenSSL or the proxy ("403"); null when nothing failed. */
  readonly code: string | null;
  /** The name resolved to nothing that it resolved to before: a VPN or split DNS came or went, or the server moved. */
  readonly hasMoved: boolean;
}

export interface EvidenceBook {
  add(evidence: Omit<Evidence, 'at' | 'hasMoved'>): Evidence;
  /** The latest of each host, port and purpose. */
  latest(): readonly Evidence[];
}

/** Remembers the latest attempt for each server, and the addresses that its name had last. */
export function createEvidenceBook(now: () => EpochMs): EvidenceBook {
  const latest = new Map<string, Evidence>();
  const addressesOf = new Map<string, readonly string[]>();

  return {
    add: (met) => {
      const before = addressesOf.get(met.host);
      const isResolved = met.addresses.length > 0;
      const hasMoved =
        isResolved && before !== undefined && !met.addresses.some((address) => before.includes(address));
      if (isResolved) addressesOf.set(met.host, met.addresses);
      const evidence: Evidence = { ...met, at: now(), hasMoved };
      latest.set(`${met.purpose} ${met.host}:${met.port}`, evidence);
      return evidence;
    },
    latest: () => [...latest.values()],
  };
}
