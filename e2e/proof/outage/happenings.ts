import fc from 'fast-check';
import type { Fault } from '../../lab/fault-proxy.ts';
import type { Act, StoryLaptop } from './laptop.ts';
import type { Person } from './oracle.ts';
import type { Absence, Story } from './world.ts';

/** What is known of a story without looking: what can happen next depends on it. */
export interface Model {
  isExchangeAway: boolean;
  mails: number;
  readonly asleep: Set<LaptopName>;
  readonly started: Set<LaptopName>;
  readonly told: string[];
}

export type LaptopName = 'Anna’s first laptop' | 'Anna’s second laptop' | 'Ben’s laptop';
export const newModel = (): Model => ({
  isExchangeAway: false,
  mails: 0,
  asleep: new Set(),
  started: new Set(),
  told: [],
});

type Commands = fc.AsyncCommand<Model, Story>;

/** One thing that happens, and the sentence that tells it. */
class Happening implements Commands {
  readonly #sentence: string;
  readonly #canHappen: (model: Readonly<Model>) => boolean;
  readonly #happens: (story: Story, model: Model) => Promise<string | undefined>;

  constructor(
    sentence: string,
    canHappen: (model: Readonly<Model>) => boolean,
    happens: (story: Story, model: Model) => Promise<string | undefined>,
  ) {
    this.#sentence = sentence;
    this.#canHappen = canHappen;
    this.#happens = happens;
  }

  check(model: Readonly<Model>): boolean {
    return this.#canHappen(model);
  }

  async run(model: Model, story: Story): Promise<void> {
    model.told.push(this.#sentence);
    const more = await this.#happens(story, model);
    if (more !== undefined) model.told.push(`  ${more}`);
  }

  toString(): string {
    return this.#sentence;
  }
}

const ownerOf = (name: LaptopName): Person => (name === 'Ben’s laptop' ? 'Ben' : 'Anna');
const laptopOf = (story: Story, name: LaptopName): StoryLaptop => story.laptop(ownerOf(name), name);
const awake =
  (name: LaptopName) =>
  (model: Readonly<Model>): boolean =>
    !model.asleep.has(name);
/** A laptop that is used is on. */
async function used(story: Story, model: Model, name: LaptopName): Promise<StoryLaptop> {
  const laptop = laptopOf(story, name);
  await laptop.alive();
  await laptop.finishLetters();
  model.started.add(name);
  return laptop;
}

const laptop = fc.oneof(
  { weight: 6, arbitrary: fc.constant<LaptopName>('Anna’s first laptop') },
  { weight: 3, arbitrary: fc.constant<LaptopName>('Anna’s second laptop') },
  { weight: 2, arbitrary: fc.constant<LaptopName>('Ben’s laptop') },
);
const person = fc.constantFrom<Person>('Anna', 'Anna', 'Ben');
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Fault>('refuse') },
  { weight: 2, arbitrary: fc.constantFrom<Fault>('reset', 'fin', 'silent', 'nonsense') },
);
const cuts: fc.Arbitrary<Fault> = fc.oneof(
  fc.integer({ min: 300, max: 20_000 }).map((cutAfter) => ({ cutAfter })),
  fc.integer({ min: 300, max: 20_000 }).map((stallAfter) => ({ stallAfter })),
  fc.constantFrom<Fault>('reset', 'silent', 'refuse'),
);

const writes = fc.tuple(laptop, fc.nat(3), fc.option(fc.nat(20))).map(([name, whom, parent]) => {
  const owner = ownerOf(name);
  const colleague: Person = owner === 'Anna' ? 'Ben' : 'Anna';
  const to =
    whom === 3 ? ([colleague, 'Clara'] as const) : whom === 2 ? ([colleague] as const) : (['Clara'] as const);
  return new Happening(
    `${owner} writes to ${to.join(' and ')} on ${name}.`,
    awake(name),
    async (story, model) => {
      const there = story.mailsOf(owner);
      const answers = parent === null || there.length === 0 ? null : (there[parent % there.length] ?? null);
      const mail = await story.writes(await used(story, model, name), to, answers);
      model.mails += 1;
      return `It is ${mail}${answers === null ? '' : `, an answer to ${answers}`}.`;
    },
  );
});

const claraWriting = (to: readonly Person[]): Happening =>
  new Happening(
    `Clara writes to ${to.join(' and ')}.`,
    () => true,
    async (story, model) => {
      model.mails += 1;
      return `It is ${await story.claraWrites(to)}.`;
    },
  );
