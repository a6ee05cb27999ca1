import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OnlyHereCounts } from './cache/queries/only-here-store.ts';
import { watchOnlyHere } from './only-here.ts';
import { createDrafts } from './outbox/drafts.ts';
import { type Laptop, openLaptop, ownIdentity, realClock, realRandom } from './testing/laptop.ts';
import type { Worker } from './worker.ts';

describe('what is only here', () => {
  let laptop: Laptop;
  let told: OnlyHereCounts[];
  let watch: Worker;

  beforeEach(() => {
    laptop = openLaptop('anna@corp.example');
    told = [];
    watch = watchOnlyHere(laptop.db, { clock: realClock, onlyHere: (counts) => told.push(counts) });
  });
  afterEach(async () => {
    await watch.stop();
    laptop.remove();
  });

  const counted = async () => {
    watch.wake();
    watch.wake();
    await Promise.resolve();
    await Promise.resolve();
  };

  it('is told at the start, and whenever it is another number', async () => {
    const drafts = createDrafts({
      account: laptop.account,
      db: laptop.db,
      identities: ownIdentity(laptop.account),
      clock: realClock,
      random: realRandom,
      announce: () => {},
      policy: { undoSeconds: 0 },
      queued: () => {},
    });
    await counted();
    const made = drafts.create('new', null);
    if (!made.ok) throw new Error(made.error.code);
    await counted();
    await counted();
    drafts.save(made.value.id, {
      ...made.value,
      to: [{ name: '', address: 'bob@x.example' }],
      subject: 'Blue',
      text: 'We take it.',
    });
    await counted();
    expect(await drafts.send(made.value.id)).toMatchObject({ ok: true });
    await counted();
    laptop.db.exec("UPDATE outgoing SET state = 'accepted'");
    await counted();
    expect(told).toEqual([
      { unsent: 0, drafts: 0, unreconciled: 0 },
      { unsent: 0, drafts: 1, unreconciled: 0 },
      { unsent: 1, drafts: 0, unreconciled: 0 },
      { unsent: 0, drafts: 0, unreconciled: 0 },
    ]);
  });
});
