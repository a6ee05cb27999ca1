import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasWitness } from '../../../e2e/lab/witness.ts';
import { StoryLaboratory } from '../../../e2e/proof/outage/laboratory.ts';
import type { Act, StoryLaptop } from '../../../e2e/proof/outage/laptop.ts';
import { record } from '../../../e2e/proof/outage/records.ts';
import type { Story } from '../../../e2e/proof/outage/world.ts';
import { randomFrom, seed } from '../sync/proof/testing/random.ts';

/** How many of the points are tried; `npm run test:deep` tries all. */
const most = Number(process.env.PROOF_CRASHES ?? 12);
/** So many laptops live through an outage at the same time, each of which dies at a point of its own. */
const together = Number(process.env.PROOF_TOGETHER ?? 6);
const patienceMs = 120_000;

interface Outcome {
  readonly point: number;
  readonly where: string | null;
  readonly violations: readonly string[];
}

describe.skipIf(!hasWitness)('an outage from beginning to end', { timeout: 86_400_000 }, () => {
  let laboratory: StoryLaboratory;

  beforeAll(() => {
    laboratory = new StoryLaboratory();
  });
  afterAll(() => laboratory.close());

  const sums = { runs: 0, kills: 0, lost: 0, doubled: 0, uncertain: 0 };

  /** The same outage for several people; the engine of each dies after so many commits and writes (null: it lives). */
  async function live(
    points: readonly (number | null)[],
    isHandingOver: boolean,
  ): Promise<readonly Outcome[]> {
    const stories = await laboratory.stories(points.length, false, calm);
    const people = stories.map((story, index) => new Person(story, points[index] ?? null));
    const all = (happens: (person: Person) => Promise<void>) =>
      Promise.all(people.map((person) => person.lives(happens)));
    const [first] = people;
    if (first === undefined) return [];
    try {
      await all((person) => person.begins());
      for (const { story } of people) story.gateway(isHandingOver);
      await first.story.exchangeGoes({ fault: 'refuse', door: 'all' });
      for (const { story } of people) story.alsoWithoutExchange();
      await all((person) => person.misses());
      await all((person) => person.works());
      for (const { story } of people) await story.exchangeReturns();
      return await Promise.all(
        people.map(async (person) => {
          const { story, laptop, point } = person;
          const { violations: judged, ...counts } = await story.end();
          const violations = [...person.trouble, ...judged];
          sums.runs += 1;
          sums.kills += laptop.kills;
          for (const name of ['lost', 'doubled', 'uncertain'] as const) sums[name] += counts[name];
          const where = laptop.deaths[0]?.replace(/^dies /, '') ?? null;
          if (process.env.PROOF_LOG !== undefined && violations.length > 0)
            console.log(laptop.log.join('\n'));
          return { point: point ?? (await person.points()), where, violations };
        }),
      );
    } finally {
      await Promise.all(people.map(({ story }) => story.remove()));
    }
  }

  it.each([
    ['hands nothing over', false],
    ['hands over', true],
  ])(`ends well wherever the engine is killed, where the gateway %s`, async (_, isHandingOver) => {
    const startedAt = performance.now();
    const [whole] = await live([null], isHandingOver);
    expect(whole?.violations).toEqual([]);
    const count = whole?.point ?? 0;
    const chosen = pointsOf(count);
    const outcomes: Outcome[] = [];
    for (let from = 0; from < chosen.length; from += together) {
      const next = await live(chosen.slice(from, from + together), isHandingOver);
      outcomes.push(...next);
      for (const { point, where, violations } of next)
        if (violations.length > 0) console.log(`killed at ${point} (${where}): ${violations.join(' ')}`);
      if (process.env.PROOF_POINTS !== undefined)
        console.log(next.map(({ point, where }) => `${point}: ${where}`).join('\n'));
    }
    const missed = outcomes.filter(({ where }) => where === null).length;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(
      `seed ${seed}: ${count} points in the outage; killed at ${outcomes.length - missed}, ${missed} lay behind its end, in ${seconds} s`,
    );
    record({ what: 'crash points', ...sums, faults: {} });
    Object.assign(sums, { runs: 0, kills: 0, lost: 0, doubled: 0, uncertain: 0 });
    expect(
      outcomes
        .filter(({ violations }) => violations.length > 0)
        .map(({ point, where, violations }) => `killed at ${point} (${where}): ${violations.join(' ')}`),
    ).toEqual([]);
  });
});

/** Half of the sample goes to each of the two gateways. Which points they are depends on the seed. */
function pointsOf(count: number): readonly number[] {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  const wanted = Math.ceil(most / 2);
  if (wanted >= all.length) return all;
  const step = all.length / wanted;
  const offset = randomFrom(seed)() * step;
  return Array.from({ length: wanted }, (_, index) => all[Math.floor(offset + index * step)] ?? count);
}

/** Nobody looks more often than needed: what is done again and again would only be the same point again and again. */
const calm = {
  'failover.probeSeconds': 15,
  'sync.pollSeconds': 300,
  'sync.lookThroughSeconds': 3600,
  'reconcile.handoverWaitSeconds': 30,
};

/** Anna, who loses Exchange and has something to do. */
class Person {
  readonly story: Story;
  readonly laptop: StoryLaptop;
  readonly point: number | null;
  /** What went wrong on the way, in words. */
  readonly trouble: string[] = [];
  #pointsAtFirst = 0;
  #first = '';
  #second = '';

  constructor(story: Story, point: number | null) {
    this.story = story;
    this.point = point;
    this.laptop = story.laptop('Anna', 'Anna’s laptop');
  }

  /** The others go on, whatever becomes of this one. */
  async lives(happens: (person: Person) => Promise<void>): Promise<void> {
    try {
      await happens(this);
    } catch (error) {
      this.trouble.push(String(error));
    }
  }

  async begins(): Promise<void> {
    this.#first = await this.story.claraWrites(['Anna']);
    const engine = await this.laptop.alive();
    await this.laptop.rest(patienceMs);
    await this.#waits('the first mail is there', () => this.laptop.sees(this.#first));
    this.#pointsAtFirst = (await engine.points()) ?? 0;
    if (this.point !== null) await engine.dieAfter(this.point);
  }

  async misses(): Promise<void> {
    await this.#waits('Exchange is missed', (engine, ms) => engine.away(ms));
    this.#second = await this.story.claraWrites(['Anna']);
    await this.#waits('the second mail is there', () => this.laptop.sees(this.#second));
  }

  async works(): Promise<void> {
    await this.story.writes(this.laptop, ['Clara'], null);
    await this.#does('archive', this.#first);
    await this.#does('flag', this.#second);
    await this.#does('archive', this.#second);
    await this.story.writes(this.laptop, ['Clara'], this.#second);
    await this.#waits('everything has left', (engine, ms) => engine.sent(ms));
  }

  async #waits(what: string, is: Parameters<StoryLaptop['until']>[0]): Promise<void> {
    if (!(await this.laptop.until(is, patienceMs))) throw new Error(`It never came that ${what}.`);
  }

  /** Points since Exchange went. */
  async points(): Promise<number> {
    return ((await (await this.laptop.alive()).points()) ?? 0) - this.#pointsAtFirst;
  }

  /** Again, where the engine dies of it. */
  async #does(act: Act, mail: string): Promise<void> {
    for (let tries = 0; tries < 3; tries += 1) if (await this.story.acts(this.laptop, act, mail)) return;
  }
}
