import type { EpochMs } from '../../../../shared/model/ids.ts';
import { shareOf } from './bulletin.ts';
import type { FailoverCommand, FailoverState } from './state.ts';

/** How fast the machine's commands are carried out, in milliseconds. */
export interface Pace {
  readonly probeMs: number;
  readonly deadlineMs: number;
  readonly holdDownMs: number;
  /** Over how long all laptops together come to a server that they were not at; 0: at once. */
  readonly spreadMs: number;
  /** Where in that time this laptop has its turn, from 0 to below 1. */
  readonly place: number;
}

/** After a refused sign-in, in signs of life: a minute by default. Too many refused sign-ins lock an account. */
const reconnectAfterProbes = 30;

/** The same at every start. */
export const placeOf = (address: string): number => shareOf(`spread ${address.toLowerCase()}`) / 100;

/**
 * Until this laptop's next turn that is not within `earliestMs`. Turns come every `spreadMs`, and all laptops' turns are
 * spread evenly over it, whenever each begins to wait: 20,000 laptops and 90 s make 222 in a second. A clock that is set
 * moves a turn by less than `spreadMs`.
 */
export function untilTurn(
  { spreadMs, place }: Pick<Pace, 'spreadMs' | 'place'>,
  earliestMs: number,
  now: EpochMs,
): number {
  if (spreadMs === 0) return earliestMs;
  const late = (place * spreadMs - now - earliestMs) % spreadMs;
  return earliestMs + (late < 0 ? late + spreadMs : late);
}

/**
 * How long to wait in `state`. A long recheck is when a control connection that is alive has answered once more; in
 * continuity it is this laptop's turn to knock, since Exchange comes back for everybody at the same moment.
 */
export function pauseOf(
  command: Extract<FailoverCommand, { kind: 'wait' }>,
  state: FailoverState,
  pace: Pace,
  now: EpochMs,
): number {
  const { probeMs, deadlineMs, holdDownMs } = pace;
  switch (command.timer) {
    case 'recheck':
      if (command.pace === 'prompt') return probeMs / 2;
      if (command.pace === 'brief') return probeMs;
      return state.kind === 'continuity' ? untilTurn(pace, probeMs + deadlineMs, now) : probeMs + deadlineMs;
    case 'reconnect':
      return probeMs * reconnectAfterProbes;
    case 'holdDown':
      return holdDownMs;
  }
}
