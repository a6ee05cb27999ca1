import { describe, expect, it } from 'vitest';
import { nextDeed } from './one-copy.ts';
import {
  afterWatch,
  firstWorld,
  isAtRest,
  nameOf,
  nextWorlds,
  type Possible,
  type World,
} from './testing/two-clients.ts';

const calm: Possible = { crashes: 0, delivers: false, moves: 0, isLost: false };
const cases: readonly (readonly [string, Possible])[] = [
  ['two clients', calm],
  ['two clients, the gateway, and the person, who moves a copy', { ...calm, delivers: true, moves: 1 }],
  [
    'two clients, the gateway, and a crash or a cut, perhaps for ever',
    { ...calm, crashes: 1, delivers: true, isLost: true },
  ],
  ['two clients and two crashes or cuts', { ...calm, crashes: 2, isLost: true }],
];

/** Close to a million states, and most of a minute. */
const isDeep = Number(process.env.PROPERTY_RUNS ?? 0) >= 1000;

interface Outcome {
  readonly states: number;
  /** What went wrong, each with the worlds that lead there. */
  readonly wrong: ReadonlyMap<string, string>;
}

const unmarked = ({ copies }: World): number => copies.filter(({ mark }) => mark === null).length;
/** Goes through every world that can come, in every order. */
function explore(possible: Possible, decide = nextDeed): Outcome {
  const first = firstWorld(possible);
  const known = new Map<string, string | null>([[nameOf(first), null]]);
  const open: World[] = [first];
  const wrong = new Map<string, string>();
  const note = (what: string, world: World): void => {
    if (wrong.has(what)) return;
    const story: string[] = [];
    for (let name: string | null = nameOf(world); name !== null; name = known.get(name) ?? null)
      story.unshift(name);
    wrong.set(what, story.join('\n'));
  };
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    const parent = nameOf(world);
    if (world.everStood && world.copies.length === 0) note('none', world);
    if (isAtRest(world)) {
      const count = afterWatch(world, possible, decide).copies.length;
      if (count !== 1) note(`${count} at rest`, world);
    }
    const next = nextWorlds(world, possible, decide);
    if (next.length === 0 && !isAtRest(world)) note('stuck', world);
    for (const each of next) {
      if (unmarked(each) < unmarked(world)) note('removed what it did not put there', world);
      const name = nameOf(each);
      if (known.has(name)) continue;
      known.set(name, parent);
      open.push(each);
    }
  }
  return { states: known.size, wrong };
}

describe('one copy, whatever two clients do and in whatever order', () => {
  it.each(cases)('%s', (name, possible) => {
    const { states, wrong } = explore(possible);
    console.info(`${name}: ${states} states`);
    expect([...wrong]).toEqual([]);
    expect(states).toBeGreaterThan(100);
  });

  it.runIf(isDeep)(
    'all of that together',
    () => {
      const { states, wrong } = explore({ crashes: 1, delivers: true, moves: 1, isLost: true });
      console.info(`all of that together: ${states} states`);
      expect([...wrong]).toEqual([]);
    },
    600_000,
  );

  it('is a proof that can fail: clients that remove nothing leave two, clients that go by places may leave none', () => {
    const wrongOf = (possible: Possible, decide: typeof nextDeed) => [
      ...explore(possible, decide).wrong.keys(),
    ];
    expect(
      wrongOf(calm, (sight) => {
        const deed = nextDeed(sight);
        return deed.kind === 'confirm' || deed.kind === 'settle'
          ? nextDeed({ ...sight, seen: sight.seen?.slice(0, 1) ?? null })
          : deed;
      }),
    ).toContain('2 at rest');
    // The one that came first stays, as it stands in its folder: a move makes it the last.
    expect(
      wrongOf({ ...calm, crashes: 1, moves: 1 }, (sight) => {
        const deed = nextDeed(sight);
        if (deed.kind !== 'settle') return deed;
        const [stays, ...remove] = [...(sight.seen ?? [])].sort((a, b) => a.uid - b.uid);
        return stays === undefined ? deed : { kind: 'settle', stays, remove };
      }),
    ).toContain('none');
  });
});
