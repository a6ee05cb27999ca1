import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clicked, extended, mostMarked } from './marking.ts';

const at = (anchor: number) => ({ anchor, cursor: anchor });
const nothingHeld = { shiftKey: false, isMod: false };

describe('marking in a list', () => {
  it('means the row alone by a click', () => {
    expect(clicked(at(3), 7, nothingHeld)).toEqual([at(7), { kind: 'only', at: 7 }]);
  });

  it('turns one more on or off with Ctrl, and begins ranges there', () => {
    const [marking, mark] = clicked(at(3), 7, { shiftKey: false, isMod: true });
    expect(mark).toEqual({ kind: 'turn', at: 7 });
    expect(clicked(marking, 9, { shiftKey: true, isMod: false })[1]).toEqual({
      kind: 'range',
      from: 7,
      to: 9,
    });
  });

  it('marks from where it began with Shift, to either side of it', () => {
    const [marking, down] = clicked(at(5), 8, { shiftKey: true, isMod: false });
    expect(down).toEqual({ kind: 'range', from: 5, to: 8 });
    expect(clicked(marking, 2, { shiftKey: true, isMod: false })[1]).toEqual({
      kind: 'range',
      from: 2,
      to: 5,
    });
  });

  it('lets the range follow the cursor', () => {
    const [marking] = extended(at(5), 6);
    expect(extended(marking, 7)).toEqual([
      { anchor: 5, cursor: 7 },
      { kind: 'range', from: 5, to: 7 },
    ]);
  });

  it('never marks more than may be, and always from the anchor on', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (anchor, to) => {
        const [, mark] = extended(at(anchor), to);
        if (mark.kind !== 'range') throw new Error('no range');
        expect(mark.to - mark.from).toBeLessThan(mostMarked);
        expect([mark.from, mark.to]).toContain(anchor);
      }),
    );
  });
});
