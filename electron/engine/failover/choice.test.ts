import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { upsertAccount } from '../cache/accounts.ts';
import { type Database, openDatabase } from '../cache/database.ts';
import type { Network } from '../net/network.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { createFailover, type Failover } from './controller.ts';
import { type BulletinKey, signBulletin, thumbprintOf } from './sign-bulletin.ts';
import { testPolicy } from './testing/policy.ts';

const hour = 60 * 60_000;
const year = 365 * 24 * hour;
const silent = { info: () => {}, warn: () => {}, child: () => silent };

/** Nobody answers anything: what is decided here is decided by the person, the clock, policy and bulletins. */
const network: Network = {
  open: () => new Promise(() => {}),
  fetchFor: () => () => new Promise(() => {}),
  evidence: () => [],
};

describe('the person’s choice of a way', () => {
  let folder: string;
  let db: Database;
  let clock: ManualClock;
  let key: BulletinKey;
  let thumbprint: string;
  let policy: { mayChoose: boolean };
  let failover: Failover;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-choice-'));
    const opened = openDatabase(join(folder, 'mail.db'), new Uint8Array(32));
    if (!opened.ok) throw new Error(opened.error.code);
    db = opened.value;
    clock = new ManualClock(Date.UTC(2026, 10, 28, 9, 41));
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    key = (await exportJWK(privateKey)) as BulletinKey;
    thumbprint = await thumbprintOf(key);
    policy = { mayChoose: true };
    failover = start();
  });
  afterEach(async () => {
    await failover.stop();
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(): Failover {
    const address = 'anna@corp.example';
    const started = createFailover({
      account: { id: upsertAccount(db, { address, displayName: 'Anna' }), address },
      db,
      network,
      gate: { shut: () => {}, open: () => {} },
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
        mayGoUrgently: false,
        get mayChoose() {
          return policy.mayChoose;
        },
      },
      here: () => ({ name: '', hasVpn: false }),
      bulletins: {
        platform: 'linux',
        policy: { keys: [thumbprint], graveKeys: [thumbprint], groups: [], spreadSeconds: 0 },
      },
      clock,
      log: silent,
      announce: () => {},
      startReconcile: () => {},
    });
    started.start();
    return started;
  }

  async function say(kind: 'outage' | 'end', sequence: number): Promise<void> {
    const seconds = clock.now() / 1000;
    const about = { issuer: 'IT', matter: 'm', sequence, iat: seconds, exp: seconds + 86_400 };
    await failover.takeBulletins(await signBulletin({ ...about, kind }, key), 'board');
  }
  const isChosen = (): boolean => failover.status().override === 'person';

  it('takes effect at once, is told with its hours, and outlives a restart', async () => {
    const at = clock.now();
    expect(failover.choose('continuity')).toEqual({ ok: true, value: null });
    const chosen = { route: 'continuity', at, until: at + 12 * hour } as const;
    expect(failover.status()).toMatchObject({ kind: 'continuity', override: 'person', chosen });
    await failover.stop();
    clock.sleep(hour);
    failover = start();
    expect(failover.status()).toMatchObject({ kind: 'continuity', override: 'person', chosen });
  });

  it('ends when the person says so, when its hours are over, awake, asleep or not running', async () => {
    failover.choose('continuity');
    failover.choose(null);
    expect(failover.status()).toMatchObject({ chosen: null, override: null, kind: 'continuity' });

    failover.choose('primary');
    clock.advance(12 * hour - 1);
    expect(isChosen()).toBe(true);
    clock.advance(1);
    expect(isChosen()).toBe(false);

    failover.choose('continuity');
    clock.sleep(13 * hour);
    failover.laptopWoke();
    expect(isChosen()).toBe(false);

    failover.choose('primary');
    await failover.stop();
    clock.sleep(13 * hour);
    failover = start();
    expect(failover.status()).toMatchObject({ chosen: null, override: null });
  });

  it('ends when nobody can tell its age, since the clock was set by a year', () => {
    for (const jump of [-year, year]) {
      failover.choose('continuity');
      clock.sleep(jump);
      failover.laptopWoke();
      expect(isChosen()).toBe(false);
    }
  });

  it('gives way to a bulletin, and does not come back after it', async () => {
    failover.choose('primary');
    await say('outage', 1);
    expect(failover.status()).toMatchObject({ override: 'bulletin', chosen: null, mayChoose: false });
    expect(failover.choose('primary')).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    await say('end', 2);
    expect(failover.status()).toMatchObject({ override: null, chosen: null, mayChoose: true });
  });

  it('is not theirs where policy forbids it, and one that stands ends then', () => {
    failover.choose('continuity');
    policy.mayChoose = false;
    failover.policyChanged();
    expect(failover.status()).toMatchObject({ override: null, chosen: null, mayChoose: false });
    expect(failover.choose('continuity').ok).toBe(false);
  });

  it('is not made where it cannot be kept, so that no restart undoes it', () => {
    db.pragma('query_only = ON');
    expect(failover.choose('continuity').ok).toBe(false);
    expect(failover.status()).toMatchObject({ chosen: null, kind: 'suspect' });
    db.pragma('query_only = OFF');
  });
});
