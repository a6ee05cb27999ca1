import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { BulletinBoard } from '../../../e2e/lab/bulletin-board.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import type { Clock, Logger } from '../ports.ts';
import { realClock, realRandom } from '../testing/laptop.ts';
import { createBulletinBoard } from './bulletin-board.ts';
import { createExchangeGate } from './exchange-gate.ts';
import { makeCertificate, startSmallImap } from './testing/small-exchange.ts';

const certificate = makeCertificate();
const network = directNetwork([certificate.cert]);
type OnTestFinished = TestContext['onTestFinished'];

async function openBoard(onTestFinished: OnTestFinished): Promise<BulletinBoard> {
  const board = await BulletinBoard.start({ key: certificate.key, certificate: certificate.cert });
  onTestFinished(() => board.stop());
  return board;
}

/** A laptop that asks these places whenever it is told to, and what it heard and logged. */
function laptop(
  onTestFinished: OnTestFinished,
  boards: readonly BulletinBoard[],
  file: string | null = null,
  clock: Clock = realClock,
) {
  const heard: string[] = [];
  const logged: unknown[] = [];
  const log: Logger = {
    info: () => {},
    warn: (_, fields) => void logged.push(fields?.failure),
    child: () => log,
  };
  const board = createBulletinBoard({
    policy: { urls: boards.map(({ port }) => `https://localhost:${port}/b`), file, pollSeconds: 3600 },
    fetch: network.fetchFor('neutral'),
    clock,
    random: realRandom,
    log,
    heard: async (posted, source) => void heard.push(`${source}: ${posted.trim()}`),
  });
  onTestFinished(() => board.stop());
  board.start();
  return { board, heard, logged };
}

describe('the places where bulletins are posted', () => {
  it('are all asked, and send again only what has changed', async ({ onTestFinished }) => {
    const [one, other] = [await openBoard(onTestFinished), await openBoard(onTestFinished)];
    [one.posted, other.posted] = ['a.b.c', 'd.e.f'];
    const { board, heard } = laptop(onTestFinished, [one, other]);
    await board.asked();
    expect(heard.toSorted()).toEqual(['board: a.b.c', 'board: d.e.f']);
    other.posted = 'g.h.i';
    board.poke();
    await board.asked();
    // What was refused once may be believed by now: it is told again, and was not sent again.
    expect(heard.slice(2).toSorted()).toEqual(['board: a.b.c', 'board: g.h.i']);
    expect([one.answers, other.answers]).toEqual([
      [200, 304],
      [200, 200],
    ]);
  });

  it.for([
    ['busy', 'status 503'],
    ['oversized', 'oversized'],
  ] as const)(
    'keep what they said while one is %s, with one line in the log',
    async ([mode, failure], { onTestFinished }) => {
      const place = await openBoard(onTestFinished);
      place.posted = 'a.b.c';
      const { board, heard, logged } = laptop(onTestFinished, [place]);
      await board.asked();
      place.mode = mode;
      for (let times = 0; times < 2; times += 1) {
        board.poke();
        await board.asked();
      }
      expect(new Set(heard)).toEqual(new Set(['board: a.b.c']));
      expect(logged).toEqual([failure]);
      place.mode = 'works';
      place.posted = 'd.e.f';
      board.poke();
      await board.asked();
      expect(heard.at(-1)).toBe('board: d.e.f');
    },
  );

  it('hold nobody up: one that hangs neither the others nor the laptop', async ({ onTestFinished }) => {
    const [hanging, working] = [await openBoard(onTestFinished), await openBoard(onTestFinished)];
    hanging.mode = 'hangs';
    working.posted = 'a.b.c';
    const { board, heard } = laptop(onTestFinished, [hanging, working]);
    await board.asked();
    await expect.poll(() => heard).toEqual(['board: a.b.c']);
  });

  it('can be a file, which may come, change and go', async ({ onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'relevo-board-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'relevo.bulletins');
    const { board, heard, logged } = laptop(onTestFinished, [], file);
    const ask = async (): Promise<void> => {
      board.poke();
      await board.asked();
    };
    await ask();
    writeFileSync(file, 'a.b.c\n');
    await ask();
    writeFileSync(file, 'd.e.f and more\n');
    await ask();
    writeFileSync(file, 'x'.repeat(70_000));
    await ask();
    rmSync(file);
    await ask();
    expect([...new Set(heard)]).toEqual(['file: a.b.c', 'file: d.e.f and more']);
    expect(logged).toEqual(['oversized']);
  });

  it('are asked every laptop at its own pace', async ({ onTestFinished }) => {
    const pauses: number[] = [];
    const clock: Clock = {
      now: realClock.now,
      after: (ms, run) => {
        if (ms < 100_000) return realClock.after(ms, run);
        pauses.push(ms);
        return () => {};
      },
    };
    for (let count = 0; count < 12; count += 1) {
      const { board } = laptop(onTestFinished, [], join(tmpdir(), 'relevo-nothing-here'), clock);
      await board.asked();
    }
    await expect.poll(() => pauses.length).toBe(12);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0.75 * 3_600_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1.25 * 3_600_000);
    expect(new Set(pauses).size).toBeGreaterThan(6);
  });
});

