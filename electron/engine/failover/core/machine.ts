import type { AppError } from '../../../../shared/errors.ts';
import type { SignKind } from '../../../../shared/model/evidence.ts';
import type { Fault } from '../../../../shared/model/failover.ts';
import type { EpochMs } from '../../../../shared/model/ids.ts';
import type { Route } from '../../../../shared/model/route.ts';
import { causeOf, failuresNeeded, isUpToUs, type OtherDoors, signOf, signs } from './evidence.ts';
import {
  awaitSignIn,
  believeIn,
  connectControl,
  continuity,
  decreed,
  finishOutage,
  goOffline,
  holdDown,
  isHeldAway,
  judgeAfresh,
  judgeFromNetwork,
  keepWatching,
  leftUrgently,
  lookAgain,
  probeGreeting,
  probeNeutral,
  recheckLater,
  recheckPromptly,
  recheckSoon,
  reconnectLater,
  relapse,
  type Step,
  signedIn,
  stay,
  suspectReading,
  suspectSending,
  switchAway,
  watchWithoutSignIn,
} from './moves.ts';
import { remember } from './remember.ts';
import type {
  EverythingAway,
  FailoverEvent,
  FailoverState,
  HoldDown,
  Offline,
  Primary,
  Reconciling,
  SendingAway,
  Suspect,
} from './state.ts';

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
  return remember(state, event, decide(state, event, now));
}

function decide(state: FailoverState, event: FailoverEvent, now: EpochMs): Step {
  switch (event.kind) {
    case 'decreed':
      return decreed(state, event.decree, now);
    case 'leftUrgently':
      return leftUrgently(state, now);
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
      return isHeldAway(state) ? inHeldAway(state, event, now) : inContinuity(state, event, now);
    case 'returning':
      return state.stage === 'holdDown' ? inHoldDown(state, event, now) : onExchange(state, event, now);
    case 'quiet':
    case 'incident':
      return stay(state);
  }
}

/** Reading and sending are Exchange's; the control connection watches it, greetings do while there is none. */
function onExchange(state: Primary | Reconciling, event: FailoverEvent, now: EpochMs): Step {
  switch (event.kind) {
    case 'woke':
      return judgeAfresh(state, now);
    case 'networkChanged':
      return stay(state, connectControl);
    case 'controlAnswered':
      return stay(signedIn(state), recheckLater);
    case 'controlFailed':
      return failedOnExchange(state, event.error, now) ?? keepWatching(state);
    case 'greeted':
      return stay(state, recheckLater);
    case 'notGreeted':
      if (event.capability === 'sending') return stay(state, recheckLater);
      return failedOnExchange(state, event.error, now) ?? stay(state, recheckLater);
    case 'neutralUnreached':
      return goOffline(state, now, event.why);
    case 'traffic':
      if (!isFault(event)) return stay(state);
      return event.capability === 'reading'
        ? suspectReading(state, now, announcedBy(event.error))
        : suspectSending(state, now);
    case 'elapsed':
      switch (event.timer) {
        case 'recheck':
          return stay(state, probeGreeting('reading'));
        case 'reconnect':
          return stay(state, connectControl);
        case 'signIn':
          return state.kind === 'primary' && state.signInAway !== undefined
            ? doubtSignIn(state, now)
            : stay(state);
        default:
          return stay(state);
      }
    default:
      return stay(state);
  }
}

/** Null: nothing that leads anywhere. */
function failedOnExchange(state: Primary | Reconciling, error: AppError, now: EpochMs): Step | null {
  const sign = signOf(error);
  switch (sign) {
    case 'signInAway':
      return watchWithoutSignIn(state, now);
    case 'queued':
      return lookAgain(state);
    case 'stranger':
      // Who stands there instead of Exchange? A captive portal stands there instead of everybody.
      return stay(state, probeNeutral, recheckSoon, reconnectLater);
    case 'elsewhere':
      return suspectReading(state, now);
    default:
      return signs[sign].fault === null ? null : suspectReading(state, now, announcedBy(error));
  }
}