const claraWrites = fc
  .constantFrom<readonly Person[]>(['Anna'], ['Anna'], ['Ben'], ['Anna', 'Ben'])
  .map(claraWriting);

const verbs: Readonly<Record<Act, string>> = {
  read: 'reads',
  flag: 'flags',
  archive: 'archives',
  delete: 'deletes',
};
const acts = fc.tuple(laptop, fc.constantFrom<Act>('read', 'flag', 'archive', 'delete'), fc.nat(20)).map(
  ([name, act, pick]) =>
    new Happening(
      `${ownerOf(name)} ${verbs[act]} a mail on ${name}.`,
      (model) => awake(name)(model) && model.mails > 0,
      async (story, model) => {
        const mails = story.mailsOf(ownerOf(name));
        const mail = mails[pick % Math.max(1, mails.length)];
        if (mail === undefined) return 'There is none.';
        const isDone = await story.acts(await used(story, model, name), act, mail);
        return isDone ? `It is ${mail}.` : `${mail} is not to be seen there.`;
      },
    ),
);

const webmail = fc.tuple(person, fc.boolean()).map(([who, isReading]) =>
  isReading
    ? new Happening(
        `${who} reads everything in the provider’s webmail.`,
        () => true,
        async (story) => {
          await story.readsInWebmail(who);
          return undefined;
        },
      )
    : new Happening(
        `${who} writes to Clara in the provider’s webmail.`,
        // Who has Exchange does not write there: nobody would bring it back.
        ({ isExchangeAway }) => isExchangeAway,
        async (story, model) => {
          model.mails += 1;
          return `It is ${await story.writesInWebmail(who, ['Clara'])}.`;
        },
      ),
);

const exchangeGoing = ({ fault: how, door }: Absence, isMissed: boolean): Happening =>
  new Happening(
    `Exchange goes (${door === 'all' ? '' : `${door}: `}${JSON.stringify(how)})${isMissed ? ', and is missed' : ''}.`,
    ({ isExchangeAway }) => !isExchangeAway,
    async (story, model) => {
      model.isExchangeAway = true;
      await story.exchangeGoes({ fault: how, door });
      if (!isMissed) return undefined;
      const names = [...model.started].filter((name) => !model.asleep.has(name));
      const missed = await Promise.all(
        names.map(async (name) => (await (await used(story, model, name)).alive()).away(30_000)),
      );
      return `Missed by ${names.filter((_, index) => missed[index] === true).join(', ') || 'nobody'}.`;
    },
  );
const exchangeGoes = fc
  .tuple(
    fc.record({ fault, door: fc.constantFrom<Absence['door']>('all', 'all', 'all', 'imap', 'submission') }),
    fc.constantFrom(true, true, false),
  )
  .map(([absence, isMissed]) => exchangeGoing(absence, isMissed));

const exchangeReturns = fc.boolean().map(
  (isWaited) =>
    new Happening(
      `Exchange returns${isWaited ? ', and everybody comes to rest' : ''}.`,
      ({ isExchangeAway }) => isExchangeAway,
      async (story, model) => {
        model.isExchangeAway = false;
        await story.exchangeReturns();
        if (isWaited)
          for (const name of model.started)
            if (!model.asleep.has(name)) await laptopOf(story, name).rest(20_000);
        return undefined;
      },
    ),
);

const gatewayBeing = (isHandingOver: boolean): Happening =>
  new Happening(
    `From now on the gateway hands ${isHandingOver ? 'over' : 'nothing over'}.`,
    () => true,
    async (story) => {
      story.gateway(isHandingOver);
      return undefined;
    },
  );
const gateway = fc.boolean().map(gatewayBeing);

const dies = fc.tuple(laptop, fc.integer({ min: 1, max: 80 })).map(
  ([name, points]) =>
    new Happening(
      `The engine of ${name} is killed ${points} commits and writes later.`,
      (model) => awake(name)(model) && model.started.has(name),
      async (story, model) => {
        const engine = await (await used(story, model, name)).alive();
        await engine.dieAfter(points);
        return undefined;
      },
    ),
);

const killed = laptop.map(
  (name) =>
    new Happening(
      `The engine of ${name} is killed, and stays off.`,
      (model) => model.started.has(name),
      async (story) => {
        await laptopOf(story, name).kill();
        return undefined;
      },
    ),
);

const sleeps = laptop.map(
  (name) =>
    new Happening(
      `${name} goes to sleep.`,
      (model) => awake(name)(model) && model.started.has(name),
      async (story, model) => {
        model.asleep.add(name);
        story.accident('sleep');
        laptopOf(story, name).freeze();
        return undefined;
      },
    ),
);

