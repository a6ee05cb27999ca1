import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Lab, startLab } from '../../../e2e/lab/lab.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Readiness, ReadinessCheckName } from '../../../shared/model/readiness.ts';
import { defaultPolicy } from '../../../shared/policy/resolve.ts';
import type { Policy } from '../../../shared/policy/settings.ts';
import type { Result } from '../../../shared/result.ts';
import { noteDrillMail } from '../cache/queries/drill-store.ts';
import { type Engine, startEngine } from '../engine.ts';
import { startSmallDns } from '../net/testing/small-dns.ts';
import type { Secrets } from '../ports.ts';
import { openTestDatabase, realClock, realRandom, silent, testKey } from '../testing/laptop.ts';
import { memorySecrets } from '../testing/memory-secrets.ts';

const alice = 'alice@corp.example';
const accountId = 1 as AccountId;

describe('the readiness of a laptop', () => {
  let lab: Lab;
  let folder: string;
  let secrets: ReturnType<typeof memorySecrets>;
  let engine: Engine;
  let names: Awaited<ReturnType<typeof startSmallDns>>;
  const zone = {
    text: {
      'corp.example': [['v=spf1 include:spf.provider.example -all']],
      'spf.provider.example': [['v=spf1 ip4:192.0.2.0/24 -all']],
    },
    mailServers: { 'corp.example': [{ preference: 50, host: 'mx.provider.example' }] },
  };
  let told: () => void = () => {};

  beforeAll(async () => {
    names = await startSmallDns(zone);
    lab = await startLab({ employees: ['alice', 'bob'], seed: { messages: 5 } });
  });
  afterAll(async () => {
    names.stop();
    await lab.stop();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-readiness-'));
    secrets = memorySecrets();
    await secrets.put({ address: alice, provider: 'exchange' }, lab.issuer.grant(alice));
  });
  afterEach(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const startFor = (employee: string, at: string, given: Secrets, announced: () => void): Engine => {
    const overrides = {
      'failover.spreadSeconds': 0,
      'continuity.provider': lab.enrolment.published,
      'continuity.domain': { spf: 'spf.provider.example', mx: 'provider.example' },
    };
    const { policyFile } = lab.policyFor(employee, { overrides });
    const written = JSON.parse(readFileSync(policyFile, 'utf8')) as Partial<Policy>;
    const started = startEngine({
      databaseFile: join(at, 'mail.db'),
      databaseKeys: [testKey],
      policy: { ...defaultPolicy, ...written },
      locale: 'en',
      isKeyStoreProtected: true,
      nameServers: [names.address],
      clock: realClock,
      random: realRandom,
      log: silent,
      secrets: given,
      resolveProxy: async () => 'DIRECT',
      openBrowser: async () => ({ ok: true, value: null }),
      announce: announced,
      accountsChanged: () => {},
      onlyHere: () => {},
      restart: () => {},
    });
    if (!started.ok) throw new Error(started.error.code);
    return started.value;
  };
  const start = (): void => {
    engine = startFor('alice', folder, secrets, () => told());
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
  const stored = (subject: string): number => {
    const db = openTestDatabase(join(folder, 'mail.db'));
    try {
      return (db.prepare('SELECT count(*) AS n FROM message WHERE subject = ?').get(subject) as { n: number })
        .n;
    } finally {
      db.close();
    }
  };
  /** What a drill could have left in the copy. */
  const traces = (): readonly number[] => {
    const db = openTestDatabase(join(folder, 'mail.db'));
    try {
      return [
        "SELECT count(*) AS n FROM message WHERE subject LIKE '%drill%'",
        'SELECT count(*) AS n FROM journal',
        'SELECT count(*) AS n FROM ledger_line',
        'SELECT count(*) AS n FROM outgoing',
        'SELECT count(*) AS n FROM drill_mail',
      ].map((query) => (db.prepare(query).get() as { n: number }).n);
    } finally {
      db.close();
    }
  };
  const drillsIn = async (mailbox: ReturnType<Lab['continuity']['mailbox']>): Promise<readonly string[]> =>
    (await mailbox.messages('INBOX'))
      .map(({ source }) => source.toString('latin1'))
      .filter((source) => /^X-Relevo-Drill:/im.test(source))
      .map((source) => /^Message-ID: (\S+)/im.exec(source)?.[1] ?? '');
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
    expect((await until(({ level }) => level === 'good')).checks).toHaveLength(9);
    for (const name of ['certificates', 'clock', 'domain'] as const)
      expect(check(await report(), name)?.at, name).not.toBeNull();
  });

  it('sends a marked mail to itself, and leaves no trace of it anywhere', async () => {
    await secrets.put({ address: alice, provider: 'continuity' }, lab.passwordOf('alice'));
    start();
    await until((one) => check(one, 'copy')?.level === 'good');
    const sent = lab.continuity.submission.taken.length;
    expect(check(await rehearse(), 'rehearsal')).toMatchObject({ level: 'good', error: null });
    expect(lab.continuity.submission.taken).toHaveLength(sent + 1);
    const mail = lab.continuity.submission.taken.at(-1);
    expect(mail).toMatchObject({ from: alice, to: [alice] });
    const source = mail?.source.toString('latin1') ?? '';
    expect(source).toMatch(/^X-Relevo-Drill: 1\r$/m);
    expect(source).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(await drillsIn(lab.continuity.mailbox('alice'))).toEqual([]);
    expect(await drillsIn(lab.exchange.mailbox('alice'))).toEqual([]);
    await engine.stop();
    expect(traces()).toEqual([0, 0, 0, 0, 0]);
  });

  it('takes away what a drill that was cut short has left, and no other mail', async () => {
    await secrets.put({ address: alice, provider: 'continuity' }, lab.passwordOf('alice'));
    const mailbox = lab.continuity.mailbox('alice');
    const marked = (id: string) =>
      mailbox.append(
        'INBOX',
        Buffer.from(`From: ${alice}\r\nMessage-ID: ${id}\r\nX-Relevo-Drill: 1\r\n\r\nDrill\r\n`),
      );
    await marked('<relevo-drill.mine@corp.example>');
    await marked('<relevo-drill.other@corp.example>');
    start();
    await until((one) => check(one, 'copy')?.level === 'good');
    const db = openTestDatabase(join(folder, 'mail.db'));
    noteDrillMail(db, accountId, {
      internetMessageId: 'relevo-drill.mine@corp.example',
      sentAt: Date.now() - 1000,
    });
    db.close();
    expect(check(await rehearse(), 'rehearsal')?.level).toBe('good');
    expect(await drillsIn(mailbox)).toEqual(['<relevo-drill.other@corp.example>']);
  });

  it('is not shown a drill by a laptop that reads continuity, its own or another one’s', async () => {
    await secrets.put({ address: alice, provider: 'continuity' }, lab.passwordOf('alice'));
    const mailbox = lab.continuity.mailbox('alice');
    const bring = (lines: string) =>
      mailbox.append('INBOX', Buffer.from(`From: ${alice}\r\n${lines}\r\n\r\nMail\r\n`));
    await bring('X-Relevo-Drill: 1\r\nSubject: Relevo drill');
    await bring('Message-ID: <real@corp.example>\r\nSubject: Real');
    start();
    await until((one) => check(one, 'copy')?.level === 'good');
    await call('failover.choose', { accountId, route: 'continuity' });
    await until(() => stored('Real') === 1);
    expect(stored('Relevo drill')).toBe(0);
  });

  it('says that the provider has to look into it when the mail does not arrive', async () => {
    await secrets.put({ address: alice, provider: 'continuity' }, lab.passwordOf('alice'));
    lab.continuity.submission.script = { refuse: 'data', code: 550 };
    start();
    await until((one) => check(one, 'copy')?.level === 'good');
    const refused = await rehearse();
    lab.continuity.submission.script = 'accept';
    expect(refused).toMatchObject({ level: 'bad', todo: 'drillRefused' });
  });

  it('reads the domain anew at each rehearsal, and says what IT has to add', async () => {
    await secrets.put({ address: alice, provider: 'continuity' }, lab.passwordOf('alice'));
    start();
    await until((one) => check(one, 'copy')?.level === 'good');
    expect(check(await rehearse(), 'domain')).toMatchObject({ level: 'good', todo: null });
    const { mailServers } = zone;
    zone.mailServers = { 'corp.example': [{ preference: 10, host: 'mail.corp.example' }] };
    try {
      expect(await rehearse()).toMatchObject({ level: 'attention', todo: 'mx' });
    } finally {
      zone.mailServers = mailServers;
    }
  });

  it('shows and tells how a drill that everybody sees went: here it worked, there it could not', async () => {
    start();
    await until((one) => check(one, 'copy')?.level === 'good');
    expect(await call('signIn.enrol', { code: lab.enrolment.issueCode(alice) })).toMatchObject({ ok: true });
    const bobs = mkdtempSync(join(tmpdir(), 'relevo-readiness-'));
    const bobsSecrets = memorySecrets();
    await bobsSecrets.put(
      { address: 'bob@corp.example', provider: 'exchange' },
      lab.issuer.grant('bob@corp.example'),
    );
    await bobsSecrets.put({ address: 'bob@corp.example', provider: 'continuity' }, 'not this one');
    const other = startFor('bob', bobs, bobsSecrets, () => {});
    try {
      const now = Math.floor(Date.now() / 1000);
      await lab.bulletins.post({ kind: 'drill', window: { from: now - 600, until: now + 600 } });
      engine.laptopWoke();
      other.laptopWoke();
      const worked = await until(({ drills }) => drills.length > 0);
      expect(worked.drills).toMatchObject([{ matter: 'drill', outcome: 'worked', error: null }]);
      // The provider is told after it is shown here.
      await vi.waitFor(() =>
        expect(lab.enrolment.drillReports).toMatchObject([
          { address: alice, outcome: 'worked', error: null },
        ]),
      );

      const drillsOf = async () => {
        const answer = (await other.call('readiness.report', {})) as Result<readonly Readiness[], AppError>;
        return answer.ok ? (answer.value[0]?.drills ?? []) : [];
      };
      await vi.waitFor(async () =>
        expect(await drillsOf()).toMatchObject([{ outcome: 'couldNot', error: { code: 'auth.refused' } }]),
      );
    } finally {
      lab.bulletins.posted = '';
      await other.stop();
      rmSync(bobs, { recursive: true, force: true });
    }
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
    const none = await runScript();
    expect(none.status).toBe(3);
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
