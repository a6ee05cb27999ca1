import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../../e2e/lab/lab.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { IdentityEntry } from '../../../shared/model/identity.ts';
import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import type { EnrolmentProvider } from '../../../shared/policy/enrolment-provider.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { findEnrolment, listEnrolments } from '../cache/queries/enrolment-store.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import { openTestDatabase, realClock, realRandom, silent } from '../testing/laptop.ts';
import { memorySecrets } from '../testing/memory-secrets.ts';
import { checkCharacter } from './core/code.ts';
import { createEnrolmentService, type EnrolmentService } from './enrolment-service.ts';

const alice = 'alice@corp.example';
const bob = 'bob@corp.example';

describe('enrolling at the continuity provider', () => {
  let lab: Lab;
  let folder: string;
  let db: Database;
  let secrets: ReturnType<typeof memorySecrets>;
  let enrolled: AccountId[];
  const directory = new Map<AccountId, readonly IdentityEntry[]>();
  const services: EnrolmentService[] = [];

  beforeAll(async () => {
    lab = await startLab({ employees: ['alice', 'bob'] });
  });
  afterAll(() => lab.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-enrolment-'));
    db = openTestDatabase(join(folder, 'mail.db'));
    secrets = memorySecrets();
    enrolled = [];
    lab.enrolment.mode = 'works';
    lab.enrolment.clockError = 0;
    lab.enrolment.requests.length = 0;
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.stop()));
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Options {
    readonly provider?: EnrolmentProvider | null;
    readonly isInPolicy?: boolean;
    readonly now?: () => EpochMs;
    readonly onChange?: () => void;
  }

  const startService = (options: Options = {}): EnrolmentService => {
    const { fetchFor } = directNetwork(lab.authorities);
    const service = createEnrolmentService({
      db,
      provider: options.provider === undefined ? lab.enrolment.published : options.provider,
      isInPolicy: () => options.isInPolicy ?? false,
      device: { platform: 'linux', name: 'laptop-1' },
      fetch: fetchFor('continuity'),
      secrets,
      clock: { ...realClock, now: options.now ?? realClock.now },
      random: realRandom,
      log: silent,
      announce: () => options.onChange?.(),
      identities: (accountId, entries) => void directory.set(accountId, entries),
      runAgain: async (accountId) => void enrolled.push(accountId),
    });
    services.push(service);
    return service;
  };
  const secretOf = (address: string) => secrets.get({ address, provider: 'continuity' });
  const codeOf = (result: Result<unknown, AppError>) => (result.ok ? 'ok' : result.error.code);
  const accountOf = (address: string): AccountId => {
    const found = listEnrolments(db).find((one) => one.address === address);
    if (found === undefined) throw new Error('not enrolled');
    return found.accountId;
  };
  const deviceOf = (address: string) => {
    const device = lab.enrolment.devices.of(address).at(-1);
    if (device === undefined) throw new Error('no device');
    return device;
  };

  it('makes a credential of a code, however it is typed, and knows the account from then on', async () => {
    const service = startService();
    const typed = ` ${lab.enrolment.issueCode(alice).toLowerCase().replaceAll('-', ' ')}`;
    expect(await service.enrol(typed)).toEqual({ ok: true, value: { address: alice } });
    expect(enrolled).toEqual([accountOf(alice)]);
    expect(await secretOf(alice)).toMatchObject({ ok: true, value: deviceOf(alice).secret });
    const { exchange, continuity } = lab.accountOf('alice');
    expect(service.accounts()).toEqual([
      {
        address: alice,
        displayName: 'Alice Berg',
        exchange,
        continuity: { imap: continuity.imap, submission: continuity.submission },
        user: deviceOf(alice).id,
      },
    ]);
  });

  it.each(['https', 'relevo'] as const)(
    'knows from a link (%s) alone where to go and whom to trust',
    async (scheme) => {
      const service = startService({ provider: null });
      const link = lab.enrolment.linkFor(lab.enrolment.issueCode(alice), scheme);
      expect(await service.enrol(link)).toEqual({ ok: true, value: { address: alice } });
      expect(findEnrolment(db, accountOf(alice))).toMatchObject({
        providerUrl: lab.enrolment.published.url,
        signingKeys: lab.enrolment.published.signingKeys,
      });
    },
  );

  it('is asked nothing about a code that was mistyped', async () => {
    const code = lab.enrolment.issueCode(alice);
    const wrong = code.replace(/^./, (first) => (first === '7' ? '8' : '7'));
    expect(codeOf(await startService().enrol(wrong))).toBe('enrolment.invalidCode');
    expect(lab.enrolment.requests).toEqual([]);
  });

  it('refuses a code that has run out, and one that another device has used', async () => {
    const late = lab.enrolment.issueCode(alice, { expiresAt: Date.now() - 1 });
    expect(await startService().enrol(late)).toMatchObject({
      error: { code: 'enrolment.invalidCode', context: { reason: 'expired' } },
    });
    const used = lab.enrolment.issueCode(alice);
    await startService().enrol(used);
    secrets = memorySecrets();
    expect(await startService().enrol(used)).toMatchObject({
      error: { code: 'enrolment.refused', context: { reason: 'used' } },
    });
  });

  it('loses nothing when the answer is lost: it goes on by itself, to the same credential', async () => {
    lab.enrolment.mode = 'dropsAnswers';
    const before = startService();
    expect(codeOf(await before.enrol(lab.enrolment.issueCode(bob)))).toBe('enrolment.unreachable');
    const { id } = deviceOf(bob);
    await before.stop();

    lab.enrolment.mode = 'works';
    const { promise, resolve } = Promise.withResolvers<void>();
    startService({ onChange: resolve }).start();
    await promise;
    expect(lab.enrolment.devices.of(bob).map((device) => device.id)).toEqual([id]);
    expect(await secretOf(bob)).toMatchObject({ ok: true, value: deviceOf(bob).secret });
  });

  it('does not count the code as used while the key store is full, and takes it up when it is not', async () => {
    const service = startService();
    const code = lab.enrolment.issueCode(alice);
    secrets.refuse = ({ provider }) => provider === 'continuity';
    expect(codeOf(await service.enrol(code))).toBe('storage.full');
    expect(listEnrolments(db)).toEqual([]);
    const { id } = deviceOf(alice);
    secrets.refuse = () => false;
    expect(codeOf(await service.enrol(lab.enrolment.linkFor(code)))).toBe('ok');
    expect(deviceOf(alice).id).toBe(id);
  });

  it.each([
    ['busy', 'enrolment.unreachable'],
    ['portal', 'enrolment.unreachable'],
    ['forged', 'enrolment.refused'],
    ['replays', 'enrolment.refused'],
  ] as const)('believes nobody but the provider: %s', async (mode, expected) => {
    const service = startService();
    expect(codeOf(await service.enrol(lab.enrolment.issueCode(alice)))).toBe('ok');
    lab.enrolment.mode = mode;
    expect(codeOf(await service.check(accountOf(alice)))).toBe(expected);
    expect(service.refusalOf(accountOf(alice))).toBeNull();
  });

  it('tolerates clocks that differ by hours, and not by days', async () => {
    lab.enrolment.clockError = 20 * 3600;
    const service = startService();
    expect(codeOf(await service.enrol(lab.enrolment.issueCode(alice)))).toBe('ok');
    lab.enrolment.clockError = -30 * 3600;
    expect(await service.check(accountOf(alice))).toMatchObject({ error: { context: { reason: 'clock' } } });
  });

  it('leads no mailbox away from its provider, and needs an Exchange from somebody', async () => {
    const service = startService({ provider: null });
    const withoutExchange = lab.enrolment.issueCode(alice, { withExchange: false });
    expect(await service.enrol(lab.enrolment.linkFor(withoutExchange))).toMatchObject({
      error: { context: { reason: 'noExchange' } },
    });
    await service.enrol(lab.enrolment.linkFor(lab.enrolment.issueCode(alice)));
    db.prepare("UPDATE enrolment SET provider_url = 'https://former.example'").run();
    expect(await service.enrol(lab.enrolment.linkFor(lab.enrolment.issueCode(alice)))).toMatchObject({
      error: { code: 'enrolment.refused', context: { reason: 'otherProvider' } },
    });
    db.exec('DELETE FROM enrolment');
    const unnamed = startService({ isInPolicy: true, provider: null });
    expect(await unnamed.enrol(lab.enrolment.linkFor(lab.enrolment.issueCode(alice)))).toMatchObject({
      error: { code: 'enrolment.refused', context: { reason: 'otherProvider' } },
    });
    const managed = startService({ isInPolicy: true });
    const code = lab.enrolment.issueCode(alice, { withExchange: false });
    expect(codeOf(await managed.enrol(lab.enrolment.linkFor(code)))).toBe('ok');
  });

  it('replaces the credential when the provider wants it, and the old one dies with the first use', async () => {
    const service = startService();
    await service.enrol(lab.enrolment.issueCode(alice));
    const { secret: first } = deviceOf(alice);
    expect(codeOf(await service.check(accountOf(alice)))).toBe('ok');
    expect(deviceOf(alice).secret).toBe(first);

    lab.enrolment.devices.demandRotation(alice);
    expect(codeOf(await service.check(accountOf(alice)))).toBe('ok');
    const second = await secretOf(alice);
    expect(second).not.toEqual({ ok: true, value: first });
    expect(deviceOf(alice)).toMatchObject({ nextSecret: null, secret: second.ok ? second.value : '' });
    expect(lab.enrolment.devices.signIn(deviceOf(alice).id, first)).toBeNull();
    expect(findEnrolment(db, accountOf(alice))?.rotatedAt).not.toBeNull();
  });

  it('keeps the old credential when the new one is lost on its way', async () => {
    const service = startService();
    await service.enrol(lab.enrolment.issueCode(alice));
    const before = await secretOf(alice);
    lab.enrolment.mode = 'dropsAnswers';
    expect(codeOf(await service.rotate(accountOf(alice)))).toBe('enrolment.unreachable');
    lab.enrolment.mode = 'works';
    secrets.refuse = () => true;
    expect(codeOf(await service.rotate(accountOf(alice)))).toBe('storage.full');
    secrets.refuse = () => false;
    expect(await secretOf(alice)).toEqual(before);
    expect(codeOf(await service.check(accountOf(alice)))).toBe('ok');
    expect(codeOf(await service.rotate(accountOf(alice)))).toBe('ok');
  });

  it('knows that this device was shut out, asks once about refusals, and learns when it may come back', async () => {
    const service = startService();
    await service.enrol(lab.enrolment.issueCode(bob));
    const accountId = accountOf(bob);
    lab.enrolment.devices.revoke(bob);
    lab.enrolment.requests.length = 0;
    const refused = { kind: 'password', user: 'dev', password: 'x' } as const;
    const guarded = service.guard(accountId, async () => ok(refused));
    await Promise.all(Array.from({ length: 50 }, () => guarded(refused)));
    expect(codeOf(await service.check(accountId))).toBe('auth.deviceRevoked');
    expect(lab.enrolment.requests.filter((request) => request === 'GET device')).toHaveLength(2);
    expect(service.refusalOf(accountId)?.code).toBe('auth.deviceRevoked');
    expect(codeOf(await guarded())).toBe('auth.deviceRevoked');
    expect(startService().refusalOf(accountId)?.code).toBe('auth.deviceRevoked');

    lab.enrolment.devices.revoke(bob, false);
    expect(codeOf(await service.check(accountId))).toBe('ok');
    expect(service.refusalOf(accountId)).toBeNull();
  });

  it('asks once a day by itself', async () => {
    const yesterday = Date.now() - 2 * 86_400_000;
    await startService({ now: () => yesterday + 2 * 86_400_000 }).enrol(lab.enrolment.issueCode(alice));
    db.prepare('UPDATE enrolment SET checked_at = ?').run(yesterday);
    lab.enrolment.requests.length = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const service = startService({ onChange: resolve });
    service.start();
    await promise;
    await service.stop();
    expect(lab.enrolment.requests.filter((request) => request === 'GET device')).toHaveLength(1);
  });

  it('reads as whom the person may write', async () => {
    const entry = {
      displayName: 'Sales',
      kind: 'sendAs',
      maySend: false,
      signature: { de: 'Vertrieb' },
    } as const;
    lab.enrolment.directory.set(alice, [{ address: 'sales@corp.example', ...entry }]);
    const service = startService();
    await service.enrol(lab.enrolment.issueCode(alice));
    expect(codeOf(await service.check(accountOf(alice)))).toBe('ok');
    expect(directory.get(accountOf(alice))).toEqual([
      { address: alice, displayName: 'Alice Berg', kind: 'own', continuity: true },
      {
        address: 'sales@corp.example',
        displayName: 'Sales',
        kind: 'sendAs',
        continuity: false,
        signature: { de: 'Vertrieb' },
      },
    ]);
  });

  it('stops asking for as long as the provider says, when somebody guesses codes', async () => {
    let now = Date.now();
    const service = startService({ now: () => now });
    const unknown = '0000-0000-0000-0000'.replace(/.$/, checkCharacter('0'.repeat(15)));
    for (let guess = 0; guess < 5; guess += 1)
      expect(await service.enrol(unknown)).toMatchObject({ error: { context: { reason: 'unknown' } } });
    expect(await service.enrol(unknown)).toMatchObject({
      error: { code: 'server.throttled', context: { waitMs: 60_000 } },
    });
    const { length } = lab.enrolment.requests;
    now += 59_000;
    expect(codeOf(await service.enrol(unknown))).toBe('server.throttled');
    expect(lab.enrolment.requests).toHaveLength(length);
    now += 2_000;
    await service.enrol(unknown);
    expect(lab.enrolment.requests).toHaveLength(length + 1);
  });
});
