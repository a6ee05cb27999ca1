import { expect, it } from 'vitest';
import type { ImapSession } from '../mail/types.ts';
import { confirmGone } from './confirm-gone.ts';

it('asks for every message, in whatever order they are named', async () => {
  const there = [1, 2, 5];
  // As a session answers: nothing below the number that a range begins with.
  const session: Pick<ImapSession, 'flags'> = {
    flags: async (range) => ({
      ok: true,
      value: range
        .split(',')
        .map(Number)
        .filter((uid) => there.includes(uid) && uid >= Number.parseInt(range, 10))
        .map((uid) => ({ uid, flags: [] })),
    }),
  };
  expect(await confirmGone(session as ImapSession, [5, 2, 7, 1])).toEqual({ ok: true, value: [7] });
});
