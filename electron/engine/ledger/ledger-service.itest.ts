import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { appError } from '../../../shared/errors.ts';
import { err } from '../../../shared/result.ts';
import { createEnrolmentService, type EnrolmentService } from '../enrolment/enrolment-service.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import { type Laptop, openLaptop, realClock, realRandom, silent } from '../testing/laptop.ts';
import { memorySecrets } from '../testing/memory-secrets.ts';
import { verifyLedgerFile } from './ledger-file.ts';
import { createLedgerService, type LedgerExport, type LedgerService } from './ledger-service.ts';

describe('the ledger, signed', () => {
  let lab: Lab;
  let laptop: Laptop;
  let enrolment: EnrolmentService;
  let ledger: LedgerService;
  let secrets: ReturnType<typeof memorySecrets>;
  let isReachable: boolean;
  /** Ahead of the real clock, in milliseconds. */
  let ahead: number;
  const clock = { ...realClock, now: () => Date.now() + ahead };
  const employees = ['anna', 'berta', 'carla', 'dora'];

  beforeAll(async () => {
    lab = await startLab({ employees });
  });
  afterAll(() => lab.stop());
  beforeEach(async () => {
    const address = addressOf(employees.pop() ?? '');
    laptop = openLaptop(address);
    secrets = memorySecrets();
    isReachable = true;
    ahead = 0;
    enrolment = createEnrolmentService({
      db: laptop.db,
      provider: lab.enrolment.published,
      isInPolicy: () => true,
      device: { platform: 'linux', name: 'laptop-1' },
      fetch: directNetwork(lab.authorities).fetchFor('continuity'),
      secrets,
      clock,
      random: realRandom,
      log: silent,
      announce: () => {},
      identities: () => {},
      runAgain: async () => {},
    });
    expect(await enrolment.enrol(lab.enrolment.issueCode(address))).toMatchObject({ ok: true });
    laptop.loses();
    ledger = newService();
  });
  afterEach(async () => {
    await ledger.stop();
    await enrolment.stop();
    laptop.remove();
    lab.enrolment.offers.countersignatures = true;
  });

  const newService = (): LedgerService =>
    createLedgerService({
      db: laptop.db,
      accounts: () => [laptop.account],
      countersign: async (id, head) =>
        isReachable ? enrolment.countersign(id, head) : err(appError('enrolment.unreachable', 'later')),
      secrets,
      locale: 'de-DE',
      clock,
      log: silent,
      signed: () => {},
    });
  let received = 0;
  const receives = () =>
    laptop.receives(
      `From: =HYPERLINK <bert@partner.example>\nTo: ${laptop.account.address}\nSubject: A secret\nMessage-ID: <${++received}@partner.example>\nDate: Tue, 24 Nov 2026 09:00:00 +0000\n\nWords`,
      { route: 'continuity', path: 'INBOX', role: 'inbox', uid: received },
    );
  const exported = async (form: LedgerExport['form']) => {
    const file = await ledger.export({ accountId: laptop.account.id, outageId: null, form });
    if (!file.ok) throw new Error(file.error.code);
    return { ...file.value, text: Buffer.from(file.value.content).toString('utf8') };
  };
  const provider = () => lab.enrolment.published.signingKeys[0] ?? '';

  it('is exported with both signatures, and npm run ledger says so of the file', async () => {
    await receives();
    const { fileName, text } = await exported('signed');
    expect(fileName).toMatch(/^ledger .*\.ledger$/);
    expect(text).not.toMatch(/secret|Words/);
    const folder = mkdtempSync(join(tmpdir(), 'relevo-ledger-'));
    const file = join(folder, 'ledger');
    writeFileSync(file, text);
    const run = (...args: string[]) => {
      const cli = join(import.meta.dirname, '../../cli/ledger.ts');
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'verify', file, ...args], {
        encoding: 'utf8',
      });
      return { status, said: stdout + stderr };
    };
    const { device } = await ledger.proof(laptop.account.id);
    expect(run('--device', device ?? '', '--provider', provider())).toEqual({
      status: 0,
      said: expect.stringContaining(`by ${provider()}.`),
    });
    expect(run('--provider', device ?? '').status).toBe(1);
    rmSync(folder, { recursive: true });
  });

  it('is countersigned by itself as it grows, at most every quarter of an hour, and again after a pause', async () => {
    const countersigned = async () => (await ledger.proof(laptop.account.id)).countersigned?.lines ?? 0;
    const asked = () => lab.enrolment.requests.filter((request) => request === 'POST ledger-heads').length;
    await receives();
    ledger.start();
    await vi.waitFor(async () => expect(await countersigned()).toBe(1));
    const before = asked();
    await receives();
    ledger.wake();
    ahead = 16 * 60_000;
    ledger.wake();
    await vi.waitFor(async () => expect(await countersigned()).toBe(2));
    expect(asked()).toBe(before + 1);
  });

  it('is exported without the provider where that is out of reach or does not offer it, and never with a second history', async () => {
    await receives();
    isReachable = false;
    const alone = await verifyLedgerFile((await exported('signed')).text);
    expect(alone).toMatchObject({ ok: true, value: { countersigned: null } });
    isReachable = true;
    expect(await verifyLedgerFile((await exported('signed')).text)).toMatchObject({
      value: { countersigned: { provider: provider() } },
    });
    // As if all had been written anew: the provider remembers.
    laptop.db.exec(
      'DROP TRIGGER ledger_line_is_kept; DELETE FROM ledger_line; DELETE FROM ledger_countersignature',
    );
    expect(await verifyLedgerFile((await exported('signed')).text)).toMatchObject({
      value: { countersigned: null, lines: [] },
    });
  });

  it('makes a table and a page without subjects, whose cells no program runs', async () => {
    await receives();
    const csv = await exported('csv');
    expect(csv.text.split('\r\n')).toHaveLength(3);
    const page = await exported('page');
    expect(page.text).toContain('0 von 1 zurück in Exchange');
    expect(page.text).toContain("default-src 'none'");
    for (const { text } of [csv, page]) expect(text).not.toMatch(/secret|Words/);
    expect(await ledger.export({ accountId: 99 as never, outageId: null, form: 'csv' })).toMatchObject({
      error: { code: 'notFound' },
    });
  });
});
