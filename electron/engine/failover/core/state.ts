import type { AppError } from '../../../../shared/errors.ts';
import type { Tried } from '../../../../shared/model/evidence.ts';
import type { Fault, OutageCause } from '../../../../shared/model/failover.ts';
import type { EpochMs } from '../../../../shared/model/ids.ts';
import type { Route } from '../../../../shared/model/route.ts';
import type { OtherDoors } from './evidence.ts';

/** `reading` is IMAP, `sending` is submission. */
export type Capability = 'reading' | 'sending';

/**
 * One absence of Exchange, from the first fault to the end of reconciling. It stays one outage when Exchange comes
 * back and goes away again in between, and when it spreads from sending to everything.
 */
export interface Outage {
  /** The first fault that was noticed, not the moment of the switch. */
  readonly since: EpochMs;
  readonly cause: OutageCause;
  /** What was tried before the switch. */
  readonly tried?: readonly Tried[];
  /** Exchange has come back in it already, and not for a whole hold-down: the person is told when it has. */
  readonly hasRelapsed?: true;
}

/**
 * Reading and sending go through Exchange. The control connection is asked for a sign of life all the time. Held there
 * by the person, nothing that is seen of Exchange leads away from it.
 */
export interface Primary {
  readonly kind: 'primary';
  readonly since: EpochMs;
  /**
   * Since when the identity provider has been away, and no session could be opened for it. What is signed in goes on;
   * policy says after how long everything goes through continuity.
   */
  readonly signInAway?: EpochMs;
  readonly tried?: readonly Tried[];
  readonly heldBy?: 'person';
}

/**
 * What goes through continuity. There is no `reading` alone: without IMAP nobody sees whether Exchange has filed what
 * it was given, so sending goes along when reading goes.
 */
export type Away = 'both' | 'sending';

/**
 * Exchange is away and is knocked at now and then: everything goes through continuity. While a bulletin declares it, or
 * the person chose it, nobody knocks, and an Exchange that answers changes nothing.
 */
export interface EverythingAway {
  readonly kind: 'continuity';
  readonly away: 'both';
  readonly since: EpochMs;
  readonly outage: Outage;
  readonly heldBy?: 'bulletin' | 'person';
}

export type HeldAway = EverythingAway & { readonly heldBy: 'bulletin' | 'person' };

/** Only submission is away: sending goes through continuity, reading is Exchange's still and watched as ever. */
export interface SendingAway {
  readonly kind: 'continuity';
  readonly away: 'sending';
  readonly since: EpochMs;
  readonly outage: Outage;
}

/** Exchange answers again, and has to go on doing so for the whole hold-down. One fault leads back to continuity. */
export interface HoldDown {
  readonly kind: 'returning';
  readonly stage: 'holdDown';
  readonly since: EpochMs;
  readonly outage: Outage;
  readonly away: Away;
}

/**
 * Exchange is the route again, and what happened in the outage is being carried over. The outage is still open. Held
 * there by the person: as in `Primary`, and Exchange may in truth be away still.
 */
export interface Reconciling {
  readonly kind: 'returning';
  readonly stage: 'reconciling';
  readonly since: EpochMs;
  readonly outage: Outage;
  readonly heldBy?: 'person';
}

export type HeldToExchange = (Primary | Reconciling) & { readonly heldBy: 'person' };

/** What can stand behind a doubt, a missing network or a quiet time, and goes on after it. */
export type Settled = Primary | EverythingAway | SendingAway | Reconciling;

/**
 * Something went wrong on the way to Exchange; `behind` still holds, routes included. The stages answer one question
 * each, in this order, so that a switch needs a network that works before *and* after Exchange failed on fresh
 * connections; a Wi-Fi that is just coming or going fails one of the two.
 *
 * `network`  Is this laptop connected? Neutral hosts are asked, never continuity; Exchange is, in the same moment. What
 *            fails before the network was seen does not count, and is tried again once it was.
 * `greeting` Does Exchange greet on a fresh connection?
 * `session`  It greets; does it also let us in? (reading only)
 * `pause`    It failed, but not often enough to be sure: see `failuresNeeded`.
 * `verdict`  It failed often enough; is this laptop still connected?
 */
export type Suspect = {
  readonly kind: 'suspect';
  readonly since: EpochMs;
  /** How often Exchange failed on fresh connections in this suspicion. */
  readonly failures: number;
  /** It began with a BYE: whoever says so may be about to restart. */
  readonly wasAnnounced?: true;
  /** Nobody answered at all in this suspicion; what answers now may be starting still. */
  readonly wasDown?: true;
  /** A message could not leave: somebody waits for the decision. */
  readonly isAwaited?: true;
  /** In `network`: Exchange has failed already, before the network was seen. */
  readonly isGreetingDue?: true;
  readonly tried?: readonly Tried[];
} & (
  | { readonly of: 'reading'; readonly behind: Exclude<Settled, EverythingAway> }
  | { readonly of: 'sending'; readonly behind: Primary | Reconciling }
) &
  (
    | { readonly stage: 'network' | 'greeting' | 'session' }
    /** `onceAwaited`: what has failed is enough as soon as somebody waits. */
    | { readonly stage: 'pause'; readonly onceAwaited?: Fault }
    | { readonly stage: 'verdict'; readonly cause: Fault }
  );

