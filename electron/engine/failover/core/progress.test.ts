import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMoving, leastBytes, type Progress, withBytes } from './progress.ts';

const given = (came: readonly (readonly [at: number, bytes: number])[]): Progress =>
  came.reduce<Progress>((progress, [at, bytes]) => withBytes(progress, bytes, at), []);

describe('bytes that come from Exchange', () => {
  it('are progress while a slow line carries them in turns', () => {
    const turns = Array.from({ length: 30 }, (_, turn) => [turn * 1100, 65_536] as const);
    for (const [at] of turns)
      expect(isMoving(given(turns.filter(([when]) => when <= at)), 2000, at)).toBe(true);
    expect(isMoving(given(turns), 2000, 29 * 1100 + 1999)).toBe(true);
  });

  it('are none when they drip, however long', () => {
    const drips = Array.from({ length: 300 }, (_, second) => [second * 1000, 1] as const);
    expect(isMoving(given(drips), 2000, 300_000)).toBe(false);
  });

  it('count for no moment but those just after them, whatever the clock does', () => {
    const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.nat(100_000)), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        history,
        fc.integer({ min: 0, max: 120_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        (came, now, ms) => {
          const recent = came.filter(([at]) => at <= now && at > now - ms);
          const isEnough = recent.reduce((sum, [, bytes]) => sum + bytes, 0) >= leastBytes;
          return isEnough || !isMoving(given(came), ms, now);
        },
      ),
    );
  });
});
