import fc from 'fast-check';
import { type Commands, type Model, used } from './happening.ts';
import { dies, disk, jumps, killed, passes, sleeps, wakes } from './laptops.ts';
import { acts, claraWrites, claraWriting, doubted, webmail, writes } from './people.ts';
import {
  exchangeGoes,
  exchangeGoing,
  exchangeReturns,
  gateway,
  gatewayBeing,
  network,
  provider,
  saves,
  submission,
} from './servers.ts';
import type { Story } from './world.ts';

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
      [4, doubted],
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
