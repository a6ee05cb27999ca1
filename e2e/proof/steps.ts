import fc from 'fast-check';
import type { Act } from '../../electron/engine/sync/proof/testing/engine.ts';
import type { Fault } from '../lab/fault-proxy.ts';

/** One thing that happens. Numbers pick from what there is when it happens, so that what is left after shrinking makes sense. */
export type Step = { readonly work: number } & (
  | { readonly kind: 'deliver'; readonly mail: MailSpec }
  | { readonly kind: 'move'; readonly pick: number; readonly to: number }
  | { readonly kind: 'touch' | 'remove'; readonly pick: number }
  | { readonly kind: 'flag'; readonly pick: number; readonly flag: ServerFlag; readonly isSet: boolean }
  | { readonly kind: 'createFolder' | 'renameFolder'; readonly name: number; readonly pick: number }
  | { readonly kind: 'removeFolder' | 'renumber'; readonly pick: number }
  | { readonly kind: 'act'; readonly act: Act['kind']; readonly pick: number; readonly to: number }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'die'; readonly points: number }
  | { readonly kind: 'rest' }
);

export type ServerFlag = '\\Seen' | '\\Flagged' | '\\Answered';

export interface MailSpec {
  readonly folder: number;
  /** Days since it came. */
  readonly age: number;
  /** Which earlier mail it answers; null: none. */
  readonly answers: number | null;
  /** Whether it bears the Message-ID of an earlier mail, or none at all. */
  readonly naming: 'own' | 'same' | 'none';
  /** Its Date is three months before its arrival. */
  readonly isLate: boolean;
  readonly flags: readonly ServerFlag[];
}

export interface History {
  readonly isQuirky: boolean;
  readonly first: readonly MailSpec[];
  readonly steps: readonly Step[];
}

const pick = fc.nat(1000);
const flag = fc.constantFrom<ServerFlag>('\\Seen', '\\Flagged', '\\Answered');
/** Never near the edge of the window, which passes while the test runs. */
const age = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 25 }) },
  { weight: 2, arbitrary: fc.integer({ min: 40, max: 400 }) },
);

const mail: fc.Arbitrary<MailSpec> = fc.record({
  folder: fc.nat(20),
  age,
  answers: fc.option(pick, { freq: 2 }),
  naming: fc.oneof(
    { weight: 8, arbitrary: fc.constant('own' as const) },
    { weight: 1, arbitrary: fc.constantFrom('same' as const, 'none' as const) },
  ),
  isLate: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  flags: fc.uniqueArray(flag, { maxLength: 3 }),
});

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constantFrom<Fault>('none', 'refuse', 'reset', 'fin', 'silent', 'nonsense'),
  fc.integer({ min: 500, max: 30_000 }).map((cutAfter) => ({ cutAfter })),
  fc.integer({ min: 500, max: 30_000 }).map((stallAfter) => ({ stallAfter })),
);

const acts = ['read', 'unread', 'star', 'unstar', 'archive', 'move', 'delete', 'junk', 'notJunk'] as const;

const what = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('deliver' as const), mail }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('move' as const), pick, to: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('touch' as const, 'remove' as const), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('flag' as const), pick, flag, isSet: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('createFolder' as const, 'renameFolder' as const),
      name: fc.nat(5),
      pick,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('removeFolder' as const, 'renumber' as const), pick }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      act: fc.constantFrom(...acts),
      pick,
      to: fc.nat(20),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fault' as const), fault }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('die' as const), points: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rest' as const) }) },
);

const step: fc.Arbitrary<Step> = fc
  .tuple(what, fc.integer({ min: 0, max: 30 }))
  .map(([one, work]) => ({ ...one, work }));

/** What may happen to a small mailbox in a few minutes. */
export const histories: fc.Arbitrary<History> = fc.record({
  isQuirky: fc.boolean(),
  first: fc.array(mail, { minLength: 4, maxLength: 16 }),
  steps: fc.array(step, { minLength: 4, maxLength: 24 }),
});
