import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfRoom, bytesToFree } from './disk-budget.ts';

describe('the disk budget', () => {
  it('lets the copy grow to near the budget, and makes room for a while then', () => {
    expect(bytesToFree(950, 1000)).toBe(0);
    expect(bytesToFree(951, 1000)).toBe(51);
    expect(bytesToFree(2000, 1000)).toBe(1100);
  });

  it('has as much room as it needs where there is none', () => {
    expect(bytesToFree(Number.MAX_SAFE_INTEGER, 0)).toBe(0);
    expect(bytesOfRoom(Number.MAX_SAFE_INTEGER, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('never brings back what it would have to let go again', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), (used, budget) => {
        const back = bytesOfRoom(used, budget);
        expect(bytesToFree(used + back, budget) === 0 || back === 0).toBe(true);
        const freed = used - bytesToFree(used, budget);
        expect(bytesToFree(freed, budget)).toBe(0);
      }),
    );
  });
});
