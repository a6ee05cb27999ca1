import type { Tried } from '../../../../shared/model/evidence.ts';
import type { Step } from './moves.ts';
import type { FailoverEvent, FailoverState } from './state.ts';

/** A doubt takes seconds, and a missing network asks the same again and again. */
const longest = 12;

/**
 * Lets the state carry what it rests on: a doubt, a missing network and a sign-in that is away everything that was tried in them, an outage what
 * was tried before the switch. What is ignored is not noted.
 */
export function remember(before: FailoverState, event: FailoverEvent, next: Step): Step {
  const { state, commands } = next;
  if (state === before && commands.length === 0) return next;
  const tried = [...triedIn(before), ...(event.tried === undefined ? [] : [event.tried])].slice(-longest);
  if (tried.length === 0) return next;
  switch (state.kind) {
    case 'suspect':
    case 'offline':
      return { state: { ...state, tried }, commands };
    case 'primary':
      return state.signInAway === undefined ? next : { state: { ...state, tried }, commands };
    case 'continuity':
      return before.kind === 'suspect'
        ? { state: { ...state, outage: { ...state.outage, tried } }, commands }
        : next;
    default:
      return next;
  }
}

const triedIn = (state: FailoverState): readonly Tried[] => ('tried' in state ? (state.tried ?? []) : []);
