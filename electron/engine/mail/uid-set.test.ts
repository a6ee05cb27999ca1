import fc from 'fast-check';
import { expect, it } from 'vitest';
import { uidSets } from './uid-set.ts';

it('joins neighbours into ranges, whatever the order', () => {
  expect(uidSets([7, 1, 2, 3, 9, 10])).toEqual(['1:3,7,9:10']);
  expect(uidSets([])).toEqual([]);
});

it('names each UID once, in command lines that Exchange takes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4_294_967_295 }), { maxLength: 3000 }), (uids) => {
      const sets = uidSets(uids);
      for (const set of sets) expect(set.length).toBeLessThanOrEqual(8000);
      const named = sets
        .flatMap((set) => set.split(','))
        .flatMap((range) => {
          const [first = 0, last = first] = range.split(':').map(Number);
          return Array.from({ length: last - first + 1 }, (_, index) => first + index);
        });
      expect(named).toEqual([...new Set(uids)].sort((a, b) => a - b));
    }),
  );
});
