import type { BulletinNotice } from './bulletin.ts';
import type { Tried } from './evidence.ts';
import type { AccountId, EpochMs } from './ids.ts';
import type { Route } from './route.ts';

/** The failover states a person can meet; see ARCHITECTURE.md. `quiet` and `incident` come by bulletin. */
export const failoverKinds = [
  'primary',
  'suspect',
  'offline',
  'continuity',
  'returning',
  'quiet',
  'incident',
] as const;
export type FailoverKind = (typeof failoverKinds)[number];

/**
 * What was seen of an Exchange that is away. `proxy`: of itself nothing, since the company's proxy is down, and policy
 * lets the emergency route go without it. `name`: it cannot be found any more. `signIn`: nobody can sign in to it.
 */
export const faults = [
  'refused',
  'hanging',
  'closed',
  'tls',
  'name',
  'unavailable',
  'submission',
  'proxy',
  'signIn',
] as const;
export type Fault = (typeof faults)[number];

/**
 * Why an outage began; shown to the person and kept. Besides what was seen: a bulletin declared an outage, an incident
 * or a drill; something urgent left by the emergency mailbox within a planned maintenance, and is carried over after
 * it; the person chose.
 */
export const outageCauses = [...faults, 'declared', 'incident', 'drill', 'maintenance', 'chosen'] as const;
export type OutageCause = (typeof outageCauses)[number];

export interface FailoverStatus {
  readonly accountId: AccountId;
  readonly kind: FailoverKind;
  /** When this state began. */
  readonly since: EpochMs;
  /** When the outage began, as far as evidence goes; null while there is none. */
  readonly outageSince: EpochMs | null;
  readonly cause: OutageCause | null;
  /**
   * What lies between this laptop and Exchange. `portal`: a network that wants a sign-in first. `elsewhere`: Exchange is
   * reached through the company's own network, and this is another one.
   */
  readonly network: 'fine' | 'none' | 'portal' | 'elsewhere' | 'unknown';
  /** Since when nobody can sign in to Exchange, though Exchange itself answers; null: no such trouble. */
  readonly signInAwaySince: EpochMs | null;
  /** The server that reading is about, by the name that policy gives it. */
  readonly exchangeHost: string;
  /** What was tried, oldest first, when, from where, with what answer: what the state rests on. Empty while all is well. */
  readonly evidence: readonly Tried[];
  /** The route that new mail is read from; null: none can be reached, the offline copy is all there is. */
  readonly reading: Route | null;
  /** The route that outgoing mail takes; null: it waits in the outbox. */
  readonly sending: Route | null;
  /** Who decided that it is so, against or without evidence; null: what was seen of Exchange did. */
  readonly override: 'bulletin' | 'person' | null;
  /** The way that the person chose, when, and when that ends by itself; null: Relevo decides. */
  readonly chosen: { readonly route: Route; readonly at: EpochMs; readonly until: EpochMs } | null;
  /** Whether the person may choose: policy allows it, and no bulletin decides. */
  readonly mayChoose: boolean;
  /** Verified bulletins that hold, are announced, or ended a moment ago; the weightiest first. */
  readonly notices: readonly BulletinNotice[];
  /** While sending is held: whether a message may leave by the emergency mailbox all the same. */
  readonly mayGoUrgently: boolean;
}
