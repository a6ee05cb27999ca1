import fc from 'fast-check';
import type { StoryLaptop } from './laptop.ts';
import type { Person } from './oracle.ts';
import type { Story } from './world.ts';

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

export type Commands = fc.AsyncCommand<Model, Story>;

/** One thing that happens, and the sentence that tells it. */
export class Happening implements Commands {
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

export const ownerOf = (name: LaptopName): Person => (name === 'Ben’s laptop' ? 'Ben' : 'Anna');
export const laptopOf = (story: Story, name: LaptopName): StoryLaptop => story.laptop(ownerOf(name), name);
export const awake =
  (name: LaptopName) =>
  (model: Readonly<Model>): boolean =>
    !model.asleep.has(name);
/** A laptop that is used is on. */
export async function used(story: Story, model: Model, name: LaptopName): Promise<StoryLaptop> {
  const laptop = laptopOf(story, name);
  await laptop.alive();
  await laptop.finishLetters();
  model.started.add(name);
  return laptop;
}

export const laptop = fc.oneof(
  { weight: 6, arbitrary: fc.constant<LaptopName>('Anna’s first laptop') },
  { weight: 3, arbitrary: fc.constant<LaptopName>('Anna’s second laptop') },
  { weight: 2, arbitrary: fc.constant<LaptopName>('Ben’s laptop') },
);
