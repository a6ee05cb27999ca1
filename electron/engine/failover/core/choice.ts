import type { EpochMs } from '../../../../shared/model/ids.ts';
import type { Route } from '../../../../shared/model/route.ts';
import type { Decree } from './state.ts';

/** The way that the person chose, against or without evidence. */
export interface Choice {
  readonly route: Route;
  readonly at: EpochMs;
}

const hourMs = 60 * 60_000;
/** A clock that is set right by minutes ends nobody's choice. */
const toleranceMs = 10 * 60_000;

/** When a choice ends by itself: `hours` after it was made. */
export const endOfChoice = ({ at }: Choice, hours: number): EpochMs => at + hours * hourMs;

/**
 * Whether a choice counts still. One whose age cannot be known, since the clock was set back behind it, does not: Relevo
 * deciding is always safe.
 */
export function choiceHolds(choice: Choice, hours: number, now: EpochMs): boolean {
  return now >= choice.at - toleranceMs && now < endOfChoice(choice, hours);
}

export const decreeOf = ({ route }: Choice): Decree =>
  route === 'primary' ? 'chosenExchange' : 'chosenContinuity';