/** Nobody has been able to sign in for as long as policy allows: what is left to ask is whether there is a network. */
function doubtSignIn(state: Primary, now: EpochMs): Step {
  const verdict = { failures: 0, of: 'reading', behind: state, stage: 'verdict', cause: 'signIn' } as const;
  return { state: { kind: 'suspect', since: state.signInAway ?? now, ...verdict }, commands: [probeNeutral] };
}

function inSuspect(state: Suspect, event: FailoverEvent, now: EpochMs): Step {
  switch (event.kind) {
    case 'woke':
    case 'networkChanged':
      return judgeAfresh(state.behind, now);
    case 'controlAnswered':
      // An old connection that lives on says nothing about new ones; in this stage it is a new one.
      return state.stage === 'session' ? believeIn(signedIn(state.behind)) : stay(state);
    case 'controlFailed':
      return controlFailedInSuspect(state, event.error, now);
    case 'greeted':
      if (event.capability !== state.of) return stay(state);
      if (state.stage === 'session') return stay(state, recheckLater);
      if (state.stage !== 'greeting' && state.stage !== 'network') return stay(state);
      return state.of === 'sending'
        ? believeIn(state.behind)
        : { state: { ...state, stage: 'session' }, commands: [connectControl, recheckLater] };
    case 'notGreeted':
      if (event.capability !== state.of) return stay(state);
      if (state.stage === 'network') return stay({ ...state, isGreetingDue: true });
      if (state.stage !== 'greeting' && state.stage !== 'session') return stay(state);
      return failedAgain(state, signOf(event.error), event.doors ?? 'unknown', now);
    case 'neutralReached':
      if (state.stage === 'network') {
        const { isGreetingDue = false, ...greeting } = { ...state, stage: 'greeting' as const };
        return { state: greeting, commands: isGreetingDue ? [probeGreeting(state.of)] : [] };
      }
      return state.stage === 'verdict' ? switchAway(state, state.cause, now) : stay(state);
    case 'neutralUnreached':
      return state.stage === 'network' || state.stage === 'verdict'
        ? goOffline(state.behind, now, event.why)
        : stay(state);
    case 'traffic':
      if (event.route !== 'primary') return stay(state);
      if (event.capability === 'sending' && isFault(event)) return awaited(state);
      if (event.capability !== state.of) return stay(state);
      return event.error === null ? believeIn(state.behind) : heardOfEnd(state, event.error);
    case 'elapsed':
      if (event.timer === 'signIn') return stay(state, awaitSignIn);
      if (event.timer !== 'recheck') return stay(state);
      if (state.stage === 'session') return stay(state, probeGreeting(state.of));
      return state.stage === 'pause'
        ? { state: { ...unpaused(state), stage: 'greeting' }, commands: [probeGreeting(state.of)] }
        : stay(state);
    default:
      return stay(state);
  }
}

/**
 * Silence at sign-in counts like any silence, and nobody listening any more like any refusal; other failures there count
 * like "not now", since Exchange did greet.
 * A doubt about reading outweighs one about sending.
 */
function controlFailedInSuspect(state: Suspect, error: AppError, now: EpochMs): Step {
  const sign = signOf(error);
  const counts = signs[sign].fault !== null;
  if (state.of === 'sending') {
    return counts ? suspectReading(state.behind, now, { isAwaited: true }) : stay(state, reconnectLater);
  }
  if (state.stage !== 'session') return heardOfEnd(state, error);
  const hasGreeted = counts && sign !== 'silent' && sign !== 'refused';
  return failedAgain(state, hasGreeted ? 'notNow' : sign, 'unknown', now);
}

/** One of several connections heard a BYE, though another one was the first to be lost. */
const heardOfEnd = (state: Suspect, error: AppError): Step =>
  stay(
    isGoingDown(error) && state.wasAnnounced === undefined
      ? { ...unpaused(state), wasAnnounced: true }
      : state,
  );

const isGoingDown = (error: AppError | null): boolean => error !== null && signOf(error) === 'goingDown';

