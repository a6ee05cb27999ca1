import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planStretch, rangeOf, type Stretch, stretchesOf } from './look-through.ts';

describe('a look through a folder', () => {
  it('goes from the newest stretch to the oldest', () => {
    expect(stretchesOf(250, 100)).toEqual([
      { from: 151, to: 250 },
      { from: 51, to: 150 },
      { from: 1, to: 50 },
    ]);
    expect(stretchesOf(0, 100)).toEqual([{ from: 1, to: 0 }]);
  });

  it('covers every place once', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 1, max: 700 }), (count, size) => {
        const places = stretchesOf(count, size).flatMap(({ from, to }) =>
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
        );
        expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      }),
    );
  });

  it('speaks for the UIDs between its stretches too, where messages are gone', () => {
    const newest = rangeOf({ from: 11, to: 20 }, [{ uid: 30 }, { uid: 44 }], null);
    expect(newest).toEqual({ from: 30, to: Number.MAX_SAFE_INTEGER });
    expect(rangeOf({ from: 1, to: 10 }, [{ uid: 7 }, { uid: 20 }], newest)).toEqual({ from: 1, to: 29 });
    expect(rangeOf({ from: 1, to: 10 }, [], newest)).toBeNull();
  });

  it('lets go of everything that was known of a folder in which nothing is left', () => {
    const [all] = stretchesOf(0, 100);
    expect(all && rangeOf(all, [], null)).toEqual({ from: 1, to: Number.MAX_SAFE_INTEGER });
  });

  it('tells what to copy, to survey, to correct and to let go', () => {
    const stretch: Stretch = {
      copies: [
        { uid: 1, flags: [] },
        { uid: 2, flags: [] },
        { uid: 3, flags: ['\\Seen'] },
      ],
      surveyed: [
        { uid: 4, internalDate: 10, isFlagged: false },
        { uid: 5, internalDate: 10, isFlagged: false },
        { uid: 6, internalDate: 10, isFlagged: true },
      ],
      present: [
        { uid: 2, flags: ['\\Flagged'], internalDate: 10 },
        { uid: 3, flags: ['\\Seen'], internalDate: 10 },
        { uid: 5, flags: ['\\Flagged'], internalDate: 10 },
        { uid: 6, flags: [], internalDate: 10 },
        { uid: 7, flags: [], internalDate: 10 },
        { uid: 8, flags: [], internalDate: 100 },
      ],
    };
    expect(planStretch(stretch, 50)).toEqual({
      updateFlags: [{ uid: 2, flags: ['\\Flagged'] }],
      remove: [1],
      forget: [4],
      flag: [
        { uid: 6, internalDate: 10, isFlagged: false },
        { uid: 5, internalDate: 10, isFlagged: true },
      ],
      fetch: [8, 5],
      survey: [7],
    });
  });

  it('copies what was only surveyed once the window has grown over it', () => {
    const message = { uid: 4, internalDate: 10 };
    const stretch: Stretch = {
      copies: [],
      surveyed: [{ ...message, isFlagged: false }],
      present: [{ ...message, flags: [] }],
    };
    expect(planStretch(stretch, 11)).toMatchObject({ fetch: [], survey: [] });
    expect(planStretch(stretch, 10)).toMatchObject({ fetch: [4], survey: [] });
  });

  it('knows every message of the server afterwards, each in one way, and nothing else', () => {
    const placed = fc.record({
      uid: fc.integer({ min: 1, max: 40 }),
      flags: fc.constantFrom<string[]>([], ['\\Seen'], ['\\Flagged']),
      internalDate: fc.nat(100),
    });
    const list = fc.uniqueArray(placed, { selector: ({ uid }) => uid });
    fc.assert(
      fc.property(list, list, list, fc.nat(100), (present, copies, headers, windowStart) => {
        const surveyed = headers
          .filter(({ uid }) => copies.every((copy) => copy.uid !== uid))
          .map(({ uid, internalDate, flags }) => ({
            uid,
            internalDate,
            isFlagged: flags.includes('\\Flagged'),
          }));
        const plan = planStretch({ copies, surveyed, present }, windowStart);
        const kept = copies.map(({ uid }) => uid).filter((uid) => !plan.remove.includes(uid));
        const still = surveyed
          .map(({ uid }) => uid)
          .filter((uid) => !plan.forget.includes(uid) && !plan.fetch.includes(uid));
        const known = [...kept, ...still, ...plan.fetch, ...plan.survey].sort((a, b) => a - b);
        expect(known).toEqual(present.map(({ uid }) => uid).sort((a, b) => a - b));
        for (const { uid, internalDate, flags } of present)
          if (internalDate >= windowStart || flags.includes('\\Flagged'))
            expect([...kept, ...plan.fetch]).toContain(uid);
      }),
    );
  });
});
