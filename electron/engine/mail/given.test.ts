import { expect, it } from 'vitest';
import { isGiven } from './given.ts';

it('takes NIL for nothing, as imapflow gives it, and an empty section for bytes', () => {
  expect([false as const, null, undefined, Buffer.alloc(0), Buffer.from('x')].map(isGiven)).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});