/**
 * This laptop has no network, or none that leads to Exchange. Nothing is known about Exchange: `behind` is judged afresh
 * when the network is back.
 */
export interface Offline {
  readonly kind: 'offline';
  readonly since: EpochMs;
  /** `portal`: it wants a sign-in first. `elsewhere`: it is not the one that Exchange is in. Absent: there is none. */
  readonly why?: 'portal' | 'elsewhere';
  readonly tried?: readonly Tried[];
  readonly behind: Settled;
}

/**
 * A planned maintenance window, by bulletin: what would leave by Exchange is held, and Exchange may come and go
 * unjudged. One that begins while everything goes through continuity changes nothing of that, except that nobody goes
 * back before it is over.
 */
export interface Quiet {
  readonly kind: 'quiet';
  readonly since: EpochMs;
  readonly behind: Settled;
}

/** Declared by bulletin: everything goes through continuity and nothing contacts Exchange until it is released. */
export interface Incident {
  readonly kind: 'incident';
  readonly since: EpochMs;
  readonly outage: Outage;
}

/** Plain data: stored as JSON, so that a restart in an outage goes on in it. */
export type FailoverState =
  | Primary
  | Suspect
  | Offline
  | EverythingAway
  | SendingAway
  | HoldDown
  | Reconciling
  | Quiet
  | Incident;

/**
 * What the bulletins that hold come down to or, where they say nothing, the person's choice. Each replaces the one before
 * it.
 */
export type Decree =
  | 'none'
  | 'chosenExchange'
  | 'chosenContinuity'
  | 'quiet'
  | 'drill'
  | 'outage'
  | 'incident';

/**
 * `recheck` looks again after a pause, `reconnect` signs in again after Exchange declined to let us in (slowly: too
 * many refused sign-ins lock an account), `holdDown` is the time Exchange has to prove itself, `signIn` how long an
 * identity provider may be away (never over where policy says so).
 */
export type TimerName = 'recheck' | 'reconnect' | 'holdDown' | 'signIn';

/** What happened and, where something was tried, the note of it. */
export type FailoverEvent = Happening & { readonly tried?: Tried };

type Happening =
  /** The engine started or the laptop woke: every connection is stale, and any amount of time has passed. */
  | { readonly kind: 'woke' }
  /** This laptop is in another network: Wi-Fi or a cable, a VPN that came or went. */
  | { readonly kind: 'networkChanged' }
  /** The control connection stands: it was just opened, or answered a NOOP. */
  | { readonly kind: 'controlAnswered' }
  /** The control connection could not be opened, or is lost. There is none now. */
  | { readonly kind: 'controlFailed'; readonly error: AppError }
  /** A fresh connection was greeted under a verified certificate. */
  | { readonly kind: 'greeted'; readonly capability: Capability }
  | {
      readonly kind: 'notGreeted';
      readonly capability: Capability;
      readonly error: AppError;
      readonly doors?: OtherDoors;
    }
  | { readonly kind: 'neutralReached' }
  | { readonly kind: 'neutralUnreached'; readonly why?: 'portal' }
  /** What sync and the outbox met; null for an answer. */
  | {
      readonly kind: 'traffic';
      readonly capability: Capability;
      readonly route: Route;
      readonly error: AppError | null;
    }
  | { readonly kind: 'elapsed'; readonly timer: TimerName }
  /** Everything of the outage has been carried over. */
  | { readonly kind: 'reconciled' }
  /** What is decreed now. Told at every start and after every change; told again it means nothing new. */
  | { readonly kind: 'decreed'; readonly decree: Decree }
  /** The person sends a message by continuity although sending is held: there is something to carry over afterwards. */
  | { readonly kind: 'leftUrgently' };

/** What the controller has to do. A command replaces a running one of its kind, whose result no longer counts. */
export type FailoverCommand =
  /** Answered by `controlAnswered` or `controlFailed`. A control connection that stands is asked at once instead. */
  | { readonly kind: 'connectControl' }
  | { readonly kind: 'dropControl' }
  /** Answered by `greeted` or `notGreeted`. */
  | { readonly kind: 'probeGreeting'; readonly capability: Capability }
  /** Answered by `neutralReached` or `neutralUnreached`. */
  | { readonly kind: 'probeNeutral' }
  /** Answered by `elapsed`. `prompt`, `brief` and `long` are a recheck's paces. */
  | { readonly kind: 'wait'; readonly timer: 'recheck'; readonly pace: 'prompt' | 'brief' | 'long' }
  | { readonly kind: 'wait'; readonly timer: 'reconnect' | 'holdDown' }
  /** Answered by `elapsed`, and never where policy says that no sign-in is worth a switch. */
  | { readonly kind: 'awaitSignIn' }
  /** Ends the control connection, all probes and all timers. */
  | { readonly kind: 'rest' }
  /** Recorded in the same transaction as the state. */
  | { readonly kind: 'beginOutage'; readonly outage: Outage }
  | { readonly kind: 'endOutage'; readonly at: EpochMs }
  | { readonly kind: 'startReconcile' };
