import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addressOf, type Lab, startLab } from '../../e2e/lab/lab.ts';
import type { DraftId, InternetMessageId, OutgoingId } from '../../shared/model/ids.ts';
import type { OutgoingState } from '../../shared/model/outgoing.ts';
import type { Route } from '../../shared/model/route.ts';
import { ok } from '../../shared/result.ts';
import { listLedgerEntries, listOutages } from './cache/queries/ledger-store.ts';
import { insertAttempt } from './cache/queries/outbox-store.ts';
import { openImapSession } from './mail/imap-session.ts';
import { directNetwork } from './net/testing/direct-network.ts';
import { createDrafts } from './outbox/drafts.ts';
import { happen } from './outbox/transition.ts';
import { type ChildSetup, endOf, startChild } from './testing/doomed.ts';
import { type Laptop, openLaptop, ownIdentity, realClock, realRandom, silent } from './testing/laptop.ts';
import type { OutboxChildSetup } from './testing/outbox-child.ts';
import { wholePass } from './testing/whole-pass.ts';

const outboxChild = new URL('./testing/outbox-child.ts', import.meta.url);
const reconcileChild = new URL('./testing/reconcile-child.ts', import.meta.url);

describe('kill -9', () => {
  let lab: Lab;
  let authorities: readonly string[];
  let employee: string;
  let laptop: Laptop;
  let setup: ChildSetup;
  let children: ChildProcess[];

  const employees = Array.from({ length: 60 }, (_, index) => `anna${index}`);
  let tests = 0;

  beforeAll(async () => {
    lab = await startLab({ employees });
    authorities = ['exchange', 'continuity'].map((name) =>
      readFileSync(join(lab.folder, `${name}-authority.pem`), 'utf8'),
    );
  });
  afterAll(() => lab.stop());

  beforeEach(async () => {
    employee = employees[tests++] ?? '';
    children = [];
    laptop = openLaptop(addressOf(employee));
    const { exchange, continuity } = lab.accountOf(employee);
    const user = addressOf(employee);
    const password = lab.passwordOf(employee);
    setup = {
      databaseFile: laptop.file,
      account: laptop.account,
      authorities,
      providers: {
        primary: {
          ...exchange,
          credentials: { kind: 'accessToken', user, accessToken: await lab.issuer.accessTokenFor(user) },
        },
        continuity: { ...continuity, credentials: { kind: 'password', user, password } },
      },
      diesAt: null,
    };
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    laptop.remove();
  });

  function start(module: URL, childSetup: ChildSetup): ChildProcess {
    const child = startChild(module, childSetup);
    children.push(child);
    return child;
  }

  const draftsOf = () =>
    createDrafts({
      ...laptop,
      identities: ownIdentity(laptop.account),
      clock: realClock,
      random: realRandom,
      announce: () => {},
      policy: { undoSeconds: 0 },
      queued: () => {},
    });

  function writes(): DraftId {
    const drafts = draftsOf();
    const draft = drafts.create('new', null);
    if (!draft.ok) throw new Error(draft.error.code);
    const to = [{ name: 'Clara', address: 'clara@outside.example' }];
    drafts.save(draft.value.id, {
      from: draft.value.from,
      to,
      cc: [],
      bcc: [],
      subject: `From ${employee}`,
      text: 'Yes.',
    });
    return draft.value.id;
  }

  const outgoing = () =>
    laptop.db
      .prepare<[], { id: OutgoingId; state: OutgoingState; messageId: InternetMessageId }>(
        `SELECT outgoing.id, state, internet_message_id AS messageId FROM outgoing
         JOIN message ON message.id = outgoing.message_id`,
      )
      .all();
  const mailbox = (route: Route) => (route === 'primary' ? lab.exchange : lab.continuity).mailbox(employee);
  const inSent = async (route: Route) =>
    (await mailbox(route).messages(route === 'primary' ? 'Sent Items' : 'Sent')).length;
  const arrivals = () =>
    lab.outside.received().filter(({ envelopeFrom }) => envelopeFrom === addressOf(employee));

  async function goesOn(route: Route): Promise<void> {
    const again: OutboxChildSetup = { ...setup, route, draftId: null };
    expect(await endOf(start(outboxChild, again))).toMatchObject({ signal: null });
  }

  describe('while a message is sent', () => {
    type End = 'draft' | 'accepted' | 'uncertain';
    const rows: readonly (readonly [Route, string, number, End, number])[] = [
      ['continuity', 'freezing', 1, 'draft', 0],
      ['continuity', 'freezing', 2, 'draft', 0],
      ['continuity', 'queued', 1, 'accepted', 1],
      ['continuity', 'connecting', 1, 'accepted', 1],
      ['continuity', 'dataInvited', 1, 'accepted', 1],
      ['continuity', 'allButDot', 1, 'accepted', 1],
      ['continuity', 'dotNoted', 1, 'uncertain', 0],
      ['continuity', 'answered', 1, 'uncertain', 1],
      ['continuity', 'reported', 1, 'accepted', 1],
      ['continuity', 'looking', 1, 'accepted', 1],
      ['continuity', 'looked', 1, 'accepted', 1],
      ['continuity', 'filing', 1, 'accepted', 1],
      ['continuity', 'filed', 1, 'accepted', 1],
      ['primary', 'connecting', 1, 'accepted', 1],
      ['primary', 'allButDot', 1, 'accepted', 1],
      ['primary', 'dotNoted', 1, 'uncertain', 0],
      ['primary', 'answered', 1, 'accepted', 1],
      ['primary', 'looked', 1, 'accepted', 1],
    ];

    it.each(rows)(
      'over %s at "%s" (%i): afterwards %s, arrived %i times',
      async (route, point, time, end, count) => {
        const draftId = writes();
        const doomed: OutboxChildSetup = { ...setup, route, draftId, diesAt: { point, time } };
        expect(await endOf(start(outboxChild, doomed))).toMatchObject({ signal: 'SIGKILL' });
        await goesOn(route);
        expect(outgoing().map(({ state }) => state)).toEqual(end === 'draft' ? [] : [end]);
        expect(draftsOf().list()).toHaveLength(end === 'draft' ? 1 : 0);
        expect(arrivals()).toHaveLength(count);
        expect(await inSent(route)).toBe(end === 'accepted' ? 1 : 0);
      },
    );

    it('while it is held, it is held on, and can be taken back or leaves once', async () => {
      const held: OutboxChildSetup = { ...setup, route: 'continuity', draftId: writes(), undoSeconds: 3 };
      const doomed = { ...held, diesAt: { point: 'queued', time: 1 } };
      expect(await endOf(start(outboxChild, doomed))).toMatchObject({ signal: 'SIGKILL' });
      expect(outgoing().map(({ state }) => state)).toEqual(['held']);
      const [message] = outgoing();
      if (message === undefined) throw new Error('nothing is held');
      expect(draftsOf().takeBack(message.id)).toMatchObject({ ok: true, value: { text: 'Yes.' } });
      const [draft] = draftsOf().list();
      const again = { ...doomed, draftId: draft?.id ?? null };
      expect(await endOf(start(outboxChild, again))).toMatchObject({ signal: 'SIGKILL' });
      await goesOn('continuity');
      expect(
        outgoing()
          .map(({ state }) => state)
          .sort(),
      ).toEqual(['accepted', 'discarded']);
      expect(arrivals()).toHaveLength(1);
    });

    it.each([
      ['primary', 'accepted'],
      ['continuity', 'uncertain'],
    ] as const)(
      'over %s when it has taken the message and not answered: afterwards %s',
      async (route, end) => {
        const provider = route === 'primary' ? lab.exchange : lab.continuity;
        const held = provider.submission.holdsAt('accepted');
        const child = start(outboxChild, { ...setup, route, draftId: writes() } as OutboxChildSetup);
        const release = await held;
        const ended = endOf(child);
        child.kill('SIGKILL');
        await ended;
        release();
        await goesOn(route);
        expect(outgoing().map(({ state }) => state)).toEqual([end]);
        expect(arrivals()).toHaveLength(1);
        expect(await inSent(route)).toBe(end === 'accepted' ? 1 : 0);
      },
    );
  });

  describe('while an outage is carried over', () => {
    const arrivedAt = new Date('2026-11-20T08:30:00Z');
    const points: readonly (readonly [string, number])[] = [
      ['read continuity', 1],
      ['read primary', 1],
      ['opening', 1],
      ['looked', 1],
      ['appending', 1],
      ['appended', 1],
      ['found', 1],
      ['noted', 1],
      ['looked', 2],
      ['appending', 2],
      ['appended', 2],
      ['found', 2],
      ['done', 1],
    ];

    /** One message received and one sent, both in continuity only. */
    async function anOutage(): Promise<void> {
      laptop.loses();
      const letter = [
        'From: Clara Weiss <clara@outside.example>',
        `To: ${addressOf(employee)}`,
        'Date: Fri, 20 Nov 2026 08:29:00 +0000',
        `Message-ID: <${employee}@outside.example>`,
        'Subject: Offer',
        '',
        'What do you say?',
        '',
      ].join('\r\n');
      await mailbox('continuity').append('INBOX', Buffer.from(letter), ['\\Seen', '\\Flagged'], arrivedAt);
      const passed = await wholePass(laptop.db, laptop.account, 'continuity', (route) =>
        openImapSession({
          network: directNetwork(authorities),
          route,
          server: setup.providers[route].imap,
          credentials: async () => ok(setup.providers[route].credentials),
          log: silent,
        }),
      );
      if (!passed.ok) throw new Error(passed.error.code);
      const sent = await draftsOf().send(writes());
      if (!sent.ok) throw new Error(sent.error.code);
      insertAttempt(laptop.db, sent.value.outgoingId, 'continuity', Date.now());
      for (const kind of ['attemptStarted', 'dotNext', 'accepted'] as const)
        happen(laptop.db, sent.value.outgoingId, { kind }, Date.now());
    }

    it.each(points)('at "%s" (%i): afterwards everything stands in Exchange once', async (point, time) => {
      await anOutage();
      const doomed: ChildSetup = { ...setup, diesAt: { point, time } };
      expect(await endOf(start(reconcileChild, doomed))).toMatchObject({ signal: 'SIGKILL' });
      expect(await endOf(start(reconcileChild, setup))).toMatchObject({ signal: null });

      const [received, ...others] = await mailbox('primary').messages('INBOX');
      expect(others).toEqual([]);
      expect(received?.internalDate).toEqual(arrivedAt);
      expect(received?.flags).toEqual(expect.arrayContaining(['\\Seen', '\\Flagged']));
      const [sent, ...more] = await mailbox('primary').messages('Sent Items');
      expect(more).toEqual([]);
      expect(sent?.messageId).toBe(outgoing()[0]?.messageId);

      const [outage] = listOutages(laptop.db, laptop.account.id);
      expect(outage).toMatchObject({ total: 2, verified: 2 });
      const entries = outage === undefined ? [] : listLedgerEntries(laptop.db, outage.id);
      expect(entries.map(({ outcome, uid }) => ({ outcome, uid }))).toEqual([
        { outcome: 'appended', uid: received?.uid },
        { outcome: 'appended', uid: sent?.uid },
      ]);
      expect(await endOf(start(reconcileChild, setup))).toEqual({ signal: null, output: '0' });
    });
  });
});