const wakes = laptop.map(
  (name) =>
    new Happening(
      `${name} wakes.`,
      (model) => model.asleep.has(name),
      async (story, model) => {
        model.asleep.delete(name);
        await laptopOf(story, name).wake();
        return undefined;
      },
    ),
);

const hourMs = 3_600_000;
const jumps = fc.tuple(laptop, fc.constantFrom(-72, -1, 1, 72)).map(
  ([name, hours]) =>
    new Happening(
      `The clock of ${name} jumps by ${hours} hours.`,
      (model) => awake(name)(model) && model.started.has(name),
      async (story) => {
        story.accident('clock jump');
        await laptopOf(story, name).jump(hours * hourMs);
        return undefined;
      },
    ),
);

const disk = fc.tuple(laptop, fc.boolean()).map(
  ([name, isFull]) =>
    new Happening(
      `The disk of ${name} ${isFull ? 'is full' : 'has room'}.`,
      (model) => awake(name)(model) && model.started.has(name),
      async (story) => {
        if (isFull) story.accident('disk full');
        await laptopOf(story, name).disk(isFull);
        return undefined;
      },
    ),
);

const network = fc.boolean().map(
  (isUp) =>
    new Happening(
      `The laptops’ network ${isUp ? 'comes' : 'goes'}.`,
      () => true,
      async (story) => {
        await story.network(isUp);
        return undefined;
      },
    ),
);

const provider = fc.oneof(fc.constant<Fault>('none'), cuts).map(
  (how) =>
    new Happening(
      `The provider: ${JSON.stringify(how)}.`,
      () => true,
      async (story) => {
        await story.provider(how);
        return undefined;
      },
    ),
);

const submission = fc
  .constantFrom('accept', 'acceptSilently', 'dropAfterData', 'dropDuringData', 'busy')
  .map((script) => script as Parameters<Story['submission']>[0])
  .map(
    (script) =>
      new Happening(
        `Who takes mail: ${script}.`,
        () => true,
        async (story) => {
          story.submission(script);
          return undefined;
        },
      ),
  );

const saves = fc.boolean().map(
  (isSaving) =>
    new Happening(
      `Exchange ${isSaving ? 'files' : 'does not file'} what it sends by itself.`,
      () => true,
      async (story) => {
        story.lab.savesSentItself = isSaving;
        return undefined;
      },
    ),
);

/** Time in which the engines do so much. */
const passes = fc.integer({ min: 1, max: 60 }).map(
  (points) =>
    new Happening(
      `Time passes (${points}).`,
      ({ started }) => started.size > 0,
      async (story, model) => {
        await Promise.all(
          [...model.started]
            .filter((name) => !model.asleep.has(name))
            .map(async (name) => (await (await used(story, model, name)).alive()).work(points, 400)),
        );
        return undefined;
      },
    ),
);

const oneOf = (
  ...weighted: readonly (readonly [number, fc.Arbitrary<Commands>])[]
): fc.Arbitrary<Commands>[] =>
  weighted.flatMap(([weight, arbitrary]) => Array.from({ length: weight }, () => arbitrary));

/** How a story begins: well, or without Exchange, where the gateway hands over what comes meanwhile, or nothing. */
export type Beginning = 'well' | 'handsOver' | 'handsNothingOver';
export const beginnings = fc.constantFrom<Beginning>(
  'well',
  'handsOver',
  'handsNothingOver',
  'handsNothingOver',
);

export async function begin(story: Story, model: Model, beginning: Beginning): Promise<void> {
  const first = 'Anna’s first laptop';
  const laptop = await used(story, model, first);
  await laptop.rest(120_000);
  if (beginning === 'well') return;
  const events = [
    gatewayBeing(beginning === 'handsOver'),
    exchangeGoing({ fault: 'refuse', door: 'all' }, true),
    claraWriting(['Anna']),
  ];
  for (const event of events) await event.run(model, story);
}

/** What may happen in a story, at most so many things. */
export const happenings = (most: number): fc.Arbitrary<Iterable<Commands>> =>
  fc.commands(
    oneOf(
      [7, writes],
      [6, claraWrites],
      [4, acts],
      [2, webmail],
      [6, exchangeGoes],
      [5, exchangeReturns],
      [2, gateway],
      [8, dies],
      [1, killed],
      [1, sleeps],
      [1, wakes],
      [1, jumps],
      [1, disk],
      [1, network],
      [2, provider],
      [2, submission],
      [1, saves],
      [5, passes],
    ),
    { maxCommands: most, size: 'max' },
  );
