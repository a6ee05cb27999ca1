import { ImapFlow } from 'imapflow';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../../e2e/lab/lab.ts';
import { everydayQuirks } from '../../../../e2e/lab/quirks/exchange-quirks.ts';
import type { Quirk } from '../../../../e2e/lab/quirks/quirk.ts';
import type { DecisionCode, PlacementKind } from '../../../../shared/model/conversation.ts';
import type { ConversationId } from '../../../../shared/model/ids.ts';
import { findConversation, listConversations } from '../../cache/queries/conversation-store.ts';
import { listDecisions } from '../../cache/queries/placement-store.ts';
import type { ImapSession } from '../../mail/types.ts';
import { mailOf } from '../../testing/doomed.ts';
import {
  ChosenRoutes,
  type Laptop,
  openLaptop,
  realClock,
  realRandom,
  silent,
} from '../../testing/laptop.ts';
import { createSyncRunner, type SyncRunner } from '../sync-runner.ts';
import { type Actions, createActions } from './actions.ts';

const employee = 'alice';
const patience = { timeout: 60_000, interval: 50 };

describe('what the person does', () => {
  let lab: Lab;
  let laptop: Laptop;
  let runner: SyncRunner;
  let actions: Actions;
  let routes: ChosenRoutes;
  /** What a session does in place of a move; null: move. */
  let interfere: ((session: ImapSession, ...move: Parameters<ImapSession['move']>) => Promise<void>) | null;

  beforeEach(() => {
    laptop = openLaptop(addressOf(employee));
    routes = new ChosenRoutes('primary');
    interfere = null;
  });
  afterEach(async () => {
    await runner.stop();
    laptop.remove();
    await lab.stop();
  });

  async function start(...quirks: readonly Quirk[]): Promise<void> {
    lab = await startLab({ employees: [employee], seed: { messages: 30 }, quirks });
    const { exchange, continuity } = lab.accountOf(employee);
    const credentials = {
      kind: 'password',
      user: addressOf(employee),
      password: lab.passwordOf(employee),
    } as const;
    const { openSession } = mailOf({
      databaseFile: laptop.file,
      account: laptop.account,
      authorities: lab.authorities,
      providers: { primary: { ...exchange, credentials }, continuity: { ...continuity, credentials } },
      diesAt: null,
    });
    runner = createSyncRunner({
      account: laptop.account,
      db: laptop.db,
      isOwnAddress: (address) => address === laptop.account.address,
      openSession: async (route) => {
        const opened = await openSession(route);
        if (!opened.ok) return opened;
        const session = opened.value;
        return {
          ok: true,
          value: Object.assign(Object.create(session) as ImapSession, {
            move: async (...move: Parameters<ImapSession['move']>) => {
              const other = interfere;
              interfere = null;
              if (other !== null) await other(session, ...move);
              return session.move(...move);
            },
          }),
        };
      },
      routes,
      report: () => {},
      policy: {
        windowDays: 30,
        largestAttachmentMegabytes: 25,
        diskMegabytes: 0,
        leftOutFolders: [],
        pollSeconds: 1,
        lookThroughSeconds: 600,
      },
      clock: realClock,
      log: silent,
      announce: () => {},
      onStored: () => {},
    });
    actions = createActions({
      account: laptop.account,
      db: laptop.db,
      clock: realClock,
      random: realRandom,
      announce: () => {},
      noted: () => runner.poke(),
    });
    runner.start();
    await vi.waitFor(() => expect(runner.status().kind).toBe('current'), patience);
  }

  /** A mail that has come and is in the copy. */
  async function received(
    subject: string,
    text = 'x',
  ): Promise<{ id: string; conversation: ConversationId }> {
    const { messageId } = await lab.outside.sends({ to: employee, subject, text });
    return { id: messageId, conversation: await vi.waitFor(() => conversationOf(messageId), patience) };
  }
  function conversationOf(messageId: string): ConversationId {
    const id = laptop.db
      .prepare<[string], ConversationId>('SELECT conversation_id FROM message WHERE internet_message_id = ?')
      .pluck()
      .get(messageId);
    if (id === undefined) throw new Error('not here yet');
    return id;
  }
  const folders = ['INBOX', 'Archive', 'Deleted Items', 'Junk Email', 'Clients'];
  /** Where Exchange has a message, each copy once. */
  async function standsIn(messageId: string): Promise<readonly string[]> {
    const mailbox = lab.exchange.mailbox(employee);
    const there = await mailbox.folders();
    const found: string[] = [];
    for (const folder of folders.filter((name) => there.includes(name)))
      for (const mail of await mailbox.messages(folder)) if (mail.messageId === messageId) found.push(folder);
    return found;
  }
  const comesTo = (messageId: string, ...places: readonly string[]) =>
    vi.waitFor(async () => expect(await standsIn(messageId)).toEqual(places), patience);
  const isSettled = () =>
    vi.waitFor(
      () => expect(laptop.db.prepare('SELECT kind FROM placement').pluck().all()).toEqual([]),
      patience,
    );
  const inView = (view: 'inbox' | 'all' | 'putAway', conversation: ConversationId) =>
    listConversations(laptop.db, { accountId: laptop.account.id, view, offset: 0, limit: 200 }).items.some(
      ({ id }) => id === conversation,
    );
  function does(kind: PlacementKind, conversation: ConversationId, folder: string | null = null): string {
    const done = actions.place(conversation, kind, folder);
    if (!done.ok || done.value.actionId === null) throw new Error('nothing was done');
    return done.value.actionId;
  }
  async function onExchange<T>(ask: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = new ImapFlow({
      tls: { ca: [...lab.authorities] },
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
  /** As another client does it. */
  const movesThere = (messageId: string, from: string, to: string) =>
    onExchange(async (client) => {
      await client.mailboxOpen(from);
      const uids = await client.search({ header: { 'message-id': messageId } }, { uid: true });
      await client.messageMove((uids || []).join(','), to, { uid: true });
    });
  const told = (): readonly DecisionCode[] =>
    listDecisions(laptop.db, laptop.account.id).map(({ code }) => code);

  it('is shown at once and stands in Exchange soon after, without being fetched again', async () => {
    await start();
    await onExchange((client) => client.mailboxCreate('Clients'));
    const [archived, deleted, junked, moved] = [
      await received('Archive me'),
      await received('Delete me'),
      await received('Junk me'),
      await received('Move me'),
    ];
    await vi.waitFor(
      () =>
        expect(
          laptop.db.prepare("SELECT 1 FROM folder WHERE path = 'Clients' AND synced_at > 0").all(),
        ).toHaveLength(1),
      patience,
    );
    does('archive', archived.conversation);
    does('delete', deleted.conversation);
    does('junk', junked.conversation);
    does('move', moved.conversation, 'Clients');
    for (const { conversation } of [archived, deleted, junked, moved])
      expect(inView('inbox', conversation)).toBe(false);
    expect([archived, deleted, junked, moved].map(({ conversation }) => inView('all', conversation))).toEqual(
      [true, false, false, true],
    );
    await comesTo(archived.id, 'Archive');
    await comesTo(deleted.id, 'Deleted Items');
    await comesTo(junked.id, 'Junk Email');
    await comesTo(moved.id, 'Clients');
    await isSettled();
    for (const { id, conversation } of [archived, deleted, junked, moved])
      expect(conversationOf(id)).toBe(conversation);
    expect(findConversation(laptop.db, junked.conversation)?.putAway).toBe('junk');
    expect(told()).toEqual([]);
    does('notJunk', junked.conversation);
    await comesTo(junked.id, 'INBOX');
    await isSettled();
    expect(inView('inbox', junked.conversation)).toBe(true);
  });

  it('is undone before Exchange was told, and afterwards', async () => {
    await start();
    const mail = await received('Undo me');
    routes.choose(null);
    await vi.waitFor(() => expect(runner.status().kind).toBe('waiting'), patience);
    const unsent = does('delete', mail.conversation);
    expect(inView('inbox', mail.conversation)).toBe(false);
    expect(actions.undo(unsent)).toEqual({ ok: true, value: null });
    expect(inView('inbox', mail.conversation)).toBe(true);
    expect(laptop.db.prepare('SELECT 1 FROM placement').all()).toEqual([]);
    routes.choose('primary');
    const sent = does('archive', mail.conversation);
    await comesTo(mail.id, 'Archive');
    await isSettled();
    expect(actions.undo(sent)).toEqual({ ok: true, value: null });
    expect(inView('inbox', mail.conversation)).toBe(true);
    await comesTo(mail.id, 'INBOX');
    await isSettled();
    expect(inView('inbox', mail.conversation)).toBe(true);
    expect(actions.undo(sent)).toMatchObject({ ok: false });
    const unread = actions.flag(mail.conversation, 'flag');
    expect(actions.undo(unread.actionId ?? '').ok).toBe(true);
    expect(findConversation(laptop.db, mail.conversation)?.isFlagged).toBe(false);
  });

  it('waits while Exchange is away; the newest wish counts', async () => {
    await start();
    const mail = await received('Later');
    routes.choose(null);
    await vi.waitFor(() => expect(runner.status().kind).toBe('waiting'), patience);
    does('archive', mail.conversation);
    does('junk', mail.conversation);
    does('delete', mail.conversation);
    actions.flag(mail.conversation, 'flag');
    expect(await standsIn(mail.id)).toEqual(['INBOX']);
    routes.choose('primary');
    await comesTo(mail.id, 'Deleted Items');
    await isSettled();
    await vi.waitFor(async () => {
      const mails = await lab.exchange.mailbox(employee).messages('Deleted Items');
      expect(mails.find(({ messageId }) => messageId === mail.id)?.flags).toContain('\\Flagged');
    }, patience);
    expect(told()).toEqual([]);
  });

  it.each([
    { ours: 'delete', to: 'Archive', ends: 'Archive', tells: ['movedElsewhere'] },
    { ours: 'archive', to: 'Deleted Items', ends: 'Archive', tells: ['broughtBack'] },
    { ours: 'delete', to: 'Deleted Items', ends: 'Deleted Items', tells: [] },
  ] as const)('$ours here and a move to $to there end in $ends', async ({ ours, to, ends, tells }) => {
    await start();
    const mail = await received('Torn');
    routes.choose(null);
    await vi.waitFor(() => expect(runner.status().kind).toBe('waiting'), patience);
    does(ours, mail.conversation);
    await movesThere(mail.id, 'INBOX', to);
    routes.choose('primary');
    await isSettled();
    await comesTo(mail.id, ends);
    expect(told()).toEqual(tells);
  });

  it('tells of what was deleted for good elsewhere, and of a folder that is gone', async () => {
    await start();
    await onExchange((client) => client.mailboxCreate('Clients'));
    const [lost, homeless] = [await received('Lost'), await received('Homeless')];
    await vi.waitFor(
      () => expect(laptop.db.prepare("SELECT 1 FROM folder WHERE path = 'Clients'").all()).toHaveLength(1),
      patience,
    );
    routes.choose(null);
    await vi.waitFor(() => expect(runner.status().kind).toBe('waiting'), patience);
    does('archive', lost.conversation);
    does('move', homeless.conversation, 'Clients');
    await onExchange(async (client) => {
      await client.mailboxDelete('Clients');
      await client.mailboxOpen('INBOX');
      const uids = await client.search({ header: { 'message-id': lost.id } }, { uid: true });
      await client.messageDelete((uids || []).join(','), { uid: true });
    });
    routes.choose('primary');
    await isSettled();
    expect([...told()].sort()).toEqual(['folderGone', 'gone']);
    expect(await standsIn(homeless.id)).toEqual(['INBOX']);
    expect(inView('inbox', homeless.conversation)).toBe(true);
    expect(() => conversationOf(lost.id)).toThrow();
  });

  it('deletes for good what is in Deleted Items, once it cannot be undone any more', async () => {
    await start();
    const mail = await received('Shred me');
    does('delete', mail.conversation);
    await isSettled();
    const undone = does('destroy', mail.conversation);
    expect(inView('putAway', mail.conversation)).toBe(false);
    expect(actions.undo(undone).ok).toBe(true);
    expect(inView('putAway', mail.conversation)).toBe(true);
    does('destroy', mail.conversation);
    await comesTo(mail.id);
    await isSettled();
    expect(() => conversationOf(mail.id)).toThrow();
    expect(told()).toEqual([]);
  });

  it('hides for good what the ledger still names', async () => {
    await start();
    const mail = await received('In the ledger');
    laptop.loses()();
    laptop.db
      .prepare(
        `INSERT INTO journal (account_id, outage_id, message_id, direction, recorded_at, outcome, folder, verified_at)
         SELECT message.account_id, outage.id, message.id, 'received', 1, 'appended', 'INBOX', 1
         FROM message, outage WHERE internet_message_id = ?`,
      )
      .run(mail.id);
    does('delete', mail.conversation);
    await comesTo(mail.id, 'Deleted Items');
    await isSettled();
    does('destroy', mail.conversation);
    await comesTo(mail.id);
    await vi.waitFor(() => expect(runner.status().kind).toBe('current'), patience);
    expect(conversationOf(mail.id)).toBe(mail.conversation);
    for (const view of ['inbox', 'all', 'putAway'] as const)
      expect(inView(view, mail.conversation)).toBe(false);
  });

  it.each([
    {
      cut: 'before it reached Exchange',
      act: (session: ImapSession) => session.close(),
    },
    {
      cut: 'after Exchange did it, before it said so',
      act: async (session: ImapSession, ...move: Parameters<ImapSession['move']>) => {
        await session.move(...move);
        await session.close();
      },
    },
    {
      cut: 'between the copy and the deletion of a server without MOVE',
      act: async (session: ImapSession, path: string, uids: readonly number[], to: string) => {
        await onExchange(async (client) => {
          await client.mailboxOpen(path);
          await client.messageCopy(uids.join(','), to, { uid: true });
        });
        await session.close();
      },
    },
  ])('moves once when it is cut $cut', async ({ act }) => {
    await start();
    const mail = await received('Once');
    interfere = act;
    does('archive', mail.conversation);
    await isSettled();
    expect(interfere).toBeNull();
    expect(await standsIn(mail.id)).toEqual(['Archive']);
    expect(told()).toEqual([]);
  });

  it('is carried out under the manners of Exchange, with nothing that was not offered', async () => {
    await start(...everydayQuirks);
    const mails = [await received('One'), await received('Two'), await received('Three')];
    for (const { conversation } of mails) does('archive', conversation);
    actions.flag(mails[0]?.conversation as ConversationId, 'flag');
    await isSettled();
    for (const { id } of mails) expect(await standsIn(id)).toEqual(['Archive']);
    expect(lab.misuses).toEqual([]);
    expect(told()).toEqual([]);
  });
});
