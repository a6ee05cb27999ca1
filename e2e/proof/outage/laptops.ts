import fc from 'fast-check';
import { awake, Happening, laptop, laptopOf, used } from './happening.ts';

export const dies = fc.tuple(laptop, fc.integer({ min: 1, max: 80 })).map(
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

export const killed = laptop.map(
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

export const sleeps = laptop.map(
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

export const wakes = laptop.map(
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
export const jumps = fc.tuple(laptop, fc.constantFrom(-72, -1, 1, 72)).map(
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

export const disk = fc.tuple(laptop, fc.boolean()).map(
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

/** Time in which the engines do so much. */
export const passes = fc.integer({ min: 1, max: 60 }).map(
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
