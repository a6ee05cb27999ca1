import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAttempt, pauseAfter } from './next-attempt.ts';

const longest = 15 * 60_000;
const message = (id: string, createdAt: number, notBefore = createdAt) => ({ id, createdAt, notBefore });

describe('the pause after attempts that came to nothing', () => {
  it('begins with 5 seconds, doubles, and ends at 15 minutes', () => {
    expect([1, 2, 3, 4, 8, 9, 1000].map(pauseAfter)).toEqual([
      5_000,
      10_000,
      20_000,
      40_000,
      640_000,
      longest,
      longest,
    ]);
  });
});

describe('the next attempt', () => {
  it('is nobody’s when nothing waits', () => {
    expect(nextAttempt([], 0)).toEqual({ kind: 'idle' });
  });

  it('is that of the oldest message that is due', () => {
    expect(nextAttempt([message('b', 20), message('a', 10)], 30)).toEqual({ kind: 'send', id: 'a' });
  });

  it('passes over a message that pauses', () => {
    expect(nextAttempt([message('a', 10, 90), message('b', 20)], 30)).toEqual({ kind: 'send', id: 'b' });
  });

  it('comes when the first pause is over', () => {
    expect(nextAttempt([message('a', 10, 90), message('b', 20, 70)], 30)).toEqual({ kind: 'wait', ms: 40 });
  });

  it('is at once when the clock was set back since', () => {
    expect(nextAttempt([message('a', 10_000_000, 10_000_000)], 30)).toEqual({ kind: 'send', id: 'a' });
  });

  it('always comes while something waits, within the longest pause, whatever the clock says', () => {
    const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
    const waiting = fc.array(fc.record({ id: fc.nat(), createdAt: time, notBefore: time }), { minLength: 1 });
    fc.assert(
      fc.property(waiting, time, (messages, now) => {
        const next = nextAttempt(messages, now);
        expect(next.kind === 'send' || (next.kind === 'wait' && next.ms > 0 && next.ms <= longest)).toBe(
          true,
        );
        if (next.kind === 'wait') expect(nextAttempt(messages, now + next.ms).kind).toBe('send');
      }),
    );
  });
});
