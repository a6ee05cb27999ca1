import type { AppError } from '../../../../shared/errors.ts';
import type { OutageCause } from '../../../../shared/model/failover.ts';
import type { EpochMs } from '../../../../shared/model/ids.ts';
import type { Route } from '../../../../shared/model/route.ts';
import { causeOf, failuresNeeded, isUpToUs } from './evidence.ts';
import type {
  Away,
  Capability,
  EverythingAway,
  FailoverCommand,
  FailoverEvent,
  FailoverState,
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

/** Where a new account begins. Send `woke` to set it going, as after every restart. */
export function initialState(now: EpochMs): FailoverState {
  return { kind: 'primary', since: now };
}

/**
 * The whole of failover: what an event means in a state, and what is to be done about it. Total, and an event that
 * means nothing leaves the very same state. `now` only stamps; durations are timers, so a clock that jumps decides
 * nothing.
 */
export function step(state: FailoverState, event: FailoverEvent, now: EpochMs): Step {
  switch (event.kind) {
    case 'incidentDeclared':
      return declareIncident(state, now);
    case 'quietBegan':
      return beginQuiet(state, now);
    case 'overridden':
      return override(state, event.route, now);
    case 'reconciled':
      return finishOutage(state, now);
    default:
      return within(state, event, now);
  }
}

function within(state: FailoverState, event: FailoverEvent, now: EpochMs): Step {
  switch (state.kind) {
    case 'primary':
      return onExchange(state, event, now);
    case 'suspect':
      return inSuspect(state, event, now);
    case 'offline':
      return inOffline(state, event, now);
    case 'continuity':
      return inContinuity(state, event, now);
    case 'returning':
      return state.stage === 'holdDown' ? inHoldDown(state, event, now) : onExchange(state, event, now);
    case 'quiet':
      return event.kind === 'quietEnded' ? judgeAfresh(state.behind, now) : stay(state);
    case 'incident':
      return event.kind === 'incidentReleased' ? toContinuity(state.outage, 'both', now) : stay(state);
  }
}

// --- the states ---

/** Reading and sending are Exchange's; the control connection watches it, greetings do while there is none. */
function onExchange(state: Primary | Reconciling, event: FailoverEvent, now: EpochMs): Step {
  switch (event.kind) {
    case 'woke':
      return judgeAfresh(state, now);
    case 'controlAnswered':
      return stay(state, recheckLater);
    case 'controlFailed':
      return causeOf(event.error) === null
        ? stay(state, recheckSoon, reconnectLater)
        : suspectReading(state, now);
    case 'greeted':
      return stay(state, recheckLater);
    case 'notGreeted':
      return event.capability === 'sending' || causeOf(event.error) === null
        ? stay(state, recheckLater)
        : suspectReading(state, now);
    case 'traffic':
      if (!isFault(event)) return stay(state);
      return event.capability === 'reading' ? suspectReading(state, now) : suspectSending(state, now);
    case 'elapsed':
      if (event.timer === 'recheck') return stay(state, probeGreeting('reading'));
      return event.timer === 'reconnect' ? stay(state, connectControl) : stay(state);
    default:
      return stay(state);
  }
}

function inSuspect(state: Suspect, event: FailoverEvent, now: EpochMs): Step {
  switch (event.kind) {
    case 'woke':
      return judgeAfresh(state.behind, now);
    case 'controlAnswered':
      // An old connection that lives on says nothing about new ones; in this stage it is a new one.
      return state.stage === 'session' ? believeIn(state.behind) : stay(state);
    case 'controlFailed':
      return controlFailedInSuspect(state, event.error, now);
    case 'greeted':
      if (event.capability !== state.of) return stay(state);
      if (state.stage === 'session') return stay(state, recheckLater);
      if (state.stage !== 'greeting') return stay(state);
      return state.of === 'sending'
        ? believeIn(state.behind)
        : { state: { ...state, stage: 'session' }, commands: [connectControl, recheckLater] };
    case 'notGreeted': {
      if (event.capability !== state.of) return stay(state);
      if (state.stage !== 'greeting' && state.stage !== 'session') return stay(state);
      const cause = causeOf(event.error);
      return cause === null ? keepWatching(state.behind) : countFailure(state, cause);
    }
    case 'neutralReached':
      if (state.stage === 'network') {
        return { state: { ...state, stage: 'greeting' }, commands: [probeGreeting(state.of)] };
      }
      return state.stage === 'verdict' ? switchAway(state, state.cause, now) : stay(state);
    case 'neutralUnreached':
      return state.stage === 'network' || state.stage === 'verdict'
        ? goOffline(state.behind, now)
        : stay(state);
    case 'traffic':
      return event.capability === state.of && event.route === 'primary' && event.error === null
        ? believeIn(state.behind)
        : stay(state);
    case 'elapsed':
      if (event.timer !== 'recheck') return stay(state);
      if (state.stage === 'session') return stay(state, probeGreeting(state.of));
      return state.stage === 'pause'
        ? { state: { ...state, stage: 'greeting' }, commands: [probeGreeting(state.of)] }
        : stay(state);
    default:
      return stay(state);
  }
}

/** A failed sign-in counts like "not now": Exchange did greet. A doubt about reading outweighs one about sending. */
function controlFailedInSuspect(state: Suspect, error: AppError, now: EpochMs): Step {
  const cause = causeOf(error);
  if (state.of === 'sending') {
    return cause === null ? stay(state, reconnectLater) : suspectReading(state.behind, now);
  }
  if (state.stage !== 'session') return stay(state);
  return cause === null ? keepWatching(state.behind) : countFailure(state, 'unavailable');
}

function countFailure(state: Suspect, cause: OutageCause): Step {
  const failures = state.failures + 1;
  return failures >= failuresNeeded[cause]
    ? { state: { ...state, failures, stage: 'verdict', cause }, commands: [probeNeutral] }
    : {
        state: { ...state, failures, stage: 'pause' },
        commands: [cause === 'unavailable' ? recheckLater : recheckSoon],
      };
}

function inOffline(state: Offline, event: FailoverEvent, now: EpochMs): Step {
  switch (event.kind) {
    case 'woke':
      return stay(state, probeNeutral, probeGreeting('reading'));
    case 'neutralReached':
    case 'greeted':
    case 'controlAnswered':
      return judgeFromNetwork(state.behind, now);
    case 'traffic':
      return event.error === null ? judgeFromNetwork(state.behind, now) : stay(state);
    case 'neutralUnreached':
      return stay(state, recheckSoon);
    case 'elapsed':
      return event.timer === 'recheck' ? stay(state, probeNeutral, probeGreeting('reading')) : stay(state);
    default:
      return stay(state);
  }
}

function inContinuity(state: EverythingAway | SendingAway, event: FailoverEvent, now: EpochMs): Step {
  if (state.away === 'sending') {
    const step = watchReading(state, event, now);
    if (step !== null) return step;
  }
  const capability = state.away === 'both' ? 'reading' : 'sending';
  switch (event.kind) {
    case 'woke':
      return judgeAfresh(state, now);
    case 'elapsed':
      return event.timer === 'recheck' ? stay(state, probeGreeting(capability)) : stay(state);
    case 'greeted':
      if (event.capability !== capability) return stay(state);
      return state.away === 'both' ? stay(state, connectControl) : holdDown(state, now);
    case 'notGreeted':
      return event.capability === capability ? stay(state, probeNeutral) : stay(state);
    case 'controlAnswered':
      return state.away === 'both' ? holdDown(state, now) : stay(state);
    case 'controlFailed':
      if (state.away === 'sending') return stay(state);
      return isUpToUs(event.error) ? holdDown(state, now, reconnectLater) : stay(state, recheckLater);
    case 'neutralReached':
      return stay(state, recheckLater);
    case 'neutralUnreached':
      return goOffline(state, now);
    default:
      return stay(state);
  }
}

function inHoldDown(state: HoldDown, event: FailoverEvent, now: EpochMs): Step {
  const fallBack = continuity(state.outage, state.away, now);
  if (fallBack.away === 'sending') {
    const step = watchReading(fallBack, event, now);
    if (step !== null) return step.state === fallBack ? stay(state, ...step.commands) : step;
  }
  switch (event.kind) {
    case 'woke':
      return judgeAfresh(fallBack, now);
    case 'notGreeted':
      return { state: fallBack, commands: [probeNeutral] };
    case 'controlFailed':
      return causeOf(event.error) === null
        ? stay(state, reconnectLater)
        : { state: fallBack, commands: [probeNeutral] };
    case 'greeted':
      return stay(state, recheckLater);
    case 'elapsed':
      switch (event.timer) {
        case 'recheck':
          return stay(state, probeGreeting(state.away === 'both' ? 'reading' : 'sending'));
        case 'reconnect':
          return stay(state, connectControl);
        case 'holdDown':
          return believeIn({ kind: 'returning', stage: 'reconciling', since: now, outage: state.outage });
        default:
          return stay(state);
      }
    default:
      return stay(state);
  }
}

/** While only sending is away: what concerns reading, which is Exchange's still. Null: nothing does. */
function watchReading(state: SendingAway, event: FailoverEvent, now: EpochMs): Step | null {
  switch (event.kind) {
    case 'controlFailed':
      return causeOf(event.error) === null ? stay(state, reconnectLater) : suspectReading(state, now);
    case 'traffic':
      return event.capability === 'reading' && isFault(event) ? suspectReading(state, now) : null;
    case 'elapsed':
      return event.timer === 'reconnect' ? stay(state, connectControl) : null;
    default:
      return null;
  }
}

// --- from state to state ---

function stay(state: FailoverState, ...commands: FailoverCommand[]): Step {
  return { state, commands };
}

function suspectReading(
  behind: Suspect['behind'],
  now: EpochMs,
  stage: 'network' | 'greeting' = 'network',
): Step {
  return {
    state: { kind: 'suspect', since: now, failures: 0, of: 'reading', behind, stage },
    commands: [stage === 'network' ? probeNeutral : probeGreeting('reading')],
  };
}

function suspectSending(behind: Primary | Reconciling, now: EpochMs): Step {
  return {
    state: { kind: 'suspect', since: now, failures: 0, of: 'sending', behind, stage: 'network' },
    commands: [probeNeutral],
  };
}

/** The only way from primary to continuity without a person or a bulletin: see the stages of `Suspect`. */
function switchAway(state: Suspect, cause: OutageCause, now: EpochMs): Step {
  const { behind } = state;
  const away: Away = state.of === 'reading' ? 'both' : 'sending';
  if (behind.kind !== 'primary') return toContinuity(behind.outage, away, now);
  const outage: Outage = { since: state.since, cause: state.of === 'reading' ? cause : 'submission' };
  const step = toContinuity(outage, away, now);
  return { state: step.state, commands: [{ kind: 'beginOutage', outage }, ...step.commands] };
}

function toContinuity(outage: Outage, away: Away, now: EpochMs): Step {
  return {
    state: continuity(outage, away, now),
    commands: away === 'both' ? [dropControl, recheckLater] : [recheckLater],
  };
}

function holdDown(state: EverythingAway | SendingAway, now: EpochMs, ...commands: FailoverCommand[]): Step {
  return {
    state: { kind: 'returning', stage: 'holdDown', since: now, outage: state.outage, away: state.away },
    commands: [{ kind: 'wait', timer: 'holdDown' }, recheckLater, ...commands],
  };
}

function goOffline(behind: Settled, now: EpochMs): Step {
  return { state: { kind: 'offline', since: now, behind }, commands: [recheckSoon] };
}

/** Exchange has answered: what stood behind the doubt goes on. */
function believeIn(behind: Primary | SendingAway | Reconciling): Step {
  switch (behind.kind) {
    case 'primary':
    case 'continuity':
      return stay(behind, connectControl, recheckLater);
    case 'returning':
      return stay(behind, connectControl, recheckLater, { kind: 'startReconcile' });
  }
}

/** Exchange failed for a reason that is no reason to switch: look again, but do not press it. */
function keepWatching(behind: Suspect['behind']): Step {
  return stay(behind, recheckLater, reconnectLater);
}

/** Nothing is known any more, not even whether there is a network. */
function judgeAfresh(behind: Settled, now: EpochMs): Step {
  if (behind.kind === 'continuity' && behind.away === 'both') {
    return stay(behind, dropControl, probeGreeting('reading'));
  }
  const step = suspectReading(behind, now);
  return { state: step.state, commands: [dropControl, ...step.commands] };
}

/** The network is known to be there, nothing else is. */
function judgeFromNetwork(behind: Settled, now: EpochMs): Step {
  if (behind.kind === 'continuity' && behind.away === 'both') {
    return stay(behind, probeGreeting('reading'));
  }
  return suspectReading(behind, now, 'greeting');
}

/** Everything has been carried over. Comes late, or while Exchange is doubted again; not while it is away. */
function finishOutage(state: FailoverState, now: EpochMs): Step {
  const finished = (reconciling: Reconciling): [Primary, FailoverCommand] => [
    { kind: 'primary', since: now },
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

function declareIncident(state: FailoverState, now: EpochMs): Step {
  if (state.kind === 'incident') return stay(state);
  const open = outageOf(state);
  const outage = open ?? { since: now, cause: 'unavailable' };
  const incident: Incident = { kind: 'incident', since: now, outage };
  return { state: incident, commands: open === null ? [rest, { kind: 'beginOutage', outage }] : [rest] };
}

function beginQuiet(state: FailoverState, now: EpochMs): Step {
  if (state.kind === 'quiet' || state.kind === 'incident') return stay(state);
  const quiet: Quiet = { kind: 'quiet', since: now, behind: behindOf(state, now) };
  return { state: quiet, commands: [rest] };
}

/** A bulletin outranks the person, and without a network there is nothing to choose. */
function override(state: FailoverState, route: Route, now: EpochMs): Step {
  if (state.kind === 'incident' || state.kind === 'quiet' || state.kind === 'offline') return stay(state);
  const behind = behindOf(state, now);
  if (route === 'primary') {
    if (behind.kind !== 'continuity') return stay(state);
    return believeIn({ kind: 'returning', stage: 'reconciling', since: now, outage: behind.outage });
  }
  if (behind.kind === 'continuity' && behind.away === 'both') return stay(state);
  const open = outageOf(state);
  const outage = open ?? { since: now, cause: 'unavailable' };
  const step = toContinuity(outage, 'both', now);
  return open === null
    ? { state: step.state, commands: [{ kind: 'beginOutage', outage }, ...step.commands] }
    : step;
}

// --- small things ---

const connectControl: FailoverCommand = { kind: 'connectControl' };
const dropControl: FailoverCommand = { kind: 'dropControl' };
const probeNeutral: FailoverCommand = { kind: 'probeNeutral' };
const rest: FailoverCommand = { kind: 'rest' };
const recheckSoon: FailoverCommand = { kind: 'wait', timer: 'recheck', pace: 'brief' };
const recheckLater: FailoverCommand = { kind: 'wait', timer: 'recheck', pace: 'long' };
const reconnectLater: FailoverCommand = { kind: 'wait', timer: 'reconnect' };
const probeGreeting = (capability: Capability): FailoverCommand => ({ kind: 'probeGreeting', capability });

const continuity = (outage: Outage, away: Away, since: EpochMs): EverythingAway | SendingAway =>
  away === 'both' ? { kind: 'continuity', away, since, outage } : { kind: 'continuity', away, since, outage };

const isReconciling = (state: FailoverState): state is Reconciling =>
  state.kind === 'returning' && state.stage === 'reconciling';

const isFault = (event: { readonly route: Route; readonly error: AppError | null }): boolean =>
  event.route === 'primary' && event.error !== null && causeOf(event.error) !== null;

/** The open outage; null while there is none. */
export function outageOf(state: FailoverState): Outage | null {
  if ('outage' in state) return state.outage;
  return 'behind' in state ? outageOf(state.behind) : null;
}

function behindOf(state: Exclude<FailoverState, Incident>, now: EpochMs): Settled {
  if ('behind' in state) return state.behind;
  if (state.kind === 'returning' && state.stage === 'holdDown') {
    return continuity(state.outage, state.away, now);
  }
  return state;
}
