import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Attention, Presence } from '../../../../shared/model/attention.ts';
import { fullAttention, pauseBetweenSigns } from './attention.ts';

const pace = { probeMs: 2000, idleMs: 60_000 };
const pause = (presence: Presence, isOnBattery: boolean): number =>
  pauseBetweenSigns({ presence, isOnBattery }, pace);

it('is short while somebody works, longer on battery, longest when nobody is there', () => {
  expect(pauseBetweenSigns(fullAttention, pace)).toBe(2000);
  expect(pause('working', true)).toBe(4000);
  expect(pause('near', false)).toBe(10_000);
  expect(pause('near', true)).toBe(20_000);
  expect(pause('away', false)).toBe(60_000);
  expect(pause('away', true)).toBe(120_000);
});

it('keeps its bounds, whatever policy says', () => {
  const anybody: fc.Arbitrary<Attention> = fc.record({
    presence: fc.constantFrom<Presence>('working', 'near', 'away'),
    isOnBattery: fc.boolean(),
  });
  const any = fc.record({
    probeMs: fc.integer({ min: 1000, max: 300_000 }),
    idleMs: fc.integer({ min: 1000, max: 600_000 }),
  });
  fc.assert(
    fc.property(anybody, any, (attention, policy) => {
      const ms = pauseBetweenSigns(attention, policy);
      expect(ms).toBeGreaterThanOrEqual(policy.probeMs);
      expect(ms).toBeLessThanOrEqual(Math.max(policy.probeMs, 2 * policy.idleMs));
    }),
  );
});
