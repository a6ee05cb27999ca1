import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { everydayQuirks, givesStubs, searchesUnreliably } from '../../../e2e/lab/quirks/exchange-quirks.ts';
import type { Quirk } from '../../../e2e/lab/quirks/quirk.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { ConversationId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { markSeen } from '../cache/queries/conversation-store.ts';
import { mailOf } from '../testing/doomed.ts';
import { ChosenRoutes, type Laptop, openLaptop, realClock, silent } from '../testing/laptop.ts';
import { createSyncRunner, type SyncRunner } from './sync-runner.ts';

const employee = 'alice';
const patience = { timeout: 60_000, interval: 100 };

describe('with the manners of Exchange, the offline copy', () => {
  let lab: Lab;
  let laptop: Laptop;
  let runner: SyncRunner;
  let failures: (readonly [Route, AppError])[];

  beforeEach(() => {
    laptop = openLaptop(addressOf(employee));
    failures = [];
  });
  afterEach(async () => {
    await runner.stop();
    laptop.remove();
    await lab.stop();
  });

  async function start(...quirks: readonly Quirk[]): Promise<void> {
    lab = await startLab({ employees: [employee], seed: { messages: 150 }, quirks });
    const { exchange, continuity } = lab.accountOf(employee);
    const password = {
      kind: 'password',
      user: addressOf(employee),
      password: lab.passwordOf(employee),
    } as const;
    runner = createSyncRunner({
      account: laptop.account,
      db: laptop.db,
      isOwnAddress: (address) => address === laptop.account.address,
      openSession: mailOf({
        databaseFile: laptop.file,
        account: laptop.account,
        authorities: lab.authorities,
        providers: {
          primary: { ...exchange, credentials: password },
          continuity: { ...continuity, credentials: password },
        },
        diesAt: null,
      }).openSession,
      routes: new ChosenRoutes('primary'),
      report: (_, route, outcome) => {
        if (outcome !== null) failures.push([route, outcome]);
      },
      policy: {
        windowDays: 30,
        largestAttachmentMegabytes: 25,
        diskMegabytes: 0,
        leftOutFolders: [],
        pollSeconds: 1,
        lookThroughSeconds: 2,
      },
      clock: realClock,
      log: silent,
      announce: () => {},
      onStored: () => {},
    });
    runner.start();
  }

  const since = Date.now() - 30 * 86_400_000;
  /** What is in the window, by Message-ID and flags: in the copy, and on the server. */
  const here = (path: string) =>
    laptop.db
      .prepare<[string, number], { id: string; flags: string }>(
        `SELECT internet_message_id AS id, copy.flags FROM copy JOIN message ON message.id = copy.message_id
         JOIN folder ON folder.id = copy.folder_id
         WHERE route = 'primary' AND path = ? AND copy.uid > 0 AND internal_date >= ?`,
      )
      .all(path, since)
      .map(({ id, flags }) => `${id} ${flags}`)
      .sort();
  const there = async (path: string) =>
    (await lab.exchange.mailbox(employee).messages(path))
      .filter(({ internalDate }) => internalDate.getTime() >= since)
      .map(
        ({ messageId, flags }) =>
          `${messageId} ${flags
            .filter((flag) => flag !== '\\Recent')
            .sort()
            .join(' ')}`,
      )
      .sort();
  const agrees = (path: string) =>
    vi.waitFor(async () => expect(here(path)).toEqual(await there(path)), patience);

  it('is complete and exact, and uses nothing that was not offered', async () => {
    await start(...everydayQuirks);
    for (const path of ['INBOX', 'Sent Items', 'Archive']) await agrees(path);
    await vi.waitFor(() => expect(runner.status().completeness).toMatchObject({ missing: 0 }), patience);
    expect(lab.misuses).toEqual([]);
  });

  it('tells of what was read here, and follows what changes there', async () => {
    await start(...everydayQuirks);
    await agrees('INBOX');
    const { messageId } = await lab.outside.sends({ to: employee, subject: 'Unread', text: 'x' });
    await agrees('INBOX');
    const conversationId = laptop.db
      .prepare<[string], ConversationId>('SELECT conversation_id FROM message WHERE internet_message_id = ?')
      .pluck()
      .get(messageId);
    markSeen(laptop.db, conversationId as ConversationId, Date.now());
    runner.poke();
    const mailbox = lab.exchange.mailbox(employee);
    const flagsOf = async () =>
      (await mailbox.messages('INBOX')).find((mail) => mail.messageId === messageId)?.flags ?? [];
    await vi.waitFor(async () => expect(await flagsOf()).toContain('\\Seen'), patience);
    const [oldest] = await mailbox.messages('INBOX');
    await mailbox.remove('INBOX', oldest?.uid ?? 0);
    await agrees('INBOX');
    // None of this is a sign of an outage.
    expect(failures.map(([, { code }]) => code).filter((code) => code !== 'server.throttled')).toEqual([]);
  });

  it('finds what a search forgets', async () => {
    await start(searchesUnreliably);
    for (const path of ['INBOX', 'Sent Items', 'Archive']) await agrees(path);
  });

  it('never takes a stub for the mail, and says that something is missing', async () => {
    await start(givesStubs);
    const stubs = (await lab.exchange.mailbox(employee).messages('INBOX')).filter(({ uid }) => uid % 7 === 0);
    await vi.waitFor(
      () => expect(runner.status().completeness?.missing).toBeGreaterThanOrEqual(stubs.length),
      patience,
    );
    expect(runner.status().completeness?.oldestMissingAt).not.toBeNull();
    const subjects = laptop.db.prepare<[], string>('SELECT subject FROM message').pluck().all();
    expect(subjects.filter((subject) => subject.startsWith('Retrieval using'))).toEqual([]);
    expect(stubs.length).toBeGreaterThan(0);
  });
});
