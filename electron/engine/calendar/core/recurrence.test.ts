import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { dayMs, type Rule } from './event.ts';
import { expand } from './recurrence.ts';

const start = Date.UTC(2026, 0, 5, 9);
const rule = (change: Partial<Rule>): Rule => ({
  frequency: 'weekly',
  interval: 1,
  count: null,
  until: null,
  byDay: [],
  byMonthDay: [],
  byMonth: [],
  bySetPos: [],
  weekStart: 1,
  ...change,
});
const days = (times: readonly number[]) => times.map((time) => new Date(time).toISOString().slice(0, 10));
const all = { from: start, until: start + 4 * 365 * dayMs, limit: null };

describe('the times of a series', () => {
  it('are those of every other week on two days', () => {
    const times = expand(
      rule({
        interval: 2,
        byDay: [
          { nth: 0, day: 1 },
          { nth: 0, day: 4 },
        ],
      }),
      start,
      all,
    );
    expect(days(times.slice(0, 4))).toEqual(['2026-01-05', '2026-01-08', '2026-01-19', '2026-01-22']);
  });

  it('are the last weekday of each month', () => {
    const byDay = [1, 2, 3, 4, 5].map((day) => ({ nth: 0, day }));
    const times = expand(rule({ frequency: 'monthly', byDay, bySetPos: [-1], count: 3 }), start, all);
    expect(days(times)).toEqual(['2026-01-05', '2026-01-30', '2026-02-27']);
  });

  it('count from the first one also where the view begins later', () => {
    const span = { ...all, from: start + 8 * dayMs };
    expect(days(expand(rule({ frequency: 'daily', count: 10 }), start, span))).toEqual([
      '2026-01-13',
      '2026-01-14',
    ]);
  });

  it('end for a rule that no day fits, and for one without an end', () => {
    const never = rule({ frequency: 'yearly', byMonth: [2], byMonthDay: [30] });
    expect(expand(never, start, { ...all, until: Number.POSITIVE_INFINITY })).toEqual([start]);
    const endless = rule({ frequency: 'daily' });
    expect(expand(endless, start, { ...all, until: Number.POSITIVE_INFINITY }).length).toBeLessThanOrEqual(
      5000,
    );
  });

  // The other library never ends for some rules that no day fits, and counts months of a monthly series otherwise: it is
  // asked for what it is known to do, the series that people make.
  const someRule = fc.record({
    frequency: fc.constantFrom('daily' as const, 'weekly' as const, 'monthly' as const),
    interval: fc.integer({ min: 1, max: 4 }),
    byDay: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 }),
    nth: fc.constantFrom(0, 1, 2, 4, -1),
  });
  const names = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

  it('are those that another library finds', () => {
    fc.assert(
      fc.property(someRule, ({ frequency, interval, byDay, nth }) => {
        const placed = byDay.map((day) => ({ nth: frequency === 'monthly' ? nth : 0, day }));
        const named = placed.map((one) => `${one.nth === 0 ? '' : one.nth}${names[one.day]}`);
        const text = `FREQ=${frequency.toUpperCase()};INTERVAL=${interval};WKST=MO;BYDAY=${named}`;
        const first = ICAL.Time.fromDateTimeString('2026-01-05T09:00:00');
        const iterator = ICAL.Recur.fromString(text).iterator(first);
        const theirs: string[] = [];
        for (let next = iterator.next(); next !== null && next.year < 2029; next = iterator.next())
          theirs.push(next.toString().slice(0, 10));
        const span = { from: start, until: Date.UTC(2029, 0, 1), limit: null };
        const ours = days(expand(rule({ frequency, interval, byDay: placed }), start, span));
        // Ours has the first one in any case: it is the organiser's own time.
        const others = (found: readonly string[]) => found.filter((day) => day !== '2026-01-05');
        expect(others(ours)).toEqual(others(theirs));
      }),
    );
  });
});
