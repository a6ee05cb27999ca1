import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { appError } from '../../../shared/errors.ts';
import type { InternetMessageId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { err, ok } from '../../../shared/result.ts';
import { changeFlag, markSeen } from '../cache/queries/conversation-store.ts';
import { listLedgerEntries, listOutages } from '../cache/queries/ledger-store.ts';
import { insertAttempt, listOutgoing } from '../cache/queries/outbox-store.ts';
import { openImapSession } from '../mail/imap-session.ts';
import type { ImapSession } from '../mail/types.ts';
import type { Network } from '../net/network.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import { createDrafts } from '../outbox/drafts.ts';
import { happen } from '../outbox/transition.ts';
import type { Clock } from '../ports.ts';
import {
  ChosenRoutes,
  type Laptop,
  openLaptop,
  ownIdentity,
  realClock,
  realRandom,
  silent,
} from '../testing/laptop.ts';
import { wholePass } from '../testing/whole-pass.ts';
import { createReconciler, type Reconciler } from './reconcile-runner.ts';

const arrivedAt = new Date('2026-11-20T08:30:00Z');

describe('carrying over', () => {
  let lab: Lab;
  let network: Network;
  let employee: string;
  let laptop: Laptop;
  let routes: ChosenRoutes;
  let reconciler: Reconciler;
  let dones: number;
  /** Calls to Exchange's mailbox that change something. */
  let appends: number;
  /** Lets a test break a call. */
  let breaks: (call: 'append' | 'look') => boolean;

  /** Holds an APPEND up. */
  let appendMayBegin: () => Promise<void>;
  let passEnded: (route: Route) => Promise<void>;
  /** Routes over which no pass succeeds although the server can be spoken to. */
  let passless: readonly Route[];

  const employees = Array.from({ length: 19 }, (_, index) => `anna${index}`);
  let tests = 0;

  beforeAll(async () => {
    lab = await startLab({ employees });
    network = directNetwork(
      ['exchange', 'continuity'].map((name) =>
        readFileSync(join(lab.folder, `${name}-authority.pem`), 'utf8'),
      ),
    );
  });
  afterAll(() => lab.stop());

  beforeEach(() => {
    employee = employees[tests++] ?? '';
    laptop = openLaptop(addressOf(employee));
    routes = new ChosenRoutes('primary');
    dones = 0;
    appends = 0;
    breaks = () => false;
    appendMayBegin = () => Promise.resolve();
    passEnded = () => Promise.resolve();
    passless = [];
    reconciler = newReconciler();
  });
  afterEach(async () => {
    await reconciler.stop();
    await lab.continuity.comesBack();
    await lab.exchange.comesBack();
    laptop.remove();
  });

  async function openSession(route: Route) {
    const settings = lab.accountOf(employee);
    const opened = await openImapSession({
      network,
      route,
      server: (route === 'primary' ? settings.exchange : settings.continuity).imap,
      credentials: async () =>
        ok({ kind: 'password', user: addressOf(employee), password: lab.passwordOf(employee) }),
      log: silent,
    });
    if (!opened.ok || route === 'continuity') return opened;
    const session = opened.value;
    const watched: ImapSession = Object.create(session, {
      append: {
        value: async (...call: Parameters<ImapSession['append']>) => {
          appends += 1;
          await appendMayBegin();
          return breaks('append') ? err(appError('server.refused', 'later')) : session.append(...call);
        },
      },
      folders: {
        value: () => (breaks('look') ? err(appError('server.protocol', 'later')) : session.folders()),
      },
      headers: {
        value: (...call: Parameters<ImapSession['headers']>) =>
          breaks('look') ? err(appError('server.protocol', 'later')) : session.headers(...call),
      },
    });
    return ok(watched);
  }

  function newReconciler(
    change: { readonly handoverWaitSeconds?: number; readonly clock?: Clock } = {},
    { account, db }: Laptop = laptop,
  ): Reconciler {
    return createReconciler({
      account,
      db,
      openSession,
      syncPass: async (route) => {
        const passed = await wholePass(db, account, route, openSession);
        await passEnded(route);
        return passless.includes(route) ? err(appError('server.protocol', 'later')) : passed;
      },
      routes,
      policy: { handoverWaitSeconds: change.handoverWaitSeconds ?? 0 },
      clock: change.clock ?? realClock,
      random: realRandom,
      log: silent,
      announce: () => {},
      done: () => {
        dones += 1;
      },
    });
  }

  const letter = (id: string, subject = 'Offer'): Buffer =>
    Buffer.from(
      [
        'From: Clara Weiss <clara@outside.example>',
        `To: ${addressOf(employee)}`,
        'Date: Fri, 20 Nov 2026 08:29:00 +0000',
        `Message-ID: <${id}@outside.example>`,
        `Subject: ${subject}`,
        '',
        'What do you say?',
        '',
      ].join('\r\n'),
    );

  /** Mail that the gateway put into continuity. */
  const arrives = (id: string, flags: readonly string[] = []) =>
    lab.continuity.mailbox(employee).append('INBOX', letter(id), flags, arrivedAt);

  const readContinuity = async () => {
    const passed = await wholePass(laptop.db, laptop.account, 'continuity', openSession);
    if (!passed.ok) throw new Error(passed.error.code);
  };

  /** A message written here that continuity took. */
  async function sends(): Promise<InternetMessageId> {
    const { db, account } = laptop;
    const ports = { clock: realClock, random: realRandom, announce: () => {}, queued: () => {} };
    const policy = { undoSeconds: 0 };
    const drafts = createDrafts({ account, db, identities: ownIdentity(account), policy, ...ports });
    const draft = drafts.create('new', null);
    if (!draft.ok) throw new Error(draft.error.code);
    const to = [{ name: 'Clara', address: 'clara@outside.example' }];
    drafts.save(draft.value.id, { ...draft.value, to, subject: 'Offer', text: 'Yes.' });
    const sent = await drafts.send(draft.value.id);
    if (!sent.ok) throw new Error(sent.error.code);
    const { outgoingId } = sent.value;
    const messageId = listOutgoing(db, account.id)[0]?.internetMessageId;
    insertAttempt(db, outgoingId, 'continuity', Date.now());
    for (const kind of ['attemptStarted', 'dotNext', 'accepted'] as const)
      happen(db, outgoingId, { kind }, Date.now());
    return messageId ?? ('' as InternetMessageId);
  }

  const inExchange = (folder: string) => lab.exchange.mailbox(employee).messages(folder);
  const ledger = () => {
    const [outage] = listOutages(laptop.db, laptop.account.id);
    if (outage === undefined) throw new Error('no outage');
    return { ...outage, entries: listLedgerEntries(laptop.db, outage.id) };
  };
  const isDone = (times = 1) =>
    vi.waitFor(() => expect(dones).toBe(times), { timeout: 25_000, interval: 20 });

  it('brings what was received to Inbox and what was sent to Sent Items, once, with dates and flags', async () => {
    laptop.loses();
    await arrives('received', ['\\Seen']);
    await readContinuity();
    const reply = await sends();
    reconciler.run();
    await isDone();
    expect(ledger()).toMatchObject({
      total: 2,
      verified: 2,
      entries: [
        { internetMessageId: 'received@outside.example', outcome: 'appended', folder: 'INBOX', reason: null },
        { internetMessageId: reply, direction: 'sent', outcome: 'appended', folder: 'Sent Items' },
      ],
    });
    const [received, ...others] = await inExchange('INBOX');
    expect(others).toEqual([]);
    expect(received).toMatchObject({ messageId: 'received@outside.example', internalDate: arrivedAt });
    expect(received?.flags).toContain('\\Seen');
    const [, mark = '', bytes = ''] =
      /^X-Relevo-Copy: ([0-9a-f]{32})\r\n([\s\S]*)$/.exec(received?.source.toString('latin1') ?? '') ?? [];
    expect(mark).not.toBe('');
    expect(bytes).toBe(letter('received').toString('latin1'));
    expect(ledger().entries[0]?.uid).toBe(received?.uid);
    const [copy, ...more] = await inExchange('Sent Items');
    expect(more).toEqual([]);
    expect(copy?.flags).toContain('\\Seen');
    expect(copy?.messageId).toBe(reply);
    expect(copy?.internalDate).toEqual(copy?.date);
    expect(laptop.db.prepare('SELECT count(*) FROM message_source').pluck().get()).toBe(0);
  });

  it('brings two different mails with one Message-ID, and takes neither for a third one that is there', async () => {
    laptop.loses();
    const mailbox = lab.continuity.mailbox(employee);
    const scan = (page: string) => {
      const source = letter('scanner', `Scan ${page}`).toString();
      return Buffer.from(source.replace('What do you say?', `Page ${page}`));
    };
    await mailbox.append('INBOX', scan('1'), [], arrivedAt);
    await mailbox.append('INBOX', scan('2'), [], arrivedAt);
    await lab.exchange.mailbox(employee).append('INBOX', scan('3'), [], arrivedAt);
    await readContinuity();
    reconciler.run();
    await isDone();
    const texts = (await inExchange('INBOX')).map(({ source }) => /Page \d/.exec(source.toString())?.[0]);
    expect(texts.sort()).toEqual(['Page 1', 'Page 2', 'Page 3']);
    expect(ledger()).toMatchObject({ total: 2, verified: 2 });
  });

  it('takes what the gateway brought under another subject for the same mail', async () => {
    laptop.loses();
    await arrives('received');
    await readContinuity();
    await lab.exchange
      .mailbox(employee)
      .append('INBOX', letter('received', '[External] Offer'), [], arrivedAt);
    reconciler.run();
    await isDone();
    expect(await inExchange('INBOX')).toHaveLength(1);
    expect(ledger().entries).toMatchObject([{ outcome: 'handedOver' }]);
  });

  it('finds nothing left to do the second time', async () => {
    laptop.loses();
    await arrives('received');
    await readContinuity();
    reconciler.run();
    await isDone();
    await reconciler.stop();
    reconciler = newReconciler();
    const before = ledger();
    reconciler.run();
    await isDone(2);
    expect(appends).toBe(1);
    expect(ledger()).toEqual(before);
    expect(await inExchange('INBOX')).toHaveLength(1);
  });

  it('leaves one copy when two laptops bring the same mail of one mailbox at the same moment', async () => {
    const colleague = openLaptop(addressOf(employee));
    const other = newReconciler({}, colleague);
    try {
      await arrives('received');
      for (const each of [laptop, colleague]) {
        each.loses();
        await wholePass(each.db, each.account, 'continuity', openSession);
      }
      const { promise: bothBegan, resolve: begin } = Promise.withResolvers<void>();
      appendMayBegin = () => {
        if (appends === 2) begin();
        return bothBegan;
      };
      reconciler.run();
      other.run();
      await isDone(2);
      const stands = await inExchange('INBOX');
      expect(stands.map(({ messageId }) => messageId)).toEqual(['received@outside.example']);
      const noted = [laptop, colleague].flatMap(({ db }) =>
        db.prepare<[], { uid: number; outcome: string }>('SELECT uid, outcome FROM journal').all(),
      );
      // Whoever came last has seen what stays.
      expect(noted.map(({ uid }) => uid)).toContain(stands[0]?.uid);
      expect(noted.map(({ outcome }) => outcome)).toContain('appended');
    } finally {
      await other.stop();
      colleague.remove();
    }
  });

  it('waits for the gateway, and appends nothing that it hands over', async () => {
    laptop.loses();
    await arrives('received');
    await readContinuity();
    reconciler = newReconciler({ handoverWaitSeconds: 1 });
    const planned = new Promise<void>((resolve) => {
      passEnded = async (route) => {
        if (route === 'primary') resolve();
      };
    });
    reconciler.run();
    await planned;
    for (let look = 0; look < 5; look += 1) expect(await inExchange('INBOX')).toEqual([]);
    await lab.exchange.mailbox(employee).append('INBOX', letter('received'));
    await isDone();
    expect(appends).toBe(0);
    expect(ledger()).toMatchObject({ verified: 1, entries: [{ outcome: 'handedOver', folder: 'INBOX' }] });
    expect(await inExchange('INBOX')).toHaveLength(1);
  });

  it('gives what the gateway handed over the flags that the person set in the outage', async () => {
    laptop.loses();
    await arrives('received');
    await readContinuity();
    const conversation = laptop.db.prepare('SELECT id FROM conversation').pluck().get() as never;
    markSeen(laptop.db, conversation, Date.now());
    changeFlag(laptop.db, conversation, { flag: '\\Flagged', isSet: true, of: 'newest' }, Date.now());
    await lab.exchange.mailbox(employee).append('INBOX', letter('received'));
    reconciler.run();
    await isDone();
    const [received] = await inExchange('INBOX');
    expect(received?.flags).toEqual(expect.arrayContaining(['\\Seen', '\\Flagged']));
  });

  it('finds what a rule in Exchange has moved elsewhere, and leaves it there', async () => {
    laptop.loses();
    await arrives('received');
    await readContinuity();
    await lab.exchange.mailbox(employee).append('Archive', letter('received'));
    reconciler.run();
    await isDone();
    expect(ledger().entries).toMatchObject([{ outcome: 'handedOver', folder: 'Archive' }]);
    expect(await inExchange('INBOX')).toEqual([]);
  });

  it('carries over what arrived after continuity was last read', async () => {
    laptop.loses();
    await arrives('late');
    reconciler.run();
    await isDone();
    expect(ledger()).toMatchObject({ total: 1, verified: 1 });
    expect((await inExchange('INBOX')).map(({ messageId }) => messageId)).toEqual(['late@outside.example']);
  });

  it('journals nothing that Exchange had before the outage', async () => {
    await lab.exchange.mailbox(employee).append('INBOX', letter('old'));
    await wholePass(laptop.db, laptop.account, 'primary', openSession);
    laptop.loses();
    await arrives('old');
    await readContinuity();
    expect(ledger()).toMatchObject({ total: 0 });
  });

  it('says why one failed, brings the others, and does not hold up the return', async () => {
    laptop.loses();
    await arrives('one');
    await arrives('two');
    await readContinuity();
    let calls = 0;
    breaks = (call) => call === 'append' && ++calls === 1;
    reconciler.run();
    await isDone();
    expect(ledger()).toMatchObject({
      total: 2,
      verified: 1,
      entries: [
        { outcome: 'failed', reason: 'server.refused', verifiedAt: null },
        { outcome: 'appended', reason: null },
      ],
    });
    reconciler.run();
    await isDone(2);
    expect(ledger()).toMatchObject({ total: 2, verified: 2 });
    expect(await inExchange('INBOX')).toHaveLength(2);
  });

  it('looks before it appends again when the answer to an APPEND was lost', async () => {
    laptop.loses();
    await arrives('received');
    await readContinuity();
    breaks = (call) => call === 'look' && appends === 1 && dones === 0;
    reconciler.run();
    await isDone();
    expect(ledger()).toMatchObject({ verified: 0, entries: [{ outcome: 'failed' }] });
    reconciler.run();
    await isDone(2);
    expect(appends).toBe(1);
    expect(ledger()).toMatchObject({ verified: 1, entries: [{ outcome: 'appended' }] });
    expect(await inExchange('INBOX')).toHaveLength(1);
  });

  it('is not done while Exchange cannot be spoken to, and goes on when asked again', async () => {
    laptop.loses();
    await arrives('received');
    await readContinuity();
    await lab.exchange.die();
    const failed = new Promise<void>((resolve) => {
      passEnded = async (route) => {
        if (route === 'primary') resolve();
      };
    });
    reconciler.run();
    await failed;
    expect(dones).toBe(0);
    await lab.exchange.comesBack();
    reconciler.run();
    await isDone();
    expect(ledger()).toMatchObject({ total: 1, verified: 1 });
  });

  it.each(['primary', 'continuity'] as const)(
    'is not held up for ever by a pass over %s that does not succeed',
    async (route) => {
      laptop.loses();
      await arrives('received');
      await readContinuity();
      await lab.exchange.mailbox(employee).append('INBOX', letter('handed-over'));
      passless = [route];
      const hasty: Clock = { ...realClock, after: (ms, run) => realClock.after(ms / 100, run) };
      reconciler = newReconciler({ clock: hasty });
      reconciler.run();
      await isDone();
      expect(ledger()).toMatchObject({ total: 1, verified: 1 });
      expect(await inExchange('INBOX')).toHaveLength(2);
    },
  );

  it('takes up what an outage that is over has left', async () => {
    const ends = laptop.loses();
    await arrives('received');
    await readContinuity();
    ends();
    reconciler.start();
    await vi.waitFor(() => expect(ledger()).toMatchObject({ total: 1, verified: 1 }), { timeout: 10_000 });
    expect(dones).toBe(0);
  });

  it('leaves Exchange alone while it is not the route', async () => {
    laptop.loses();
    await arrives('received');
    await readContinuity();
    routes.choose('continuity');
    const connections = lab.exchange.connections;
    reconciler.start();
    reconciler.run();
    await readContinuity();
    expect(lab.exchange.connections).toBe(connections);
    routes.choose('primary');
    reconciler.run();
    await isDone();
    expect(ledger()).toMatchObject({ verified: 1 });
  });
});
