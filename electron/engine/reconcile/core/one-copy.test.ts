import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDeed, type StandingCopy, whatStays } from './one-copy.ts';

const copy = (uid: number, mark: string | null, folder = 'INBOX'): StandingCopy => ({ folder, uid, mark });
const deedFor = (seen: readonly StandingCopy[] | null, more = {}) =>
  nextDeed({ seen, isConfirmed: false, hasAppended: false, ...more });

describe('what is done next for a message', () => {
  it('looks, then appends what is nowhere', () => {
    expect(deedFor(null)).toEqual({ kind: 'look' });
    expect(deedFor([])).toEqual({ kind: 'append' });
  });

  it('rests on the one that is there', () => {
    expect(deedFor([copy(7, null)])).toEqual({ kind: 'rest', copy: copy(7, null) });
  });

  it('appends nothing again that it has appended and does not see', () => {
    expect(deedFor([], { hasAppended: true })).toEqual({ kind: 'giveUp' });
  });

  it('removes of two marked ones the larger, once both were confirmed', () => {
    const seen = [copy(1, 'b'), copy(2, 'a', 'Archive')];
    expect(deedFor(seen)).toEqual({ kind: 'confirm' });
    expect(deedFor(seen, { isConfirmed: true })).toEqual({
      kind: 'settle',
      stays: seen[1],
      remove: [seen[0]],
    });
  });

  it('removes its own where the gateway has delivered one', () => {
    const seen = [copy(1, 'a'), copy(2, null)];
    expect(deedFor(seen, { isConfirmed: true })).toEqual({
      kind: 'settle',
      stays: seen[1],
      remove: [seen[0]],
    });
  });

  it('leaves alone what two others have put there, and what the person has copied', () => {
    expect(deedFor([copy(1, null), copy(2, null)])).toMatchObject({ kind: 'rest' });
    expect(deedFor([copy(1, 'a'), copy(1, 'a', 'Archive')])).toMatchObject({ kind: 'rest' });
  });
});

describe('what stays', () => {
  const copies = fc.array(
    fc.record({
      folder: fc.constantFrom('INBOX', 'Archive'),
      uid: fc.nat({ max: 9 }),
      mark: fc.option(fc.constantFrom('a', 'b', 'c', 'd')),
    }),
    { maxLength: 6 },
  );

  it('is the same in any order and for everybody who sees it, wherever it stands', () => {
    fc.assert(
      fc.property(copies, copies, (some, more) => {
        const all = [...some, ...more];
        const stays = whatStays(all);
        expect(whatStays([...all].reverse())).toEqual(stays);
        if (stays !== null && some.includes(stays)) expect(whatStays(some)?.mark).toBe(stays.mark);
      }),
    );
  });

  it('is never removed, and nothing is that has no mark', () => {
    fc.assert(
      fc.property(copies, (seen) => {
        const deed = deedFor(seen, { isConfirmed: true });
        if (deed.kind !== 'settle') return;
        expect(deed.remove.every(({ mark }) => mark !== null && mark !== deed.stays.mark)).toBe(true);
        expect(
          deed.remove.every(({ mark }) => deed.stays.mark === null || (mark ?? '') > deed.stays.mark),
        ).toBe(true);
      }),
    );
  });
});
