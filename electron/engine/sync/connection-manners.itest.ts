import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  endsLongIdling,
  limitsConnections,
  saysByeWhileIdling,
  throttlesForLong,
} from '../../../e2e/lab/quirks/connection-quirks.ts';
import { everydayQuirks } from '../../../e2e/lab/quirks/exchange-quirks.ts';
import { type SyncedLaptop, startSyncedLaptop } from '../../../e2e/proof/synced-laptop.ts';
import type { AppError } from '../../../shared/errors.ts';

const patience = { timeout: 60_000, interval: 50 };

describe('over the connections that Exchange allows, sync', () => {
  let laptop: SyncedLaptop;
  afterEach(() => laptop.stop());

  const isCurrent = () => vi.waitFor(() => expect(laptop.runner.status().kind).toBe('current'), patience);
  const arrives = async (subject: string) => {
    await laptop.lab.outside.sends({ to: 'alice', subject, text: 'x' });
    const find = laptop.db.prepare<[string], 1>('SELECT 1 FROM message WHERE subject = ?').pluck();
    await vi.waitFor(() => expect(find.get(subject)).toBe(1), patience);
  };
  const idles = () => laptop.lab.wire.given.filter(({ name }) => name === 'IDLE');

  it('works, listens and lets others in, three at a time, however many want to', async () => {
    laptop = await startSyncedLaptop({ quirks: [limitsConnections(3)], messages: 60, pollSeconds: 1 });
    laptop.runner.start();
    // As the outbox files, reconcile carries over, and somebody rehearses, all at the same moment and more than once.
    const others = Array.from({ length: 9 }, async (_, index) => {
      if (index % 3 === 0) return laptop.runner.pass('primary');
      const opened = await laptop.openSession('primary');
      if (!opened.ok) return opened;
      const folders = await opened.value.folders();
      await opened.value.close();
      return folders;
    });
    await isCurrent();
    for (const outcome of await Promise.all(others)) expect(outcome).toMatchObject({ ok: true });
    await arrives('After all that');
    expect(laptop.lab.wire.mostConnections).toBe(3);
    expect(laptop.failures).toEqual([]);
  });

  it('never listens as long as it would be thrown out for', async () => {
    // Half an hour at Exchange, and a minute between our signs of life; here 3 seconds and one.
    laptop = await startSyncedLaptop({ quirks: [endsLongIdling(3000)], idleMs: 300 });
    laptop.runner.start();
    await isCurrent();
    await vi.waitFor(() => expect(idles().length).toBeGreaterThan(15), patience);
    expect(new Set(idles().map(({ connection }) => connection)).size).toBe(1);
  });

  it('goes on when the connection on which it listens is ended again and again', async () => {
    laptop = await startSyncedLaptop({ quirks: [saysByeWhileIdling], pollSeconds: 1 });
    laptop.runner.start();
    await isCurrent();
    for (const subject of ['First', 'Second']) await arrives(subject);
    await vi.waitFor(
      () => expect(new Set(idles().map(({ connection }) => connection)).size).toBeGreaterThan(1),
      patience,
    );
    expect(laptop.failures.filter(({ code }: AppError) => code !== 'server.throttled')).toEqual([]);
  });

  it('says nothing more to a server that wants to be left alone for long, and does not take it for a dead one', async () => {
    laptop = await startSyncedLaptop({ quirks: [throttlesForLong], messages: 20, pollSeconds: 1 });
    laptop.runner.start();
    await vi.waitFor(() => expect(laptop.failures).not.toEqual([]), patience);
    laptop.runner.poke();
    expect(await laptop.openSession('primary')).toMatchObject({
      ok: false,
      error: { code: 'server.throttled', context: { waitMs: expect.any(Number) } },
    });
    laptop.runner.poke();
    await vi.waitFor(() => expect(laptop.failures.length).toBeGreaterThan(2), patience);
    expect(new Set(laptop.failures.map(({ code }) => code))).toEqual(new Set(['server.throttled']));
    // Those to work and to listen, which may have begun at once; nobody else has knocked.
    expect(laptop.lab.wire.given.filter(({ connection }) => connection > 2)).toEqual([]);
  });

  it('comes back as slowly as it says it does where this laptop fails and the server does not', async () => {
    laptop = await startSyncedLaptop({ quirks: [], messages: 20 });
    laptop.db.exec("CREATE TRIGGER full BEFORE INSERT ON copy BEGIN SELECT RAISE(ABORT, 'no'); END");
    laptop.runner.start();
    const tries = () => [
      ...new Map(
        laptop.lab.wire.given
          .filter(({ name }) => name.startsWith('UID'))
          .map((given) => [given.connection, given] as const),
      ).values(),
    ];
    await vi.waitFor(() => expect(tries().length).toBeGreaterThan(2), patience);
    const [first, , third] = tries();
    // After the first failure at least two thirds of a second, after the second twice that.
    expect((third?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1900);
  });

  it('gives no more commands than it says it does where nothing happens', async () => {
    const manners = everydayQuirks.filter(({ name }) => !/throttles|endsConnections|cuts/.test(name));
    laptop = await startSyncedLaptop({ quirks: manners, messages: 20 });
    await laptop.pass();
    const quiet = await laptop.pass();
    const folders = laptop.db.prepare<[], number>('SELECT count(*) FROM folder').pluck().get() ?? 0;
    // A sign-in and a listing, then two for each folder.
    const work = quiet.filter((line) => /^(LIST|SELECT|UID FETCH|FETCH|UID SEARCH)/.test(line));
    expect(work.length).toBeLessThanOrEqual(1 + 2 * folders);
  });

  it('asks 40 folders at most in a pass where nothing happens, by two commands each, however many there are', async () => {
    const [polls, idleMs] = [4, 5000];
    laptop = await startSyncedLaptop({ quirks: [], messages: 20, pollSeconds: 1, idleMs });
    await laptop.lab.exchange
      .mailbox('alice')
      .createFolders(Array.from({ length: 60 }, (_, index) => `Project ${index}`));
    laptop.runner.start();
    await isCurrent();
    const { given } = laptop.lab.wire;
    const lists = () => given.flatMap(({ line }, index) => (/ LIST "" "\*"/.test(line) ? [index] : []));
    // The first pass asks every folder, and the look through after it.
    await vi.waitFor(() => expect(lists().length).toBeGreaterThan(polls + 1), patience);
    const quiet = lists().slice(1, polls + 2);
    const between = quiet.slice(1).map((to, index) => given.slice(quiet[index], to));
    const ofListening = (name: string) => name === 'IDLE' || name === 'NOOP';
    for (const commands of between) {
      const asked = commands.filter(({ name }) => !ofListening(name));
      expect(asked.length).toBeGreaterThan(40);
      expect(asked.length).toBeLessThanOrEqual(2 + 2 * 40);
      const ms = (commands.at(-1)?.at ?? 0) - (commands[0]?.at ?? 0);
      expect(commands.length - asked.length).toBeLessThanOrEqual(2 * (Math.ceil(ms / idleMs) + 1));
    }
  });
});
