import { once } from 'node:events';
import { setImmediate as afterPolling, setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ok } from '../../../shared/result.ts';
import { openImapSession } from '../mail/imap-session.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import { realClock, silent } from '../testing/laptop.ts';
import { probeGreeting } from './probes.ts';
import { makeCertificate } from './testing/small-exchange.ts';

const certificate = makeCertificate();
const network = directNetwork([certificate.cert]);
const deadlineMs = 1000;
const answerMs = 300;

async function start(setup: { greeting: string; isTls: boolean }): Promise<number> {
  const { cert, key } = setup.isTls ? certificate : { cert: null, key: null };
  const worker = new Worker(new URL('./testing/slow-server.ts', import.meta.url), {
    workerData: { cert, key, greeting: setup.greeting, answerMs },
  });
  onTestFinished(() => void worker.terminate());
  const [port] = await once(worker, 'message');
  return port as number;
}

/**
 * The process does not run, as on a laptop that is short of memory, and what the server says meanwhile waits to be read.
 * In the phase of the event loop after which timers come before sockets.
 */
const standStill = async (ms: number): Promise<void> => {
  await pause(answerMs / 3);
  await afterPolling();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

describe('a laptop that stood still for longer than a deadline', () => {
  it('hears the answer to its sign of life before it calls the server silent', async () => {
    const port = await start({ greeting: '* OK [CAPABILITY IMAP4rev1] ready', isTls: true });
    const session = await openImapSession({
      network,
      route: 'primary',
      server: { host: 'localhost', port, security: 'tls' },
      credentials: async () => ok({ kind: 'password', user: 'anna', password: 'secret' }),
      log: silent,
    });
    if (!session.ok) throw new Error(session.error.code);
    const noop = session.value.noop(deadlineMs);
    await standStill(2 * deadlineMs);
    expect(await noop).toEqual(ok(null));
    await session.value.close();
  });

  it('hears the greeting', async () => {
    const port = await start({ greeting: '* BYE Connection is closed. 13', isTls: false });
    const limits = { network, clock: realClock, stepMs: deadlineMs, signal: new AbortController().signal };
    const probe = probeGreeting({ host: 'localhost', port, security: 'starttls' }, 'imap', limits);
    await standStill(2 * deadlineMs);
    expect(await probe).toMatchObject({ ok: false, error: { code: 'server.throttled' } });
  });
});
