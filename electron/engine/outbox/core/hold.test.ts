import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leftToHold } from './hold.ts';

it.each([
  ['undo', 10_000, 10_000],
  ['undo', -1, 0],
  ['scheduled', 30 * 24 * 3_600_000, 30 * 24 * 3_600_000],
  ['scheduled', -1, 0],
] as const)('holds what is %s for %d more milliseconds for %d', (hold, left, expected) => {
  const now = 1_000_000_000_000;
  expect(leftToHold({ hold, heldUntil: now + left }, now)).toBe(expected);
});

it('a clock that is set holds up nothing that was only to be taken back for longer than five minutes', () => {
  fc.assert(
    fc.property(fc.nat(4_000_000_000), fc.nat(4_000_000_000), (heldUntil, now) => {
      expect(leftToHold({ hold: 'undo', heldUntil }, now)).toBeLessThanOrEqual(5 * 60_000);
    }),
  );
});
