import type { EpochMs } from '../../../../shared/model/ids.ts';

const dayMs = 86_400_000;
/** What the server did not give when it was asked (stubs, items it cannot render) is asked for again after this long. */
export const withheldMs = 15 * 60_000;

/**
 * Where the window begins: so many days before now. If the newest mail that Exchange has came before that, the laptop's
 * clock may be ahead, and the days are counted from that mail, so that no clock hides or removes what came last. A clock
 * that is behind makes the window longer.
 */
export function windowStart(now: EpochMs, days: number, newest: EpochMs | null): EpochMs {
  const byClock = now - days * dayMs;
  return newest === null || newest >= byClock ? byClock : newest - days * dayMs;
}

/**
 * Whether it is time for what was put off, by at most `longestMs`, until `dueAt`. What is further away was put off by a
 * clock that has been set back since.
 */
export function isTime(dueAt: EpochMs, now: EpochMs, longestMs: number): boolean {
  return dueAt <= now || dueAt > now + longestMs;
}
