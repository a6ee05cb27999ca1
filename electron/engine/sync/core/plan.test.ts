import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FolderPlan, type KnownFolder, type Placed, planFolder, type ToldFolder } from './plan.ts';

const told = (change: Partial<ToldFolder> = {}): ToldFolder => ({
  uidValidity: 1,
  wanted: [],
  present: [],
  from: 1,
  isPartial: false,
  vanished: [],
  ...change,
});

describe('planFolder', () => {
  it('fetches what is wanted and not known, newest first', () => {
    const known = { uidValidity: 1, copies: [{ uid: 4, flags: [] }] };
    const present = [2, 4, 7, 9].map((uid) => ({ uid, flags: [] }));
    expect(planFolder(known, told({ wanted: [4, 7, 9], present }))).toEqual({
      reset: false,
      fetch: [9, 7],
      updateFlags: [],
      remove: [],
    });
  });

  it('removes what the server no longer has, but nothing that it was not asked about', () => {
    const known = { uidValidity: 1, copies: [3, 5, 8].map((uid) => ({ uid, flags: [] })) };
    const answer = told({ present: [{ uid: 8, flags: ['\\Seen'] }], from: 5 });
    expect(planFolder(known, answer)).toEqual({
      reset: false,
      fetch: [],
      updateFlags: [{ uid: 8, flags: ['\\Seen'] }],
      remove: [5],
    });
  });

  it('begins a folder that was never synchronized without a reset', () => {
    expect(planFolder({ uidValidity: null, copies: [] }, told({ wanted: [1] }))).toMatchObject({
      reset: false,
      fetch: [1],
    });
  });

  it('trusts no UID after UIDVALIDITY has changed: fetches all, removes and changes nothing', () => {
    const known = { uidValidity: 1, copies: [3, 5].map((uid) => ({ uid, flags: [] })) };
    const answer = told({ uidValidity: 2, wanted: [1, 3], present: [{ uid: 3, flags: ['\\Seen'] }] });
    expect(planFolder(known, answer)).toEqual({ reset: true, fetch: [3, 1], updateFlags: [], remove: [] });
  });

  it('never removes on a partial answer', () => {
    fc.assert(
      fc.property(knownFolders, toldFolders, (known, answer) => {
        expect(planFolder(known, { ...answer, isPartial: true, vanished: [] }).remove).toEqual([]);
      }),
    );
  });

  it('removes what the server says is gone, but for what it gives in the same breath', () => {
    const known = { uidValidity: 1, copies: [3, 5, 8].map((uid) => ({ uid, flags: [] })) };
    const answer = told({ present: [{ uid: 8, flags: [] }], vanished: [1, 5, 8], from: 9, isPartial: true });
    expect(planFolder(known, answer).remove).toEqual([5]);
  });

  it('converges: once a plan is executed, nothing is left to do', () => {
    fc.assert(
      fc.property(knownFolders, toldFolders, (known, answer) => {
        const after = execute(known, answer, planFolder(known, answer));
        expect(planFolder(after, answer)).toEqual({ reset: false, fetch: [], updateFlags: [], remove: [] });
      }),
    );
  });

  it('ends with the wanted messages as the server has them, and with none that it does not have', () => {
    fc.assert(
      fc.property(knownFolders, toldFolders, (known, answer) => {
        const after = execute(known, answer, planFolder(known, answer));
        const held = new Map(after.copies.map(({ uid, flags }) => [uid, flags]));
        const present = new Map(answer.present.map(({ uid, flags }) => [uid, flags]));
        for (const uid of answer.wanted) expect(held.get(uid)).toEqual(present.get(uid));
        if (!answer.isPartial)
          for (const uid of held.keys()) expect(present.has(uid) || uid < answer.from).toBe(true);
      }),
    );
  });
});

const flagSets = fc.subarray(['\\Answered', '\\Flagged', '\\Seen']);
const placed: fc.Arbitrary<readonly Placed[]> = fc.uniqueArray(
  fc.record({ uid: fc.integer({ min: 1, max: 40 }), flags: flagSets }),
  { selector: ({ uid }) => uid, maxLength: 30 },
);
const knownFolders: fc.Arbitrary<KnownFolder> = fc
  .record({
    uidValidity: fc.constantFrom(null, 1, 2),
    copies: placed,
  })
  .map((folder) => (folder.uidValidity === null ? { ...folder, copies: [] } : folder));
const toldFolders: fc.Arbitrary<ToldFolder> = fc
  .record({
    uidValidity: fc.constantFrom(1, 2),
    present: placed,
    from: fc.integer({ min: 1, max: 40 }),
    isPartial: fc.boolean(),
    vanished: fc.array(fc.integer({ min: 1, max: 40 })),
    chosen: fc.infiniteStream(fc.boolean()),
  })
  .map(({ chosen, present, ...rest }) => {
    const shown = present.filter(({ uid }) => uid >= rest.from);
    return { ...rest, present: shown, wanted: shown.filter(() => chosen.next().value).map(({ uid }) => uid) };
  });

/** What the runner does with a plan. */
function execute(known: KnownFolder, answer: ToldFolder, plan: FolderPlan): KnownFolder {
  const copies = new Map((plan.reset ? [] : known.copies).map((copy) => [copy.uid, copy]));
  for (const uid of plan.remove) copies.delete(uid);
  for (const copy of plan.updateFlags) copies.set(copy.uid, copy);
  for (const uid of plan.fetch) {
    const message = answer.present.find((each) => each.uid === uid);
    if (message !== undefined) copies.set(uid, message);
  }
  return { uidValidity: answer.uidValidity, copies: [...copies.values()] };
}
