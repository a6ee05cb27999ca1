import { describe, expect, it } from 'vitest';
import { isTime, windowStart } from './window.ts';

const day = 86_400_000;
const today = Date.UTC(2026, 10, 24);

describe('the window', () => {
  it.each([
    ['the clock is right', today, today - day, today - 30 * day],
    ['nothing is known', today, null, today - 30 * day],
    ['the clock is a year ahead', today + 365 * day, today, today - 30 * day],
    ['the clock is a year behind', today - 365 * day, today, today - 395 * day],
    ['nothing came for long', today, today - 40 * day, today - 70 * day],
  ])('where %s', (_, now, newest, start) => {
    expect(windowStart(now, 30, newest)).toBe(start);
  });
});

it.each([
  ['comes', today + 1, false],
  ['is now', today, true],
  ['was', today - 1, true],
  ['was set by a clock that was ahead', today + 365 * day, true],
])('time for what was put off %s', (_, dueAt, is) => {
  expect(isTime(dueAt, today, 1000)).toBe(is);
});
