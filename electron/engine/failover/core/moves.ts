import type { Fault } from '../../../../shared/model/failover.ts';
import type { EpochMs } from '../../../../shared/model/ids.ts';
import type {
  Away,
  Capability,
  Decree,
  EverythingAway,
  FailoverCommand,
  FailoverState,
  HeldAway,
  HeldToExchange,
  HoldDown,
  Incident,
  Offline,
  Outage,
  Primary,
  Quiet,
  Reconciling,
  SendingAway,
  Settled,
  Suspect,
} from './state.ts';

export interface Step {
  readonly state: FailoverState;
  readonly commands: readonly FailoverCommand[];
}

export const connectControl: FailoverCommand = { kind: 'connectControl' };
const dropControl: FailoverCommand = { kind: 'dropControl' };
export const probeNeutral: FailoverCommand = { kind: 'probeNeutral' };
const rest: FailoverCommand = { kind: 'rest' };
export const recheckPromptly: FailoverCommand = { kind: 'wait', timer: 'recheck', pace: 'prompt' };
export const recheckSoon: FailoverCommand = { kind: 'wait', timer: 'recheck', pace: 'brief' };
export const recheckLater: FailoverCommand = { kind: 'wait', timer: 'recheck', pace: 'long' };
export const awaitSignIn: FailoverCommand = { kind: 'awaitSignIn' };
export const reconnectLater: FailoverCommand = { kind: 'wait', timer: 'reconnect' };
export const probeGreeting = (capability: Capability): FailoverCommand => ({
  kind: 'probeGreeting',
  capability,
});

export function stay(state: FailoverState, ...commands: FailoverCommand[]): Step {
  return { state, commands };
}

export function suspectReading(
  behind: Suspect['behind'],
  now: EpochMs,
  known: Pick<Suspect, 'wasAnnounced' | 'isAwaited'> = {},
): Step {
  return {
    state: { kind: 'suspect', since: now, failures: 0, of: 'reading', behind, stage: 'network', ...known },
    commands: [probeNeutral, probeGreeting('reading')],
  };
}

export function suspectSending(behind: Primary | Reconciling, now: EpochMs): Step {
  return {
    state: {
      kind: 'suspect',
      since: now,
      failures: 0,
      of: 'sending',
      behind,
      stage: 'network',
      isAwaited: true,
    },
    commands: [probeNeutral, probeGreeting('sending')],
  };
}

/** The only way from primary to continuity without a person or a bulletin: see the stages of `Suspect`. */
export function switchAway(state: Suspect, cause: Fault, now: EpochMs): Step {
  const { behind } = state;
  if (isHeldToExchange(behind)) return keepWatching(behind);
  const away: Away = state.of === 'reading' ? 'both' : 'sending';
  if (behind.kind !== 'primary') return toContinuity(behind.outage, away, now);
  const outage: Outage = { since: state.since, cause: state.of === 'reading' ? cause : 'submission' };
  const step = toContinuity(outage, away, now);
  return { state: step.state, commands: [{ kind: 'beginOutage', outage }, ...step.commands] };
}

export function toContinuity(outage: Outage, away: Away, now: EpochMs): Step {
  return {
    state: continuity(outage, away, now),
    commands: away === 'both' ? [dropControl, recheckLater] : [recheckLater],
  };
}

export function holdDown(
  state: EverythingAway | SendingAway,
  now: EpochMs,
  ...commands: FailoverCommand[]
): Step {
  return {
    state: { kind: 'returning', stage: 'holdDown', since: now, outage: state.outage, away: state.away },
    commands: [{ kind: 'wait', timer: 'holdDown' }, recheckLater, ...commands],
  };
}

/** Exchange did not stay for the whole hold-down. */
export function relapse({ outage, away }: HoldDown, now: EpochMs): Step {
  return {
    state: continuity({ ...outage, hasRelapsed: true }, away, now),
    commands: [probeNeutral],
  };
}

export function goOffline(behind: Settled, now: EpochMs, why?: Offline['why']): Step {
  const offline: Offline = { kind: 'offline', since: now, behind, ...(why === undefined ? {} : { why }) };
  return { state: offline, commands: [recheckSoon] };
}

/** Exchange has answered: what stood behind the doubt goes on. */
export function believeIn(behind: Primary | SendingAway | Reconciling): Step {
  switch (behind.kind) {
    case 'primary':
    case 'continuity':
      return stay(behind, connectControl, recheckLater);
    case 'returning':
      return stay(behind, connectControl, recheckLater, { kind: 'startReconcile' });
  }
}

