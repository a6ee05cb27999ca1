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

/** What makes us believe that Exchange is away. Shown to the person and kept as evidence. */
export const outageCauses = ['refused', 'hanging', 'closed', 'tls', 'unavailable', 'submission'] as const;
export type OutageCause = (typeof outageCauses)[number];

export interface FailoverStatus {
  readonly accountId: AccountId;
  readonly kind: FailoverKind;
  /** When this state began. */
  readonly since: EpochMs;
  /** When the outage began, as far as evidence goes; null while there is none. */
  readonly outageSince: EpochMs | null;
  readonly cause: OutageCause | null;
  /** The route that new mail is read from; null: none can be reached, the offline copy is all there is. */
  readonly reading: Route | null;
  /** The route that outgoing mail takes; null: it waits in the outbox. */
  readonly sending: Route | null;
}
