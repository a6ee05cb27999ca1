import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { ConversationId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { ok } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { changeFlag, listConversations, markSeen } from '../cache/queries/conversation-store.ts';
import type { Credentials, ImapSession } from '../mail/types.ts';
import { type ChildSetup, endOf, mailOf, startChild } from '../testing/doomed.ts';
import { ChosenRoutes, type Laptop, openLaptop, realClock, silent } from '../testing/laptop.ts';
import type { StoredFromServer } from './download.ts';
import { createSyncRunner, type SyncRunner } from './sync-runner.ts';

const employee = 'alice';
const syncChild = new URL('./testing/sync-child.ts', import.meta.url);

describe('the offline copy', () => {
  let lab: Lab;
  let authorities: readonly string[];
  let laptop: Laptop;
  let db: Database;
  let runner: SyncRunner;
  let routes: ChosenRoutes;
  let reports: (readonly [Route, AppError | null])[];
  let stored: StoredFromServer[];

  beforeEach(async () => {
    lab = await startLab({ employees: [employee], seed: { messages: 120 }, quirks: [] });
    authorities = ['exchange', 'continuity'].map((name) =>
      readFileSync(join(lab.folder, `${name}-authority.pem`), 'utf8'),
    );
    laptop = openLaptop(addressOf(employee));
    db = laptop.db;
    routes = new ChosenRoutes('primary');
    runner = makeRunner();
  });

  afterEach(async () => {
    await runner.stop();
    laptop.remove();
    await lab.stop();
  });

  function childSetup(diesAt: ChildSetup['diesAt'] = null): ChildSetup {
    const { exchange, continuity } = lab.accountOf(employee);
    const credentials: Credentials = {
      kind: 'password',
      user: addressOf(employee),
      password: lab.passwordOf(employee),
    };
    const providers = {
      primary: { ...exchange, credentials },
      continuity: { ...continuity, credentials },
    };
    return { databaseFile: laptop.file, account: laptop.account, authorities, providers, diesAt };
  }

  function makeRunner(
    change: { readonly pollSeconds?: number; readonly lookThroughSeconds?: number } = {},
  ): SyncRunner {
    reports = [];
    stored = [];
    return createSyncRunner({
      account: laptop.account,
      db,
      isOwnAddress: (address) => address === laptop.account.address,
      openSession: async (route) => {
        const opened = await mailOf(childSetup()).openSession(route);
        return opened.ok ? ok(noting(opened.value)) : opened;
      },
      routes,
      report: (_capability, route, outcome) => reports.push([route, outcome]),
      policy: {
        windowDays: 30,
        largestAttachmentMegabytes: 25,
        diskMegabytes: 0,
        leftOutFolders: [],
        pollSeconds: change.pollSeconds ?? 60,
        lookThroughSeconds: change.lookThroughSeconds ?? 900,
      },
      clock: realClock,
      log: silent,
      announce: () => {},
      onStored: (message) => stored.push(message),
    });
  }

  /** From which UID each folder was asked for what came; null: for the whole window. */
  let asked: (number | null)[] = [];
  const noting = (session: ImapSession): ImapSession => ({
    ...session,
    get isUsable() {
      return session.isUsable;
    },
    uidsSince: (since, from) => {
      asked.push(from ?? null);
      return session.uidsSince(since, from);
    },
  });

  const becomes = (kind: string) => vi.waitFor(() => expect(runner.status().kind).toBe(kind), patience);
  const patience = { timeout: 15_000, interval: 20 };

  /** What stands on a server in the window, and what the offline copy believes of it. */
  async function onServer(provider: 'exchange' | 'continuity', path: string) {
    const since = Date.now() - 30 * 86_400_000;
    const messages = await lab[provider].mailbox(employee).messages(path);
    return messages
      .filter(({ internalDate }) => internalDate.getTime() >= since)
      .map(({ uid, flags, messageId }) => `${uid} ${messageId} ${shown(flags)}`)
      .sort();
  }
  function inCopy(route: Route, path: string) {
    return db
      .prepare<[Route, string], { uid: number; id: string; flags: string }>(
        `SELECT copy.uid, internet_message_id AS id, copy.flags FROM copy
         JOIN message ON message.id = copy.message_id JOIN folder ON folder.id = copy.folder_id
         WHERE route = ? AND path = ?`,
      )
      .all(route, path)
      .map(({ uid, id, flags }) => `${uid} ${id} ${shown(flags.split(' '))}`)
      .sort();
  }
  const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;

  async function onExchange<T>(ask: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = new ImapFlow({
      tls: { ca: [...authorities] },
      host: 'localhost',
      port: lab.exchange.imap.port,
      secure: true,
      auth: { user: laptop.account.address, pass: lab.passwordOf(employee) },
      logger: false,
      disableAutoIdle: true,
    });
    await client.connect();
    try {
      return await ask(client);
    } finally {
      await client.logout();
    }
  }

  it('holds the last 30 days of Inbox, Sent and the policy folders after the first sync', async () => {
    runner.start();
    await becomes('current');
    for (const path of ['INBOX', 'Sent Items', 'Archive'])
      expect(inCopy('primary', path)).toEqual(await onServer('exchange', path));
    expect(inCopy('primary', 'INBOX').length).toBeGreaterThan(20);
    expect(reports.every(([route, outcome]) => route === 'primary' && outcome === null)).toBe(true);
    expect(runner.status().lastCompleteAt).not.toBeNull();
    const { items } = listConversations(db, {
      accountId: laptop.account.id,
      view: 'sent',
      offset: 0,
      limit: 50,
    });
    expect(items.length).toBeGreaterThan(3);
  });

  it('asks for the whole window once, and from then on, after a restart too, for what is new', async () => {
    asked = [];
    expect(await runner.pass('primary')).toEqual(ok(null));
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.every((from) => from === null)).toBe(true);
    const uidNext = db.prepare("SELECT uid_next FROM folder WHERE path = 'INBOX'").pluck().get();
    const { messageId } = await lab.outside.sends({ to: employee, subject: 'New', text: 'Hello' });
    await vi.waitFor(
      async () =>
        expect((await onServer('exchange', 'INBOX')).some((row) => row.includes(messageId))).toBe(true),
      patience,
    );
    await runner.stop();
    runner = makeRunner();
    asked = [];
    expect(await runner.pass('primary')).toEqual(ok(null));
    expect(asked).toEqual([uidNext]);
    expect(inCopy('primary', 'INBOX').some((row) => row.includes(messageId))).toBe(true);
  });

  it('shows new mail within two seconds of its arrival', async () => {
    runner.start();
    await becomes('current');
    const inbox = () => inCopy('primary', 'INBOX');
    for (const subject of ['One', 'Two']) {
      const { messageId } = await lab.outside.sends({ to: employee, subject, text: 'Hello' });
      await vi.waitFor(() => expect(inbox().some((row) => row.includes(messageId))).toBe(true), {
        timeout: 2000,
        interval: 20,
      });
    }
  });

  it('matches every message again when UIDVALIDITY changes, and loses none', async () => {
    runner = makeRunner({ pollSeconds: 1 });
    runner.start();
    await becomes('current');
    const before = await lab.exchange.mailbox(employee).messages('Archive');
    const messages = count('message');
    const ids = db.prepare('SELECT id, internet_message_id FROM message ORDER BY id').all();
    await onExchange(async (client) => {
      await client.mailboxDelete('Archive');
      await client.mailboxCreate('Archive');
      // In another order, so that every UID means another message.
      for (const { source, internalDate } of [...before].reverse())
        await client.append('Archive', source, ['\\Seen'], internalDate);
    });
    const there = await onServer('exchange', 'Archive');
    await vi.waitFor(() => expect(inCopy('primary', 'Archive')).toEqual(there), patience);
    expect(count('message')).toBe(messages);
    expect(db.prepare('SELECT id, internet_message_id FROM message ORDER BY id').all()).toEqual(ids);
  });

  it('goes on where it was when the connection is cut in the middle, and again', async () => {
    await lab.exchange.imap.fault({ cutAfter: 90_000 });
    runner.start();
    await vi.waitFor(() => {
      expect(reports.some(([, outcome]) => outcome !== null)).toBe(true);
      expect(count('copy')).toBeGreaterThan(0);
    }, patience);
    await lab.exchange.imap.fault('none');
    await becomes('current');
    for (const path of ['INBOX', 'Sent Items', 'Archive'])
      expect(inCopy('primary', path)).toEqual(await onServer('exchange', path));
    expect(stored.filter(({ isNew }) => isNew)).toHaveLength(count('message'));
  });

  it.each([
    { point: 'message', time: 7 },
    { point: 'batch', time: 1 },
    { point: 'message', time: 73 },
  ])('is complete after a kill -9 at $point $time and a second start', async (diesAt) => {
    const killed = await endOf(startChild(syncChild, childSetup(diesAt)));
    expect(killed.signal).toBe('SIGKILL');
    const survived = count('copy');
    expect(await endOf(startChild(syncChild, childSetup()))).toEqual({ signal: null, output: 'done\n' });
    expect(count('copy')).toBeGreaterThan(survived);
    for (const path of ['INBOX', 'Sent Items', 'Archive'])
      expect(inCopy('primary', path)).toEqual(await onServer('exchange', path));
  });

  it('takes over flags that were changed elsewhere', async () => {
    runner = makeRunner({ pollSeconds: 1 });
    runner.start();
    await becomes('current');
    const mailbox = lab.exchange.mailbox(employee);
    const newest = (await mailbox.messages('INBOX')).at(-1);
    if (newest === undefined) throw new Error('an empty Inbox');
    await mailbox.setFlags('INBOX', newest.uid, ['\\Seen', '\\Flagged', '\\Answered']);
    const state = () =>
      db
        .prepare('SELECT is_seen, is_flagged, is_answered FROM message WHERE internet_message_id = ?')
        .get(newest.messageId);
    await vi.waitFor(() => expect(state()).toEqual({ is_seen: 1, is_flagged: 1, is_answered: 1 }), patience);
  });

  it('tells Exchange what was read and flagged here, and keeps it against older flags of the server', async () => {
    runner.start();
    await becomes('current');
    await runner.stop();
    const { messageId } = await lab.outside.sends({ to: employee, subject: 'Unread', text: 'x' });
    runner = makeRunner();
    runner.start();
    const find = () =>
      db
        .prepare<[string], { id: ConversationId; isSeen: number; isFlagged: number }>(
          `SELECT conversation_id AS id, is_seen AS isSeen, is_flagged AS isFlagged FROM message
           WHERE internet_message_id = ?`,
        )
        .get(messageId);
    await vi.waitFor(() => expect(find()).toMatchObject({ isSeen: 0, isFlagged: 0 }), patience);
    await becomes('current');
    const conversationId = find()?.id as ConversationId;
    markSeen(db, conversationId, Date.now());
    changeFlag(db, conversationId, { flag: '\\Flagged', isSet: true, of: 'newest' }, Date.now());
    runner.poke();
    await vi.waitFor(async () => {
      const mails = await lab.exchange.mailbox(employee).messages('INBOX');
      const flags = mails.find((mail) => mail.messageId === messageId)?.flags;
      expect(flags).toEqual(expect.arrayContaining(['\\Seen', '\\Flagged']));
    }, patience);
    await vi.waitFor(() => expect(count('flag_change')).toBe(0), patience);
    expect(find()).toMatchObject({ isSeen: 1, isFlagged: 1 });
  });

  it('removes what was deleted in Exchange', async () => {
    runner = makeRunner({ pollSeconds: 1 });
    runner.start();
    await becomes('current');
    const mailbox = lab.exchange.mailbox(employee);
    const newest = (await mailbox.messages('INBOX')).at(-1);
    if (newest === undefined) throw new Error('an empty Inbox');
    await mailbox.remove('INBOX', newest.uid);
    const there = await onServer('exchange', 'INBOX');
    await vi.waitFor(() => expect(inCopy('primary', 'INBOX')).toEqual(there), patience);
    const left = db.prepare('SELECT 1 FROM message WHERE internet_message_id = ?').all(newest.messageId);
    expect(left).toEqual([]);
  });

  const day = 86_400_000;
  const mail = (id: string, subject: string, more = '') =>
    Buffer.from(
      `From: Eva <eva@far.example>\r\nTo: ${addressOf(employee)}\r\nSubject: ${subject}\r\nMessage-ID: <${id}@far.example>\r\n${more}\r\nHello\r\n`,
    );
  const ids = () =>
    db
      .prepare<[], string>(
        "SELECT internet_message_id FROM message WHERE internet_message_id LIKE '%@far.example'",
      )
      .pluck()
      .all()
      .map((id) => id.replace('@far.example', ''))
      .sort();
  const isComplete = () =>
    vi.waitFor(() => expect(runner.status().completeness).toMatchObject({ missing: 0 }), patience);

  it('copies a conversation whole, however old its members are and wherever they stand', async () => {
    const mailbox = lab.exchange.mailbox(employee);
    const daysAgo = (days: number) => new Date(Date.now() - days * day);
    await onExchange((client) => client.mailboxCreate('Clients'));
    await mailbox.append('Archive', mail('root', 'Offer'), ['\\Seen'], daysAgo(90));
    await mailbox.append(
      'Clients',
      mail('side', 'Offer', 'In-Reply-To: <root@far.example>\r\n'),
      [],
      daysAgo(80),
    );
    await mailbox.append(
      'Sent Items',
      mail('second', 'Offer', 'References: <root@far.example>\r\n'),
      [],
      daysAgo(70),
    );
    await mailbox.append('Archive', mail('stranger', 'Offer'), [], daysAgo(60));
    await mailbox.append('Archive', mail('flagged', 'Keep'), ['\\Flagged'], daysAgo(400));
    await mailbox.append(
      'INBOX',
      mail('new', 'Offer', 'In-Reply-To: <second@far.example>\r\n'),
      [],
      daysAgo(1),
    );
    runner.start();
    await vi.waitFor(() => expect(ids()).toEqual(['flagged', 'new', 'root', 'second', 'side']), patience);
    await isComplete();
    const conversations = db
      .prepare(
        "SELECT DISTINCT conversation_id FROM message WHERE internet_message_id IN ('root@far.example','side@far.example','second@far.example','new@far.example')",
      )
      .all();
    expect(conversations).toHaveLength(1);
  });

  it('completes an old conversation once somebody goes on with it', async () => {
    const mailbox = lab.exchange.mailbox(employee);
    await mailbox.append('Archive', mail('old', 'Lease'), [], new Date(Date.now() - 100 * day));
    runner.start();
    await isComplete();
    expect(ids()).toEqual([]);
    await mailbox.append('INBOX', mail('reply', 'Lease', 'References: <old@far.example>\r\n'));
    await vi.waitFor(() => expect(ids()).toEqual(['old', 'reply']), patience);
  });

  it('follows what another client moves without fetching it again', async () => {
    runner = makeRunner({ pollSeconds: 1 });
    const mailbox = lab.exchange.mailbox(employee);
    await mailbox.append('INBOX', mail('wanderer', 'Here'));
    runner.start();
    await isComplete();
    const row = () =>
      db
        .prepare(
          `SELECT message.id, folder.path FROM message JOIN copy ON copy.message_id = message.id
           JOIN folder ON folder.id = copy.folder_id WHERE internet_message_id = 'wanderer@far.example' AND copy.uid > 0`,
        )
        .all();
    const [before] = row() as { id: number }[];
    stored.length = 0;
    await onExchange(async (client) => {
      await client.mailboxOpen('INBOX');
      const found = await client.search({ subject: 'Here' }, { uid: true });
      await client.messageMove((found || []).join(','), 'Archive', { uid: true });
    });
    await vi.waitFor(() => expect(row()).toEqual([{ id: before?.id, path: 'Archive' }]), patience);
    expect(stored).toEqual([]);
  });

  it('follows a folder that was renamed without fetching its mail again', async () => {
    runner = makeRunner({ pollSeconds: 1, lookThroughSeconds: 1 });
    const mailbox = lab.exchange.mailbox(employee);
    await onExchange((client) => client.mailboxCreate('Clients'));
    await mailbox.append('Clients', mail('client', 'Lease'));
    await mailbox.append('Clients', mail('older', 'Keys'), ['\\Flagged'], new Date(Date.now() - 200 * day));
    runner.start();
    await vi.waitFor(() => expect(ids()).toEqual(['client', 'older']), patience);
    const rows = () =>
      db.prepare(
        `SELECT message.id, internet_message_id AS name FROM message JOIN copy ON copy.message_id = message.id
           JOIN folder ON folder.id = copy.folder_id WHERE folder.path = ? AND copy.uid > 0 ORDER BY name`,
      );
    const before = rows().all('Clients');
    stored.length = 0;
    await onExchange((client) => client.mailboxRename('Clients', 'Customers'));
    await vi.waitFor(() => expect(rows().all('Customers')).toEqual(before), patience);
    expect(before).toHaveLength(2);
    expect(stored).toEqual([]);
    await vi.waitFor(
      () => expect(db.prepare("SELECT 1 FROM folder WHERE path = 'Clients'").all()).toEqual([]),
      patience,
    );
  });

  it('puts mail in Trash and Junk into the copy, and into no view', async () => {
    await lab.exchange.mailbox(employee).append('Junk Email', mail('junk', 'Prize'));
    runner.start();
    await isComplete();
    expect(ids()).toEqual(['junk']);
    const { items } = listConversations(db, {
      accountId: laptop.account.id,
      view: 'all',
      offset: 0,
      limit: 200,
    });
    expect(items.map(({ topic }) => topic)).not.toContain('Prize');
  });

  it('goes on at once on continuity, keeps the bytes of what arrives there, and removes nothing', async () => {
    runner.start();
    await becomes('current');
    await lab.exchange.hang();
    const before = count('copy');
    routes.choose('continuity');
    await vi.waitFor(() => expect(runner.status()).toMatchObject({ kind: 'current', route: 'continuity' }), {
      timeout: 2000,
      interval: 20,
    });
    // The gateway notices a refusal sooner than silence.
    await lab.exchange.die();
    const { messageId } = await lab.outside.sends({ to: employee, subject: 'In the outage', text: 'Hello' });
    const arrived = () => inCopy('continuity', 'INBOX').map((row) => row.split(' ')[1]);
    await vi.waitFor(() => expect(arrived()).toEqual([messageId]), { timeout: 2000, interval: 20 });
    expect(count('copy')).toBe(before + 1);
    expect(count('message_source')).toBe(1);
    expect(stored.at(-1)).toMatchObject({ route: 'continuity', folderRole: 'inbox', isNew: true });

    const [mail] = await lab.continuity.mailbox(employee).messages('INBOX');
    if (mail === undefined) throw new Error('nothing on continuity');
    await lab.continuity.mailbox(employee).remove('INBOX', mail.uid);
    expect(await runner.pass('continuity')).toEqual({ ok: true, value: null });
    expect(count('copy')).toBe(before + 1);
  });

  it('waits without a route, and makes a pass when it is asked for one', async () => {
    routes.choose(null);
    runner.start();
    expect(runner.status()).toMatchObject({ kind: 'waiting', route: null });
    expect(await runner.pass('primary')).toEqual({ ok: true, value: null });
    expect(inCopy('primary', 'INBOX')).toEqual(await onServer('exchange', 'INBOX'));
    expect(runner.status().kind).toBe('waiting');
  });

  it('reports a dead Exchange, and a pass there fails', async () => {
    await lab.exchange.die();
    runner.start();
    await becomes('failed');
    expect(reports.at(-1)).toEqual(['primary', expect.objectContaining({ code: 'network.unreachable' })]);
    expect(await runner.pass('primary')).toMatchObject({ ok: false, error: { code: 'network.unreachable' } });
  });
});

const shown = (flags: readonly string[]): string =>
  flags
    .filter((flag) => flag.startsWith('\\') && flag !== '\\Recent')
    .sort()
    .join(',');
