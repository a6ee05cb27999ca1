import type { EpochMs } from '../../../../shared/model/ids.ts';

const firstPauseMs = 5_000;
const longestPauseMs = 15 * 60_000;

/**
 * How long to pause after `failures` (1 or more) attempts in a row that came to nothing: 5 s, doubling, at most
 * 15 minutes. There is no last attempt: a message that waits goes on waiting.
 */
export function pauseAfter(failures: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, failures - 1));
}

export interface WaitingMessage<Id> {
  readonly id: Id;
  readonly createdAt: EpochMs;
  readonly notBefore: EpochMs;
}

export type NextAttempt<Id> =
  | { readonly kind: 'send'; readonly id: Id }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'idle' };

/**
 * The oldest message that is due; else how long until one is. A message that pauses holds up no other. A clock set
 * back cannot hold one up either: nothing waits longer than the longest pause.
 */
export function nextAttempt<Id>(waiting: readonly WaitingMessage<Id>[], now: EpochMs): NextAttempt<Id> {
  const pause = ({ notBefore }: WaitingMessage<Id>): number =>
    notBefore - now > longestPauseMs ? 0 : Math.max(0, notBefore - now);
  const [first, ...others] = waiting;
  if (first === undefined) return { kind: 'idle' };
  const next = others.reduce((best, message) => {
    const difference = pause(message) - pause(best);
    return difference < 0 || (difference === 0 && message.createdAt < best.createdAt) ? message : best;
  }, first);
  return pause(next) === 0 ? { kind: 'send', id: next.id } : { kind: 'wait', ms: pause(next) };
}
