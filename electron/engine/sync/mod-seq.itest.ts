import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import {
  everydayQuirks,
  leaksModSeq,
  losesModSeq,
  offersQresync,
} from '../../../e2e/lab/quirks/exchange-quirks.ts';
import type { Quirk } from '../../../e2e/lab/quirks/quirk.ts';
import { mailOf } from '../testing/doomed.ts';
import { ChosenRoutes, type Laptop, openLaptop, realClock, silent } from '../testing/laptop.ts';
import { createSyncRunner, type SyncRunner } from './sync-runner.ts';

const employee = 'alice';
const patience = { timeout: 60_000, interval: 50 };

describe('modification sequences', { timeout: 120_000 }, () => {
  let lab: Lab;
  let laptop: Laptop;
  let runner: SyncRunner;

  beforeEach(() => {
    laptop = openLaptop(addressOf(employee));
  });
  afterEach(async () => {
    await runner.stop();
    laptop.remove();
    await lab.stop();
  });

  async function start(quirks: readonly Quirk[], messages = 60): Promise<void> {
    lab = await startLab({ employees: [employee], seed: { messages }, quirks });
    const { exchange, continuity } = lab.accountOf(employee);
    const credentials = {
      kind: 'password',
      user: addressOf(employee),
      password: lab.passwordOf(employee),
    } as const;
    const policy = {
      windowDays: 180,
      leftOutFolders: [],
      pollSeconds: 3600,
      lookThroughSeconds: 86_400,
      largestAttachmentMegabytes: 100,
      diskMegabytes: 0,
    };
    runner = createSyncRunner({
      account: laptop.account,
      db: laptop.db,
      isOwnAddress: (address) => address === laptop.account.address,
      openSession: mailOf({
        databaseFile: laptop.file,
        account: laptop.account,
        authorities: lab.authorities,
        providers: {
          primary: { ...exchange, credentials },
          continuity: { ...continuity, credentials },
        },
        diesAt: null,
      }).openSession,
      routes: new ChosenRoutes('primary'),
      report: () => {},
      policy,
      clock: realClock,
      log: silent,
      announce: () => {},
      onStored: () => {},
    });
  }

  /** One pass over everything, and the commands that it took. */
  async function pass(): Promise<readonly string[]> {
    const before = lab.wire.given.length;
    const passed = await runner.pass('primary');
    expect(passed).toMatchObject({ ok: true });
    return lab.wire.given.slice(before).map(({ name }) => name);
  }
  const inbox = () => lab.exchange.mailbox(employee).messages('INBOX');
  const here = () =>
    laptop.db
      .prepare<[], { uid: number; flags: string }>(
        "SELECT uid, flags FROM copy JOIN folder ON folder.id = copy.folder_id WHERE path = 'INBOX' AND uid > 0 ORDER BY uid",
      )
      .all();
  const there = async () =>
    (await inbox()).map(({ uid, flags }) => ({
      uid,
      flags: flags
        .filter((flag) => /^\\(Seen|Answered|Flagged|Deleted|Draft)$/.test(flag))
        .sort()
        .join(' '),
    }));
  const modSeqs = () =>
    laptop.db
      .prepare<[], string | null>('SELECT mod_seq FROM folder WHERE synced_at IS NOT NULL')
      .pluck()
      .all();

  async function changeThere(): Promise<void> {
    const mailbox = lab.exchange.mailbox(employee);
    const [first, second] = await inbox();
    await mailbox.setFlags('INBOX', first?.uid ?? 0, ['\\Flagged', '\\Answered']);
    await mailbox.remove('INBOX', second?.uid ?? 0);
    await mailbox.append(
      'INBOX',
      Buffer.from('Message-ID: <new@far.example>\r\nSubject: New\r\n\r\nHello\r\n'),
    );
  }

  it('tell what came, changed and went, where a server offers them, and nothing is asked where nothing has', async () => {
    await start([offersQresync]);
    await pass();
    expect(modSeqs().every((value) => value !== null)).toBe(true);
    const quiet = await pass();
    expect(quiet.filter((name) => /FETCH|SEARCH/.test(name))).toEqual([]);
    await changeThere();
    await pass();
    expect(here()).toEqual(await there());
    expect(lab.misuses).toEqual([]);
  });

  it('are not believed when they go backwards', async () => {
    await start([offersQresync, losesModSeq()]);
    await pass();
    await changeThere();
    await pass();
    expect(here()).toEqual(await there());
  });

  it('are never asked for where they are not offered, even if a server tells of them', async () => {
    await start([
      ...everydayQuirks.filter(({ name }) => !/throttles|endsConnections/.test(name)),
      leaksModSeq,
    ]);
    await pass();
    await changeThere();
    await pass();
    expect(here()).toEqual(await there());
    expect(modSeqs().filter((value) => value !== null)).toEqual([]);
    expect(lab.misuses).toEqual([]);
  });

  it('serve continuity in an outage, where nothing that has vanished may be removed yet', async () => {
    await start([]);
    const mailbox = lab.continuity.mailbox(employee);
    const letter = (id: string) =>
      Buffer.from(`Message-ID: <${id}@far.example>\r\nSubject: ${id}\r\n\r\nHello\r\n`);
    for (const id of ['one', 'two']) await mailbox.append('INBOX', letter(id));
    expect(await runner.pass('continuity')).toMatchObject({ ok: true });
    const copies = () =>
      laptop.db
        .prepare<[], { uid: number; flags: string }>(
          "SELECT uid, flags FROM copy JOIN folder ON folder.id = copy.folder_id WHERE route = 'continuity' AND path = 'INBOX' AND uid > 0 ORDER BY uid",
        )
        .all();
    expect(copies()).toEqual([
      { uid: 1, flags: '' },
      { uid: 2, flags: '' },
    ]);
    await mailbox.setFlags('INBOX', 1, ['\\Seen']);
    await mailbox.remove('INBOX', 2);
    expect(await runner.pass('continuity')).toMatchObject({ ok: true });
    expect(copies()).toEqual([{ uid: 1, flags: '\\Seen' }]);
    await vi.waitFor(() => expect(lab.misuses).toEqual([]), patience);
  });
});