describe('the gate before Exchange', () => {
  it('cuts what stands and lets nothing begin while it is shut; continuity is open all the while', async ({
    onTestFinished,
  }) => {
    const imap = await startSmallImap(certificate);
    onTestFinished(() => imap.close());
    const gate = createExchangeGate(network);
    const open = (purpose: 'primary' | 'continuity') =>
      gate.network.open({ host: 'localhost', port: imap.port, security: 'tls', purpose });
    const [before, spared] = [await open('primary'), await open('continuity')];
    if (!before.ok || !spared.ok) throw new Error('not opened');
    onTestFinished(() => void spared.value.socket.destroy());
    const cut = new Promise((resolve) => before.value.socket.once('close', resolve));
    gate.shut();
    await cut;
    expect(spared.value.socket.destroyed).toBe(false);
    expect(await open('primary')).toMatchObject({ error: { code: 'exchange.forbidden' } });
    const continuity = await open('continuity');
    expect(continuity.ok).toBe(true);
    gate.open();
    const again = await open('primary');
    expect(again.ok).toBe(true);
    for (const opened of [continuity, again]) if (opened.ok) opened.value.socket.destroy();
  });

  it('ends a request to the identity provider on its way, and one that is just being opened', async ({
    onTestFinished,
  }) => {
    const server = await openBoard(onTestFinished);
    server.mode = 'hangs';
    const gate = createExchangeGate(network);
    const url = `https://localhost:${server.port}/token`;
    const asking = gate.network.fetchFor('primary')(url, { method: 'POST', body: 'refresh_token=secret' });
    const opening = gate.network.open({
      host: 'localhost',
      port: server.port,
      security: 'tls',
      purpose: 'primary',
    });
    gate.shut();
    await expect(asking).rejects.toMatchObject({ failure: { code: 'exchange.forbidden' } });
    expect(await opening).toMatchObject({ error: { code: 'exchange.forbidden' } });
    await expect(gate.network.fetchFor('primary')(url)).rejects.toMatchObject({
      failure: { code: 'exchange.forbidden' },
    });
    server.mode = 'works';
    expect((await gate.network.fetchFor('continuity')(url)).status).toBe(200);
  });

  it('waits until the bulletins are known', async ({ onTestFinished }) => {
    const imap = await startSmallImap(certificate);
    onTestFinished(() => imap.close());
    const { promise, resolve } = Promise.withResolvers<void>();
    const gate = createExchangeGate(network, () => promise);
    let progress = 0;
    const twice = Promise.withResolvers<void>();
    const opening = gate.network.open(
      { host: 'localhost', port: imap.port, security: 'tls', purpose: 'primary' },
      {
        onProgress: () => {
          progress += 1;
          if (progress === 2) twice.resolve();
        },
      },
    );
    // Who counts silence is kept from counting this.
    await twice.promise;
    gate.shut();
    resolve();
    expect(await opening).toMatchObject({ error: { code: 'exchange.forbidden' } });
  });
});
