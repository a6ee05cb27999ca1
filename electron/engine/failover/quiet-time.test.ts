import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { upsertAccount } from '../cache/accounts.ts';
import { type Database, openDatabase } from '../cache/database.ts';
import type { Network } from '../net/network.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import type { BulletinPayload } from './bulletin-format.ts';
import { createFailover, type Failover } from './controller.ts';
import { type BulletinKey, signBulletin, thumbprintOf } from './sign-bulletin.ts';
import { testPolicy } from './testing/policy.ts';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.UTC(2026, 10, 28, 18);
const from = now + 3 * hour;
const until = now + 5 * hour;
const silent = { info: () => {}, warn: () => {}, child: () => silent };

/** Nobody answers anything: what is decided here is decided by the clock and by bulletins. */
const network: Network = {
  open: () => new Promise(() => {}),
  fetchFor: () => () => new Promise(() => {}),
  evidence: () => [],
};

describe('a laptop and a planned maintenance', () => {
  let folder: string;
  let db: Database;
  let clock: ManualClock;
  let key: BulletinKey;
  let failover: Failover;
  let announced: number;
  let sequence: number;
  const gate: string[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-quiet-'));
    const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32));
    if (!opened.ok) throw new Error(opened.error.code);
    db = opened.value;
    clock = new ManualClock(now);
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    key = (await exportJWK(privateKey)) as BulletinKey;
    announced = 0;
    sequence = 0;
    gate.length = 0;
    failover = await start();
  });
  afterEach(async () => {
    await failover.stop();
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<Failover> {
    const address = 'anna@corp.example';
    const thumbprint = await thumbprintOf(key);
    const started = createFailover({
      account: { id: upsertAccount(db, { address, displayName: 'Anna' }), address },
      db,
      network,
      gate: { shut: () => void gate.push('shut'), open: () => void gate.push('open') },
      exchange: {
        imap: { host: 'exchange.example', port: 993, security: 'tls' },
        submission: { host: 'exchange.example', port: 587, security: 'starttls' },
        authentication: { kind: 'password', user: 'anna' },
      },
      openControlSession: () => new Promise(() => {}),
      policy: {
        ...testPolicy,
        neutralHosts: ['neutral.example:443'],
        holdDownSeconds: 60,
      },
      here: () => ({ name: '', hasVpn: false }),
      bulletins: {
        platform: 'linux',
        policy: { keys: [thumbprint], graveKeys: [thumbprint], groups: [], spreadSeconds: 0 },
      },
      clock,
      log: silent,
      announce: () => {
        announced += 1;
      },
      startReconcile: () => {},
    });
    started.start();
    return started;
  }

  async function say(change: Partial<BulletinPayload> & Pick<BulletinPayload, 'kind'>): Promise<void> {
    sequence += 1;
    const seconds = clock.now() / 1000;
    const jws = await signBulletin(
      { issuer: 'IT', matter: 'move', sequence, iat: seconds, exp: seconds + 30 * 86_400, ...change },
      key,
    );
    await failover.takeBulletins(jws, 'board');
  }
  const window = (begin: number, end: number) => ({
    kind: 'maintenance' as const,
    window: { from: begin / 1000, until: end / 1000 },
  });
  const phase = (): string => {
    const { kind, sending, notices } = failover.status();
    return `${kind === 'quiet' ? 'quiet' : 'open'} ${sending ?? 'held'} ${notices[0]?.phase ?? 'nothing'}`;
  };

  it('that is awake holds from the first second to the last, and tells the window at each turn', async () => {
    await say(window(from, until));
    expect(phase()).toBe('open primary announced');
    clock.advance(3 * hour - 1);
    expect(phase()).toBe('open primary announced');
    const before = announced;
    clock.advance(1);
    expect(phase()).toBe('quiet held running');
    expect(announced).toBeGreaterThan(before);
    clock.advance(2 * hour - 1);
    expect(phase()).toBe('quiet held running');
    clock.advance(1);
    expect(phase()).toContain('over');
    expect(failover.status().kind).not.toBe('quiet');
    clock.advance(11 * minute);
    expect(failover.status().notices).toEqual([]);
  });

  it('that falls asleep before and wakes within it holds at once', async () => {
    await say(window(from, until));
    clock.sleep(4 * hour);
    failover.laptopWoke();
    expect(phase()).toBe('quiet held running');
    clock.advance(hour);
    expect(failover.status().kind).not.toBe('quiet');
  });

  it('that sleeps through all of it never holds, and says nothing of it the next day', async () => {
    await say(window(from, until));
    clock.sleep(20 * hour);
    failover.laptopWoke();
    expect(failover.status()).toMatchObject({ notices: [], sending: 'primary' });
  });

  it('that falls asleep within and wakes after it lets everything go', async () => {
    await say(window(from, until));
    clock.advance(4 * hour);
    expect(phase()).toBe('quiet held running');
    clock.sleep(10 * hour);
    failover.laptopWoke();
    expect(failover.status()).toMatchObject({ sending: 'primary', notices: [] });
  });

  it('that nobody woke finds out by itself within a minute', async () => {
    await say(window(from, until));
    clock.sleep(4 * hour);
    clock.advance(minute);
    expect(phase()).toBe('quiet held running');
  });

  it('that is started within it holds from the start, and from before its first bulletin', async () => {
    await say(window(from, until));
    clock.advance(4 * hour);
    await failover.stop();
    failover = await start();
    expect(phase()).toBe('quiet held running');
    await failover.stop();
    clock.sleep(2 * hour);
    failover = await start();
    expect(failover.status().kind).not.toBe('quiet');
  });

  it('follows a window that is moved, shortened, lengthened and called off', async () => {
    await say(window(from, until));
    await say(window(from + hour, until + hour));
    clock.advance(3 * hour);
    expect(phase()).toBe('open primary announced');
    expect(failover.status().notices[0]?.formerWindow).toEqual({ from, until });
    clock.advance(hour);
    expect(phase()).toBe('quiet held running');
    await say(window(from + hour, until + 5 * hour));
    clock.advance(3 * hour);
    expect(phase()).toBe('quiet held running');
    await say(window(from + hour, clock.now() + minute));
    clock.advance(minute);
    expect(phase()).toContain('over');
    await say(window(clock.now() + hour, clock.now() + 2 * hour));
    expect(phase()).toContain('announced');
    await say({ kind: 'end' });
    expect(phase()).toContain('cancelled');
    clock.advance(3 * hour);
    expect(failover.status()).toMatchObject({ notices: [], sending: 'primary' });
  });

  it('is not confused by a clock that is set back and forth', async () => {
    await say(window(from, until));
    clock.advance(3 * hour);
    clock.sleep(-24 * hour);
    failover.laptopWoke();
    expect(failover.status().kind).not.toBe('quiet');
    clock.sleep(24 * hour);
    failover.laptopWoke();
    expect(phase()).toBe('quiet held running');
  });

  it('lets what is urgent go by continuity while it holds, and only then', async () => {
    expect(failover.goUrgently()).toBeNull();
    await say(window(from, until));
    clock.advance(3 * hour);
    expect(failover.status().mayGoUrgently).toBe(true);
    expect(failover.goUrgently()).toBe('continuity');
    expect(failover.status()).toMatchObject({ kind: 'quiet', cause: 'maintenance', sending: null });
    clock.advance(2 * hour);
    expect(failover.urgentRoute()).toBeNull();
  });

  it('in an incident shuts the way to Exchange, again after a restart, until it is released', async () => {
    await say({ kind: 'incident' });
    expect(gate.at(-1)).toBe('shut');
    await failover.stop();
    gate.length = 0;
    failover = await start();
    expect(gate).toContain('shut');
    expect(gate).not.toContain('open');
    await say({ kind: 'end' });
    expect(gate.at(-1)).toBe('open');
  });
});
