import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../../e2e/lab/lab.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Readiness, ReadinessCheckName } from '../../../shared/model/readiness.ts';
import { defaultPolicy } from '../../../shared/policy/resolve.ts';
import type { Policy } from '../../../shared/policy/settings.ts';
import type { Result } from '../../../shared/result.ts';
import { type Engine, startEngine } from '../engine.ts';
import { realClock, realRandom, silent, testKey } from '../testing/laptop.ts';
import { memorySecrets } from '../testing/memory-secrets.ts';

const alice = 'alice@corp.example';
const accountId = 1 as AccountId;

describe('the readiness of a laptop', () => {
  let lab: Lab;
  let folder: string;
  let secrets: ReturnType<typeof memorySecrets>;
  let engine: Engine;
  let told: () => void = () => {};

  beforeAll(async () => {
    lab = await startLab({ employees: ['alice'], seed: { messages: 5 } });
  });
  afterAll(() => lab.stop());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-readiness-'));
    secrets = memorySecrets();
    await secrets.put({ address: alice, provider: 'exchange' }, lab.issuer.grant(alice));
  });
  afterEach(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (): void => {
    const written = JSON.parse(readFileSync(lab.policyFor('alice').policyFile, 'utf8')) as Partial<Policy>;
    const policy = { ...defaultPolicy, ...written };
    const started = startEngine({
      databaseFile: join(folder, 'mail.db'),
      databaseKeys: [testKey],
      policy,
      locale: 'en',
      isKeyStoreProtected: true,
      clock: realClock,
      random: realRandom,
      log: silent,
      secrets,
      resolveProxy: async () => 'DIRECT',
      openBrowser: async () => ({ ok: true, value: null }),
      announce: () => told(),
      accountsChanged: () => {},
      onlyHere: () => {},
      restart: () => {},
    });
    if (!started.ok) throw new Error(started.error.code);
    engine = started.value;
  };
  const call = async <T>(method: string, input: unknown) =>
    (await engine.call(method, input)) as Result<T, AppError>;
  const report = async (): Promise<Readiness> => {
    const answer = await call<readonly Readiness[]>('readiness.report', {});
    const [first] = answer.ok ? answer.value : [];
    if (first === undefined) throw new Error('no report');
    return first;
  };
  const check = (readiness: Readiness, name: ReadinessCheckName) =>
    readiness.checks.find((one) => one.name === name);
  const rehearse = async (): Promise<Readiness> => {
    const answer = await call<Readiness>('readiness.rehearse', { accountId });
    if (!answer.ok) throw new Error(answer.error.code);
    return answer.value;
  };
  /** Waits for a report that satisfies, asking again whenever anything is announced. */
  const until = async (satisfies: (readiness: Readiness) => boolean): Promise<Readiness> => {
    for (;;) {
      const news = new Promise<void>((resolve) => {
        told = resolve;
      });
      const readiness = await report();
      if (satisfies(readiness)) return readiness;
      await news;
    }
  };
  const runScript = (): Promise<{ readonly status: number; readonly output: string }> =>
    new Promise((resolve) => {
      const script = join(import.meta.dirname, '../../cli/readiness.ts');
      execFile(process.execPath, [script, '--profile', folder], (error, output) =>
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, output }),
      );
    });

  it('is bad without a continuity, and good once the person has typed their password', async () => {
    start();
    const before = await until((one) => check(one, 'continuitySignIn')?.error?.code === 'auth.missing');
    expect(before.level).toBe('bad');
    expect(check(await rehearse(), 'rehearsal')).toMatchObject({
      level: 'bad',
      error: { code: 'auth.missing' },
    });

    const type = (password: string) =>
      call<null>('signIn.password', { accountId, provider: 'continuity', password });
    expect(await type('not this one')).toMatchObject({ ok: false, error: { code: 'auth.refused' } });
    expect(check(await report(), 'continuitySignIn')?.level).toBe('bad');
    expect(await type(lab.passwordOf('alice'))).toEqual({ ok: true, value: null });

    const rehearsed = await rehearse();
    expect(check(rehearsed, 'continuitySignIn')).toMatchObject({ level: 'good', error: null });
    expect(check(rehearsed, 'rehearsal')).toMatchObject({ level: 'good', error: null });
    expect((await until(({ level }) => level === 'good')).checks).toHaveLength(5);
  });

  it('remembers the last rehearsal, and tells a server out of reach from a refusal', async () => {
    await secrets.put({ address: alice, provider: 'continuity' }, lab.passwordOf('alice'));
    start();
    const at = check(await rehearse(), 'rehearsal')?.at;
    expect(at).not.toBeNull();
    await lab.continuity.submissionPort.fault('refuse');
    expect(check(await rehearse(), 'rehearsal')).toMatchObject({
      level: 'attention',
      at,
      error: { code: 'network.unreachable' },
    });
    await lab.continuity.comesBack();
    await engine.stop();
    start();
    expect(check(await report(), 'rehearsal')).toMatchObject({ level: 'attention', at });
    expect(lab.outside.received()).toEqual([]);
  });

  it('is left for the tools of IT without naming anybody, and npm run readiness prints it', async () => {
    expect((await runScript()).status).toBe(3);
    await secrets.put({ address: alice, provider: 'continuity' }, lab.passwordOf('alice'));
    start();
    await until((one) => check(one, 'copy')?.level === 'good');
    await rehearse();
    const left = readFileSync(join(folder, 'readiness.json'), 'utf8');
    for (const personal of ['alice', 'Alice', 'corp.example', lab.passwordOf('alice')])
      expect(left).not.toContain(personal);
    const good = await runScript();
    expect(good).toMatchObject({ status: 0, output: expect.stringContaining('Mailbox 1: good') });

    await lab.continuity.die();
    await rehearse();
    await lab.continuity.comesBack();
    expect(await runScript()).toMatchObject({
      status: 1,
      output: expect.stringMatching(/attention +rehearsal .*network\.unreachable/),
    });
  });
});