/**
 * Exchange failed for a reason that is no reason to switch: sign in again later, so as not to press it. A greeting
 * presses nobody, and is looked for soon: an identity provider is often the first to go.
 */
export function keepWatching(behind: Suspect['behind']): Step {
  return stay(behind, recheckSoon, reconnectLater);
}

/** Mail came while Exchange was asked, so that it may have stopped just now: nothing is lost by waiting but time. */
export function lookAgain(behind: Suspect['behind']): Step {
  return stay(behind, probeGreeting('reading'), reconnectLater);
}

/** The identity provider is away: that is no outage of Exchange, until it has lasted for as long as policy says. */
export function watchWithoutSignIn(behind: Suspect['behind'], now: EpochMs): Step {
  if (behind.kind !== 'primary' || behind.signInAway !== undefined) return keepWatching(behind);
  const { commands } = keepWatching(behind);
  return {
    state: { ...behind, signInAway: now },
    commands: [...commands, awaitSignIn],
  };
}

/** Somebody was signed in. */
export function signedIn<S extends FailoverState>(state: S): S {
  if (state.kind !== 'primary' || state.signInAway === undefined) return state;
  const { signInAway: _, tried: __, ...primary } = state;
  return primary as S;
}

/** Nothing is known any more, not even whether there is a network. */
export function judgeAfresh(behind: Settled, now: EpochMs): Step {
  if (isHeldAway(behind)) return stay(behind, dropControl, probeNeutral);
  if (behind.kind === 'continuity' && behind.away === 'both') {
    return stay(behind, dropControl, probeGreeting('reading'));
  }
  const step = suspectReading(signedIn(behind), now);
  return { state: step.state, commands: [dropControl, ...step.commands] };
}

/** The network is known to be there, nothing else is. */
export function judgeFromNetwork(behind: Settled, now: EpochMs): Step {
  if (isHeldAway(behind)) return stay(behind, recheckLater);
  if (behind.kind === 'continuity' && behind.away === 'both') {
    return stay(behind, probeGreeting('reading'));
  }
  const step = suspectReading(behind, now);
  return { state: { ...step.state, stage: 'greeting' } as Suspect, commands: [probeGreeting('reading')] };
}

/** Everything has been carried over. Comes late, or while Exchange is doubted again; not while it is away. */
export function finishOutage(state: FailoverState, now: EpochMs): Step {
  const finished = (reconciling: Reconciling): [Primary, FailoverCommand] => [
    { kind: 'primary', since: now, ...(isHeldToExchange(reconciling) ? heldByPerson : {}) },
    { kind: 'endOutage', at: Math.max(reconciling.since, reconciling.outage.since) },
  ];
  if (isReconciling(state)) {
    const [primary, endOutage] = finished(state);
    return { state: primary, commands: [endOutage] };
  }
  if ('behind' in state && isReconciling(state.behind)) {
    const [primary, endOutage] = finished(state.behind);
    return { state: { ...state, behind: primary }, commands: [endOutage] };
  }
  return stay(state);
}

/**
 * Bulletins and the person outrank what was seen. Whatever was decreed before is lifted, unless it is decreed still.
 */
export function decreed(state: FailoverState, decree: Decree, now: EpochMs): Step {
  switch (decree) {
    case 'none':
      return lift(state, now);
    case 'chosenExchange':
      return holdToExchange(state, now);
    case 'chosenContinuity':
      return holdAway(state, 'person', 'chosen', now);
    case 'quiet':
      return beginQuiet(state, now);
    case 'outage':
      return holdAway(state, 'bulletin', 'declared', now);
    case 'drill':
      return holdAway(state, 'bulletin', 'drill', now);
    case 'incident':
      return declareIncident(state, now);
  }
}

/** Exchange is judged again, by evidence alone. */
function lift(state: FailoverState, now: EpochMs): Step {
  switch (state.kind) {
    case 'incident':
      return toContinuity(state.outage, 'both', now);
    case 'quiet':
      return judgeAfresh(state.behind, now);
    case 'offline':
      return isHeld(state.behind) ? stay({ ...state, behind: letGo(state.behind) }) : stay(state);
    case 'suspect':
      return isHeldToExchange(state.behind) ? stay({ ...state, behind: letGo(state.behind) }) : stay(state);
    default:
      if (isHeldAway(state)) return toContinuity(state.outage, 'both', now);
      return isHeldToExchange(state) ? believeIn(letGo(state)) : stay(state);
  }
}

