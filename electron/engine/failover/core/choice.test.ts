import { describe, expect, it } from 'vitest';
import { choiceHolds, decreeOf, endOfChoice } from './choice.ts';

const hour = 60 * 60_000;
const year = 365 * 24 * hour;
const at = 50 * year;
const choice = { route: 'continuity', at } as const;

describe('the choice of a person', () => {
  it.each([
    ['holds from the moment it is made', 0, true],
    ['holds while a clock is set right by minutes', -hour / 60, true],
    ['holds for its hours', 12 * hour - 1, true],
    ['ends by itself', 12 * hour, false],
    ['ends when the clock is set ahead by a year', year, false],
    ['ends when the clock is set back by a year, since nobody knows its age', -year, false],
  ])('%s', (_, age, holds) => {
    expect(choiceHolds(choice, 12, at + age)).toBe(holds);
  });

  it('is what the machine is told', () => {
    expect(decreeOf(choice)).toBe('chosenContinuity');
    expect(decreeOf({ route: 'primary', at })).toBe('chosenExchange');
    expect(endOfChoice(choice, 2)).toBe(at + 2 * hour);
  });
});
