import { expect, it } from 'vitest';
import { causeOf } from './refusal-cause.ts';

it.each([
  ['550 5.1.1', 'unknown'],
  ['550 5.1.10', 'unknown'],
  ['552 5.2.2', 'full'],
  ['552 5.3.4', 'tooLarge'],
  ['552', 'tooLarge'],
  ['550 5.7.1', 'policy'],
  ['553 5.6.7', 'international'],
  ['554', 'other'],
  ['', 'other'],
] as const)('%s is %s', (response, cause) => expect(causeOf(response)).toBe(cause));