function beginQuiet(state: FailoverState, now: EpochMs): Step {
  if (state.kind === 'quiet') return stay(state);
  const quiet: Quiet = { kind: 'quiet', since: now, behind: letGo(behindOf(state, now)) };
  return { state: quiet, commands: [rest] };
}

/** A laptop without a network stays offline, and goes through continuity when it is back. */
function holdAway(
  state: FailoverState,
  heldBy: 'bulletin' | 'person',
  cause: 'declared' | 'drill' | 'chosen',
  now: EpochMs,
): Step {
  const behind = behindOf(state, now);
  if (state.kind !== 'quiet' && isHeldAway(behind) && behind.heldBy === heldBy) return stay(state);
  const open = outageOf(state);
  const outage = open ?? { since: now, cause };
  const held: EverythingAway = { kind: 'continuity', away: 'both', since: now, outage, heldBy };
  return {
    state: state.kind === 'offline' ? { ...state, behind: held } : held,
    commands: [rest, ...(open === null ? [{ kind: 'beginOutage', outage } as const] : []), recheckLater],
  };
}

function declareIncident(state: FailoverState, now: EpochMs): Step {
  if (state.kind === 'incident') return stay(state);
  const open = outageOf(state);
  const outage = open ?? { since: now, cause: 'incident' };
  const incident: Incident = { kind: 'incident', since: now, outage };
  return { state: incident, commands: open === null ? [rest, { kind: 'beginOutage', outage }] : [rest] };
}

/** Exchange is to be told of it after the window, as after an outage. */
export function leftUrgently(state: FailoverState, now: EpochMs): Step {
  if (state.kind !== 'quiet' || state.behind.kind !== 'primary') return stay(state);
  const outage: Outage = { since: now, cause: 'maintenance' };
  return {
    state: { ...state, behind: { kind: 'returning', stage: 'reconciling', since: now, outage } },
    commands: [{ kind: 'beginOutage', outage }],
  };
}

/** An outage that is open is carried over at once, without a hold-down. */
function holdToExchange(state: FailoverState, now: EpochMs): Step {
  if (state.kind !== 'quiet' && isHeldToExchange(behindOf(state, now))) return stay(state);
  const outage = outageOf(state);
  const held: Primary | Reconciling =
    outage === null
      ? { kind: 'primary', since: now, ...heldByPerson }
      : { kind: 'returning', stage: 'reconciling', since: now, outage, ...heldByPerson };
  return state.kind === 'offline' ? stay({ ...state, behind: held }) : believeIn(held);
}

const heldByPerson = { heldBy: 'person' } as const;

/** Whether a bulletin or the person says that everything is away. */
export function isHeldAway(state: FailoverState): state is HeldAway {
  return state.kind === 'continuity' && state.away === 'both' && state.heldBy !== undefined;
}

function isHeldToExchange(state: FailoverState): state is HeldToExchange {
  return (
    (state.kind === 'primary' || (state.kind === 'returning' && state.stage === 'reconciling')) &&
    state.heldBy !== undefined
  );
}

const isHeld = (state: FailoverState): state is HeldAway | HeldToExchange =>
  isHeldAway(state) || isHeldToExchange(state);

/** The same, left to the evidence. */
function letGo<S extends Settled>(behind: S): S {
  if (!isHeld(behind)) return behind;
  const { heldBy: _, ...rest } = behind as S & { readonly heldBy?: unknown };
  return rest as S;
}

export const continuity = (outage: Outage, away: Away, since: EpochMs): EverythingAway | SendingAway =>
  away === 'both' ? { kind: 'continuity', away, since, outage } : { kind: 'continuity', away, since, outage };

const isReconciling = (state: FailoverState): state is Reconciling =>
  state.kind === 'returning' && state.stage === 'reconciling';

/** The open outage; null while there is none. */
export function outageOf(state: FailoverState): Outage | null {
  if ('outage' in state) return state.outage;
  return 'behind' in state ? outageOf(state.behind) : null;
}

function behindOf(state: FailoverState, now: EpochMs): Settled {
  if ('behind' in state) return state.behind;
  if (state.kind === 'incident') return continuity(state.outage, 'both', now);
  if (state.kind === 'returning' && state.stage === 'holdDown') {
    return continuity(state.outage, state.away, now);
  }
  return state;
}
