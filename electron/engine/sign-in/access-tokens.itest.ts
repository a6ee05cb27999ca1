import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IssuerMode } from '../../../e2e/lab/issuer/issuer.ts';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import type { Credentials } from '../mail/types.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import type { Logger } from '../ports.ts';
import { type Laptop, openLaptop } from '../testing/laptop.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { memorySecrets } from '../testing/memory-secrets.ts';
import { type AccessTokens, createAccessTokens } from './access-tokens.ts';
import { createOAuthProvider } from './oauth-provider.ts';
import { createStanding, type Standing } from './standing.ts';

/** A busy machine may take its time. */
const patience = { timeout: 20_000 };
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const address = addressOf('alice');
const name = { address, provider: 'exchange' } as const;

describe('access tokens', () => {
  let lab: Lab;
  let laptop: Laptop;
  let clock: ManualClock;
  let secrets: ReturnType<typeof memorySecrets>;
  let standing: Standing;
  let tokens: AccessTokens;
  let usable: number;
  let announced: number;
  const logged: unknown[] = [];
  const log: Logger = {
    info: (...entry) => void logged.push(entry),
    warn: (...entry) => void logged.push(entry),
    child: () => log,
  };

  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.stop());

  beforeEach(async () => {
    laptop = openLaptop(address);
    clock = new ManualClock();
    secrets = memorySecrets();
    await secrets.put(name, lab.issuer.grant(address));
    lab.issuer.requests = 0;
    [usable, announced] = [0, 0];
    open();
  });
  afterEach(async () => {
    tokens.stop();
    laptop.remove();
    lab.issuer.mode = 'works';
    lab.issuer.tokenLifetime = 3600;
    lab.issuer.store.refusesReuse = false;
    await lab.issuer.comesBack();
  });

  /** As at a start of the app. */
  function open(): void {
    const { authentication } = lab.accountOf('alice').exchange;
    if (authentication.kind !== 'oauth') throw new Error('not OAuth');
    const { db, account } = laptop;
    const announce = (): void => {
      announced += 1;
    };
    standing = createStanding({
      accountId: account.id,
      provider: 'exchange',
      method: 'browser',
      db,
      clock,
      announce,
    });
    tokens = createAccessTokens({
      user: address,
      provider: createOAuthProvider(
        authentication,
        directNetwork(lab.authorities).fetchFor('primary'),
        clock,
      ),
      secret: { get: () => secrets.get(name), put: (value) => secrets.put(name, value) },
      standing,
      clock,
      log,
      onUsable: () => {
        usable += 1;
      },
    });
  }

  async function shown(refused?: Credentials): Promise<Credentials> {
    const credentials = await tokens.source(refused);
    if (!credentials.ok) throw new Error(credentials.error.code);
    return credentials.value;
  }
  const refreshToken = async () => {
    const stored = await secrets.get(name);
    return stored.ok ? stored.value : null;
  };
  const state = () => standing.status().state;
  /** Until the provider has been asked as often as that, and has accepted the last time just now. */
  const asked = (times: number) =>
    expect
      .poll(() => [lab.issuer.requests, standing.status().acceptedAt], patience)
      .toEqual([times, clock.now()]);

  it('are got by the refresh token, which is replaced by the one that comes along', async () => {
    const before = await refreshToken();
    const credentials = await shown();
    expect(credentials).toMatchObject({ kind: 'accessToken', user: address });
    expect(await lab.issuer.verify(credentials.kind === 'accessToken' ? credentials.accessToken : '')).toBe(
      address,
    );
    expect(await refreshToken()).not.toBe(before);
    expect(standing.status()).toMatchObject({ state: { kind: 'good' }, acceptedAt: clock.now() });
  });

  it('are renewed once, though twenty sessions wait', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => shown()));
    expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(lab.issuer.requests).toBe(1);
    clock.sleep(hour);
    await Promise.all(Array.from({ length: 20 }, () => shown()));
    expect(lab.issuer.requests).toBe(2);
    const refused = await shown();
    await Promise.all(Array.from({ length: 20 }, () => shown(refused)));
    expect(lab.issuer.requests).toBe(3);
  });

  it('are renewed at half their life, though nobody asks', async () => {
    tokens.start();
    await shown();
    clock.advance(29 * minute);
    expect(lab.issuer.requests).toBe(1);
    clock.advance(2 * minute);
    await asked(2);
  });

  it('are renewed daily, however long they last, across restarts, and after a sleep', async () => {
    lab.issuer.tokenLifetime = 30 * 24 * 3600;
    tokens.start();
    await asked(1);
    clock.advance(day - minute);
    expect(lab.issuer.requests).toBe(1);
    clock.advance(minute);
    await asked(2);
    tokens.stop();

    open();
    tokens.start();
    clock.advance(day - minute);
    expect(lab.issuer.requests).toBe(2);
    clock.advance(minute);
    await asked(3);

    clock.sleep(3 * day);
    tokens.look();
    await asked(4);
  });

  it('do not wait for a clock that was set back to catch up', async () => {
    tokens.start();
    await asked(1);
    clock.sleep(-400 * day);
    tokens.look();
    await asked(2);
    await lab.issuer.dark();
    clock.sleep(hour);
    expect(await tokens.source()).toMatchObject({ ok: false });
    await lab.issuer.comesBack();
    clock.sleep(-400 * day);
    await shown();
  });

  it('are not shown in the last tenth of their life, unless the provider is away: then to their end', async () => {
    const first = await shown();
    await lab.issuer.dark();
    clock.sleep(57 * minute);
    expect(await shown()).toEqual(first);
    expect(state()).toEqual({ kind: 'good' });
    clock.sleep(4 * minute);
    expect(await tokens.source()).toMatchObject({
      ok: false,
      error: { code: 'auth.providerUnreachable', retry: 'later', context: { reason: 'network.unreachable' } },
    });
    await lab.issuer.comesBack();
    clock.advance(2 * minute);
    await expect.poll(() => usable, patience).toBe(1);
    expect(await shown()).not.toEqual(first);
  });

  it.each<IssuerMode>(['fails', 'captivePortal', 'redirects', 'brokenJson', 'invalidClient'])(
    'keep the refresh token when the provider %s, leave it alone for a while, and go on by themselves',
    async (mode) => {
      const before = await refreshToken();
      lab.issuer.mode = mode;
      const expected = mode === 'invalidClient' ? 'auth.refused' : 'auth.providerUnreachable';
      for (let session = 0; session < 5; session += 1)
        expect(await tokens.source()).toMatchObject({ ok: false, error: { code: expected } });
      expect(lab.issuer.requests).toBeLessThanOrEqual(1);
      expect(await refreshToken()).toBe(before);
      expect(state()).toEqual({ kind: 'good' });
      lab.issuer.mode = 'works';
      clock.advance(10 * minute);
      await expect.poll(() => usable, patience).toBe(1);
      await shown();
    },
  );

  it('keep the refresh token when the provider takes the question and says nothing', async () => {
    const before = await refreshToken();
    lab.issuer.mode = 'hangs';
    expect(await tokens.source()).toMatchObject({ ok: false, error: { code: 'auth.providerUnreachable' } });
    expect(await refreshToken()).toBe(before);
    expect(state()).toEqual({ kind: 'good' });
  });

  it('stop at an explicit refusal: the person is asked once, nobody else asks, and the secret stays', async () => {
    tokens.start();
    await shown();
    const kept = await refreshToken();
    lab.issuer.revoke(address);
    announced = 0;
    clock.sleep(2 * hour);
    for (let session = 0; session < 5; session += 1)
      expect(await tokens.source()).toMatchObject({ ok: false, error: { code: 'auth.expired' } });
    clock.advance(3 * day);
    expect(await tokens.source()).toMatchObject({ ok: false, error: { code: 'auth.expired' } });
    expect(lab.issuer.requests).toBe(2);
    expect(state()).toEqual({ kind: 'needed', reason: 'refused' });
    expect(announced).toBe(1);
    expect(await refreshToken()).toBe(kept);

    await secrets.put(name, lab.issuer.grant(address));
    tokens.secretChanged();
    await expect.poll(() => usable, patience).toBe(1);
    await shown();
    expect(state()).toEqual({ kind: 'good' });
  });

  it('stop when the provider wants to see the person, and say so after a restart, which tries once', async () => {
    lab.issuer.wantsToSee(address);
    expect(await tokens.source()).toMatchObject({ ok: false, error: { code: 'auth.interactionNeeded' } });
    expect(await tokens.source()).toMatchObject({ ok: false, error: { code: 'auth.interactionNeeded' } });
    expect(lab.issuer.requests).toBe(1);
    open();
    expect(state()).toEqual({ kind: 'needed', reason: 'interaction' });
    await Promise.all([tokens.source(), tokens.source()]);
    await tokens.source();
    expect(lab.issuer.requests).toBe(2);
  });

  it('go on with what the person has just signed in for, whatever was asked before', async () => {
    await shown();
    clock.sleep(2 * hour);
    lab.issuer.mode = 'invalidGrant';
    const before = tokens.source();
    await tokens.adopt({ accessToken: 'new', lifetimeMs: hour, refreshToken: 'new-refresh' });
    expect(await before).toMatchObject({ ok: true, value: { accessToken: 'new' } });
    expect(await refreshToken()).toBe('new-refresh');
    expect(state()).toEqual({ kind: 'good' });
  });

  it('outlive a key store that does not take the new refresh token, though the old one is used up', async () => {
    lab.issuer.store.refusesReuse = true;
    secrets.refuse = () => true;
    await shown();
    clock.sleep(2 * hour);
    await shown();
    secrets.refuse = () => false;
    clock.sleep(2 * hour);
    await shown();
    tokens.stop();
    open();
    await shown();
  });

  it('that a server refuses twice ask the person once, and hammer nobody', async () => {
    const first = await shown();
    const second = await shown(first);
    for (let session = 0; session < 5; session += 1)
      expect(await tokens.source(second)).toMatchObject({ ok: false, error: { code: 'auth.refused' } });
    expect(lab.issuer.requests).toBe(2);
    expect(state()).toEqual({ kind: 'needed', reason: 'refused' });
    clock.sleep(2 * hour);
    const third = await shown();
    expect(await tokens.source(third)).toMatchObject({ ok: false });
    expect(state()).toEqual({ kind: 'needed', reason: 'refused' });
    tokens.letIn();
    expect(state()).toEqual({ kind: 'good' });
  });

  it('say that there is no sign-in yet', async () => {
    secrets = memorySecrets();
    open();
    expect(await tokens.source()).toMatchObject({ ok: false, error: { code: 'auth.missing' } });
    expect(state()).toEqual({ kind: 'needed', reason: 'missing' });
  });

  it('are in no log', () => {
    expect(logged.length).toBeGreaterThan(10);
    expect(JSON.stringify(logged)).not.toMatch(/alice|eyJ|new-refresh/);
  });
});
