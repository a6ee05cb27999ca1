import { describe, expect, it } from 'vitest';
import { figure, median, quantile, table } from './figure.ts';

describe('figures', () => {
  it('are compared with their peer, and keep to the ratio or not', () => {
    const measured = { name: 'usable list', value: 1512.4, unit: 'ms', reference: 1000, must: 1.5 } as const;
    expect(figure('start', measured)).toEqual({
      series: 'start',
      name: 'usable list',
      value: 1512,
      unit: 'ms',
      reference: 1000,
      ratio: 1.51,
      must: 1.5,
      met: false,
    });
    expect(figure('start', { ...measured, must: 1.6 }).met).toBe(true);
  });

  it('without a peer keep to the value or not', () => {
    expect(figure('start', { name: 'engine', value: 120.456, unit: 'MB', must: 100 })).toEqual({
      series: 'start',
      name: 'engine',
      value: 120,
      unit: 'MB',
      must: 100,
      met: false,
    });
  });

  it('may miss an aim', () => {
    const missed = figure('failover', { name: 'refused', value: 9, unit: 's', must: 10, aim: 8 });
    expect(missed).toMatchObject({ aim: 8, met: true });
    expect(table([missed])).toMatch(/≤ 10 +≤ 8 +ok$/);
  });

  it('are met where nothing is asked', () => {
    expect(figure('start', { name: 'engine', value: 1, unit: 'MB' }).met).toBe(true);
  });

  it('say in a table what is not met', () => {
    const lines = table([figure('start', { name: 'engine', value: 2, unit: 'MB', must: 1 })]).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/NOT MET$/);
  });
});

describe('a quantile', () => {
  it('is one of the values', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantile(hundred, 0.95)).toBe(95);
    expect(quantile([3, 1, 2, 4, 5], 0.95)).toBe(5);
    expect(quantile([7], 0.95)).toBe(7);
  });
});

describe('median', () => {
  it('is the middle, or the mean of the two middles', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
  });
});
