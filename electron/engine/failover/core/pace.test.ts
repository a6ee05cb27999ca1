import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Pace, pauseOf, placeOf, untilTurn } from './pace.ts';
import type { FailoverCommand, FailoverState } from './state.ts';

const pace: Pace = { probeMs: 2000, deadlineMs: 3000, holdDownMs: 60_000, spreadMs: 90_000, place: 0.5 };
const primary: FailoverState = { kind: 'primary', since: 0 };
const away: FailoverState = {
  kind: 'continuity',
  away: 'both',
  since: 0,
  outage: { since: 0, cause: 'refused' },
};
const recheckLater = { kind: 'wait', timer: 'recheck', pace: 'long' } satisfies FailoverCommand;
const address = fc.emailAddress();

describe('the pace of a laptop', () => {
  it('is a few seconds at Exchange, and a turn of its own in continuity', () => {
    expect(pauseOf(recheckLater, primary, pace, 0)).toBe(5000);
    expect(pauseOf(recheckLater, away, pace, 0)).toBe(45_000);
    expect(pauseOf(recheckLater, away, pace, 45_000)).toBe(90_000);
    expect(pauseOf(recheckLater, away, { ...pace, spreadMs: 0 }, 45_000)).toBe(5000);
  });

  it('gives everybody a turn soon enough and not too soon, at the same place in every round, whatever the clock says', () => {
    fc.assert(
      fc.property(
        address,
        fc.integer({ min: 0, max: 600_000 }),
        fc.nat(10_000),
        fc.integer({ min: -(2 ** 43), max: 2 ** 43 }),
        (whose, spreadMs, earliestMs, now) => {
          const turn = untilTurn({ spreadMs, place: placeOf(whose) }, earliestMs, now);
          expect(turn).toBeGreaterThanOrEqual(earliestMs);
          expect(turn).toBeLessThanOrEqual(earliestMs + spreadMs);
          if (spreadMs === 0) return;
          const again = untilTurn({ spreadMs, place: placeOf(whose) }, earliestMs, now + turn + 1);
          const round = (1 + again) % spreadMs;
          expect(Math.min(round, spreadMs - round)).toBeLessThan(1.1);
        },
      ),
    );
  });

  it('lets at most 2% of a fleet come in any second, however many of them begin to wait together', () => {
    const perSecond = (company: string, now: number, seconds: readonly number[]): number => {
      const counts = new Map<number, number>();
      for (const [index, second] of seconds.entries()) {
        const begun = now + second * 1000;
        const at = begun + untilTurn({ spreadMs: 90_000, place: placeOf(`p${index}@${company}`) }, 0, begun);
        const when = Math.floor(at / 1000);
        counts.set(when, (counts.get(when) ?? 0) + 1);
      }
      return Math.max(...counts.values());
    };
    const size = 20_000;
    fc.assert(
      fc.property(fc.domain(), fc.nat(2 ** 42), fc.integer({ min: 1, max: 15 }), (company, now, within) => {
        const seconds = Array.from({ length: size }, (_, index) => index % within);
        expect(perSecond(company, now, seconds)).toBeLessThanOrEqual(size * 0.02);
      }),
      { numRuns: 6 },
    );
  });
});
