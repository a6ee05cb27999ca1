import { expect, it } from 'vitest';
import { retryDelay } from './backoff.ts';

it('waits twice as long after each failure, up to a minute', () => {
  expect([1, 2, 3, 6, 7, 8, 100].map((failures) => retryDelay(failures, 0))).toEqual([
    1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000,
  ]);
});

it('shortens a pause by up to a third', () => {
  expect([0, 0.5, 1].map((random) => retryDelay(3, random))).toEqual([4000, 3333, 2667]);
});