const announcedBy = (error: AppError | null): Pick<Suspect, 'wasAnnounced'> =>
  isGoingDown(error) ? { wasAnnounced: true } : {};

/** A message could not leave by Exchange: what has been seen may be enough for somebody who waits. */
function awaited(state: Suspect): Step {
  if (state.isAwaited === true) return stay(state);
  const known: Suspect = { ...state, isAwaited: true };
  return known.stage === 'pause' && known.onceAwaited !== undefined
    ? verdict(unpaused(known), known.onceAwaited)
    : stay(known);
}

const verdict = (state: Suspect, cause: Fault): Step => ({
  state: { ...state, stage: 'verdict', cause },
  commands: [probeNeutral],
});

/** Without what only a pause knows. */
function unpaused(state: Suspect): Suspect {
  if (state.stage !== 'pause') return state;
  const { onceAwaited: _, ...known } = state;
  return known;
}

/** On a fresh connection, while the network was there. */
function failedAgain(state: Suspect, sign: SignKind, doors: OtherDoors, now: EpochMs): Step {
  const { fault, weight } = signs[sign];
  if (sign === 'signInAway') return watchWithoutSignIn(state.behind, now);
  if (sign === 'elsewhere') return goOffline(state.behind, now, 'elsewhere');
  if (sign === 'queued') return lookAgain(state.behind);
  if (fault === null) return keepWatching(state.behind);
  const counted: Suspect = {
    ...state,
    failures: state.failures + 1,
    ...(weight === 'slowly' ? {} : { wasDown: true }),
  };
  if (counted.failures >= failuresNeeded(sign, doors, counted)) return verdict(counted, fault);
  const isEnoughOnceAwaited =
    counted.failures >= failuresNeeded(sign, doors, { ...counted, isAwaited: true });
  const isPrompt = failuresNeeded(sign, doors, { ...counted, isAwaited: true }) === 2 && !isEnoughOnceAwaited;
  return {
    state: { ...counted, stage: 'pause', ...(isEnoughOnceAwaited ? { onceAwaited: fault } : {}) },
    commands: [weight === 'slowly' ? recheckLater : isPrompt ? recheckPromptly : recheckSoon],
  };
}

function inOffline(state: Offline, event: FailoverEvent, now: EpochMs): Step {
  const look = isHeldAway(state.behind) ? [probeNeutral] : [probeNeutral, probeGreeting('reading')];
  switch (event.kind) {
    case 'woke':
    case 'networkChanged':
      return stay(state, ...look);
    case 'neutralReached':
      return state.why === 'elsewhere' && state.behind.kind !== 'continuity'
        ? stay(state, recheckSoon)
        : judgeFromNetwork(state.behind, now);
    case 'notGreeted':
      return state.why === 'elsewhere' && causeOf(event.error) !== null
        ? judgeFromNetwork(state.behind, now)
        : stay(state);
    case 'greeted':
    case 'controlAnswered':
      return judgeFromNetwork(state.behind, now);
    case 'traffic':
      return event.error === null ? judgeFromNetwork(state.behind, now) : stay(state);
    case 'neutralUnreached':
      return state.why === event.why
        ? stay(state, recheckSoon)
        : goOffline(state.behind, state.since, event.why);
    case 'elapsed':
      return event.timer === 'recheck' ? stay(state, ...look) : stay(state);
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
    case 'networkChanged':
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

/** Only whether there is a network is looked at. */
function inHeldAway(state: EverythingAway, event: FailoverEvent, now: EpochMs): Step {
  switch (event.kind) {
    case 'woke':
      return judgeAfresh(state, now);
    case 'elapsed':
      return event.timer === 'recheck' ? stay(state, probeNeutral) : stay(state);
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
      return relapse(state, now);
    case 'controlFailed':
      return causeOf(event.error) === null ? stay(state, reconnectLater) : relapse(state, now);
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

const isFault = (event: { readonly route: Route; readonly error: AppError | null }): boolean =>
  event.route === 'primary' && event.error !== null && causeOf(event.error) !== null;
