import type { EpochMs } from './ids.ts';

/**
 * What something that was met on the way to Exchange, or around it, is a sign of. What each one counts for stands in
 * `electron/engine/failover/core/evidence.ts`.
 */
export const signKinds = [
  'silent',
  'refused',
  'closed',
  'tls',
  'nameGone',
  'nameServer',
  'notNow',
  'goingDown',
  'nonsense',
  'proxyPassedBy',
  'signInAway',
  'credentials',
  'stranger',
  'proxy',
  'nameUnknown',
  'elsewhere',
  'throttled',
  'queued',
  'saysNo',
  'ours',
] as const;
export type SignKind = (typeof signKinds)[number];

/** What was asked. `control`: the session that is asked for a sign of life all the time; `sync`, `outbox`: mail itself. */
export const askedOf = ['control', 'imap', 'submission', 'neutral', 'sync', 'outbox'] as const;
export type Asked = (typeof askedOf)[number];

/** From where it was asked: over the network as it is, over one that leads through a VPN, through a proxy. */
export type AskedFrom = 'network' | 'vpn' | 'proxy';

/** One thing that was tried, and what came of it. Names a server, so it is shown to the person and never logged whole. */
export interface Tried {
  readonly at: EpochMs;
  readonly asked: Asked;
  /** Null for the neutral hosts, which are several. */
  readonly host: string | null;
  readonly from: AskedFrom;
  readonly answer: 'answered' | 'portal' | SignKind;
}
