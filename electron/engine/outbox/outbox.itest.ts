import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { InternetMessageId, OutgoingId } from '../../../shared/model/ids.ts';
import type { OutgoingState } from '../../../shared/model/outgoing.ts';
import type { Route } from '../../../shared/model/route.ts';
import { ok } from '../../../shared/result.ts';
import { listLedgerEntries, listOutages } from '../cache/queries/ledger-store.ts';
import { findOutgoing, insertAttempt, noteDotNext } from '../cache/queries/outbox-store.ts';
import { openImapSession } from '../mail/imap-session.ts';
import { createSubmit } from '../mail/submission.ts';
import type { Credentials } from '../mail/types.ts';
import type { Network } from '../net/network.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import { withOwner } from '../owner.ts';
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
import { createDoors } from './doors.ts';
import { createDrafts } from './drafts.ts';
import { createOutbox, type Outbox } from './outbox-runner.ts';
import { happen } from './transition.ts';

describe('the outbox', () => {
  let lab: Lab;
  let network: Network;
  let accessToken: string;
  let employee: string;
  let laptop: Laptop;
  let routes: ChosenRoutes;
  let outbox: Outbox;
  /** As whom continuity may not send. */
  let notByContinuity: readonly string[];
  let reported: { readonly route: Route; readonly code: string | null }[];

  /** Each test is another employee's, so that none finds what another left. */
  const employees = Array.from({ length: 20 }, (_, index) => `anna${index}`);
  let tests = 0;
  let undoSeconds = 0;

  beforeAll(async () => {
    lab = await startLab({ employees });
    network = directNetwork(
      ['exchange', 'continuity'].map((name) =>
        readFileSync(join(lab.folder, `${name}-authority.pem`), 'utf8'),
      ),
    );
  });
  afterAll(() => lab.stop());

  beforeEach(async () => {
    employee = employees[tests++] ?? '';
    laptop = openLaptop(addressOf(employee));
    routes = new ChosenRoutes(null);
    reported = [];
    notByContinuity = [];
    undoSeconds = 0;
    accessToken = await lab.issuer.accessTokenFor(addressOf(employee));
    outbox = newOutbox();
  });
  afterEach(async () => {
    await outbox.stop();
    lab.savesSentItself = true;
    for (const provider of [lab.exchange, lab.continuity]) {
      provider.submission.script = 'accept';
      await provider.comesBack();
    }
    laptop.remove();
  });

  const provider = (route: Route) => (route === 'primary' ? lab.exchange : lab.continuity);

  function newOutbox(change: { readonly sentCopyWaitSeconds?: number; readonly clock?: Clock } = {}): Outbox {
    const user = addressOf(employee);
    const { exchange, continuity } = lab.accountOf(employee);
    const settings = { primary: exchange, continuity };
    const shown: Readonly<Record<Route, Credentials>> = {
      primary: { kind: 'accessToken', user, accessToken },
      continuity: { kind: 'password', user, password: lab.passwordOf(employee) },
    };
    const signIn = (route: Route) => async () => ok(shown[route]);
    return withOwner(laptop.account.id, (owner) =>
      createOutbox({
        owner,
        db: laptop.db,
        doors: createDoors(owner, {
          submit: createSubmit(network),
          server: (route) => settings[route].submission,
          credentials: signIn,
          openSession: (route) =>
            openImapSession({
              network,
              route,
              server: settings[route].imap,
              credentials: signIn(route),
              log: silent,
            }),
        }),
        identities: { mayLeaveByContinuity: (address) => !notByContinuity.includes(address) },
        routes,
        report: (_capability, route, error: AppError | null) =>
          reported.push({ route, code: error?.code ?? null }),
        policy: { sentCopyWaitSeconds: change.sentCopyWaitSeconds ?? 0.3 },
        clock: change.clock ?? realClock,
        log: silent,
        announce: () => {},
      }),
    );
  }

  async function write(
    subject = 'Lunch',
    from = addressOf(employee),
  ): Promise<{ id: OutgoingId; messageId: InternetMessageId }> {
    const [own] = ownIdentity(laptop.account).list();
    const identities = [own, { ...own, address: 'desk@corp.example', kind: 'sendAs' }] as const;
    const drafts = createDrafts({
      ...laptop,
      identities: { list: () => identities },
      clock: realClock,
      random: realRandom,
      announce: () => {},
      policy: { undoSeconds },
      queued: () => outbox.poke(),
    });
    const draft = drafts.create('new', null);
    if (!draft.ok) throw new Error(draft.error.code);
    const to = [{ name: 'Clara', address: 'clara@outside.example' }];
    drafts.save(draft.value.id, { from, to, cc: [], bcc: [], subject, text: '.At noon?\n.\n' });
    const sent = await drafts.send(draft.value.id);
    if (!sent.ok) throw new Error(sent.error.code);
    const id = sent.value.outgoingId;
    const waiting = outbox.list().find((each) => each.id === id);
    return { id, messageId: waiting?.internetMessageId ?? ('' as InternetMessageId) };
  }

  const isIn = async (id: OutgoingId, state: OutgoingState): Promise<void> => {
    await vi.waitFor(() => expect(findOutgoing(laptop.db, id)?.state).toBe(state), {
      timeout: 8_000,
      interval: 20,
    });
  };
  const isFiled = async (id: OutgoingId): Promise<void> => {
    const filedAt = laptop.db.prepare('SELECT filed_at FROM outgoing WHERE id = ?').pluck();
    await vi.waitFor(() => expect(filedAt.get(id)).not.toBeNull(), { timeout: 8_000, interval: 20 });
  };
  const arrivals = (messageId: string) =>
    lab.outside.received().filter((mail) => mail.messageId === messageId);
  const inSent = async (route: Route, messageId: string) =>
    (
      await provider(route)
        .mailbox(employee)
        .messages(route === 'primary' ? 'Sent Items' : 'Sent')
    ).filter((mail) => mail.messageId === messageId);

  it('sends over continuity, once, and files a copy there with its date, seen', async () => {
    outbox.start();
    routes.choose('continuity');
    const { id, messageId } = await write();
    await isFiled(id);
    expect(findOutgoing(laptop.db, id)?.state).toBe('accepted');
    expect(arrivals(messageId)).toHaveLength(1);
    expect(arrivals(messageId)[0]?.text).toBe('.At noon?\n.\n');
    const [copy, ...more] = await inSent('continuity', messageId);
    expect(more).toEqual([]);
    expect(copy?.flags).toContain('\\Seen');
    expect(copy?.internalDate).toEqual(copy?.date);
    expect(reported).toEqual([{ route: 'continuity', code: null }]);
    expect(outbox.list()).toEqual([]);
  });

  it('finds the copy that Exchange files by itself, and files no second', async () => {
    outbox.start();
    routes.choose('primary');
    const { id, messageId } = await write();
    await isFiled(id);
    expect(await inSent('primary', messageId)).toHaveLength(1);
  });

  it('files the copy in Exchange when Exchange does not', async () => {
    lab.savesSentItself = false;
    outbox.start();
    routes.choose('primary');
    const { id, messageId } = await write();
    await isFiled(id);
    expect(await inSent('primary', messageId)).toHaveLength(1);
  });

  it('keeps everything while there is no way, and sends in order when there is one', async () => {
    outbox.start();
    const [one, two] = [await write('One'), await write('Two')];
    expect(outbox.list().map(({ state }) => state)).toEqual(['queued', 'queued']);
    routes.choose('continuity');
    await isIn(two.id, 'accepted');
    const order = lab.outside.received().map(({ messageId }) => messageId);
    expect(order.indexOf(one.messageId)).toBeLessThan(order.indexOf(two.messageId));
  });

  it('waits for the other way when Exchange refuses connections, and takes it at once', async () => {
    await lab.exchange.die();
    outbox.start();
    routes.choose('primary');
    const { id, messageId } = await write();
    await vi.waitFor(() => expect(reported).toEqual([{ route: 'primary', code: 'network.unreachable' }]));
    expect(findOutgoing(laptop.db, id)?.state).toBe('queued');
    const before = Date.now();
    routes.choose('continuity');
    await isIn(id, 'accepted');
    expect(Date.now() - before).toBeLessThan(4_000);
    expect(arrivals(messageId)).toHaveLength(1);
  });

  it('lets a message that hangs on Exchange hold up nothing on continuity', async () => {
    outbox.start();
    routes.choose('primary');
    const held = lab.exchange.submission.holdsAt('recipient');
    const hanging = await write('Hangs');
    const release = await held;
    routes.choose('continuity');
    const { id } = await write('Goes');
    await isIn(id, 'accepted');
    expect(findOutgoing(laptop.db, hanging.id)?.state).toBe('sending');
    release();
    await isIn(hanging.id, 'accepted');
    expect(arrivals(hanging.messageId)).toHaveLength(1);
  });

  it('waits for the person when a message is refused, and holds up no other', async () => {
    lab.continuity.submission.script = { refuse: 'recipient', code: 550 };
    outbox.start();
    routes.choose('continuity');
    const { id, messageId } = await write();
    await isIn(id, 'rejected');
    expect(outbox.list()).toMatchObject([{ state: 'rejected', attempts: 1, lastResponse: '550 5.7.1' }]);
    expect(reported).toEqual([{ route: 'continuity', code: null }]);
    lab.continuity.submission.script = 'accept';
    const other = await write('Other');
    await isIn(other.id, 'accepted');
    expect(outbox.decide(id, 'treatAsSent')).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    expect(outbox.decide(id, 'sendAgain').ok).toBe(true);
    await isIn(id, 'accepted');
    expect(arrivals(messageId)).toHaveLength(1);
  });

  it('keeps a message that was put off waiting, never failed', async () => {
    lab.continuity.submission.script = { refuse: 'data', code: 451 };
    outbox.start();
    routes.choose('continuity');
    const { id } = await write();
    await vi.waitFor(() =>
      expect(outbox.list()).toMatchObject([{ state: 'queued', lastResponse: '451 4.3.2' }]),
    );
    const notBefore = laptop.db.prepare('SELECT not_before FROM outgoing WHERE id = ?').pluck().get(id);
    expect(Number(notBefore) - Date.now()).toBeGreaterThan(3_000);
  });

  it('tries again by itself, over the same route too, until the server takes it', async () => {
    await outbox.stop();
    const hasty: Clock = {
      now: () => Date.now() * 100,
      after: (ms, run) => realClock.after(ms / 100, run),
    };
    outbox = newOutbox({ clock: hasty });
    await lab.continuity.die();
    outbox.start();
    routes.choose('continuity');
    const { id, messageId } = await write();
    await vi.waitFor(() => expect(reported.length).toBeGreaterThan(2), { timeout: 8_000 });
    expect(findOutgoing(laptop.db, id)?.state).not.toBe('rejected');
    await lab.continuity.comesBack();
    await isIn(id, 'accepted');
    expect(arrivals(messageId)).toHaveLength(1);
  });

  it('files what was sent though the clock is set back by days meanwhile', async () => {
    await outbox.stop();
    let setBackMs = 0;
    outbox = newOutbox({
      sentCopyWaitSeconds: 1,
      clock: { ...realClock, now: () => Date.now() - setBackMs },
    });
    outbox.start();
    routes.choose('continuity');
    const { id } = await write();
    await isIn(id, 'accepted');
    setBackMs = 3 * 86_400_000;
    await isFiled(id);
  });

  it('finds in Sent what a server took without saying so', async () => {
    lab.exchange.submission.script = 'acceptSilently';
    outbox.start();
    routes.choose('primary');
    const { id, messageId } = await write();
    await isFiled(id);
    expect(findOutgoing(laptop.db, id)?.state).toBe('accepted');
    expect(arrivals(messageId)).toHaveLength(1);
    expect(await inSent('primary', messageId)).toHaveLength(1);
  });

  it.each(['acceptSilently', 'dropAfterData'] as const)(
    'says uncertain, and sends nothing again, when the answer is lost (%s) and Sent shows nothing',
    async (script) => {
      lab.continuity.submission.script = script;
      outbox.start();
      routes.choose('continuity');
      const { id, messageId } = await write();
      await isIn(id, 'uncertain');
      lab.continuity.submission.script = 'accept';
      expect(outbox.list()).toMatchObject([{ state: 'uncertain', attempts: 1, route: 'continuity' }]);
      routes.choose('primary');
      await isIn((await write('Other')).id, 'accepted');
      expect(findOutgoing(laptop.db, id)?.state).toBe('uncertain');
      expect(arrivals(messageId)).toHaveLength(script === 'acceptSilently' ? 1 : 0);
    },
  );

  it('believes a Sent copy that turns up after it said uncertain', async () => {
    lab.continuity.submission.script = 'dropAfterData';
    outbox.start();
    routes.choose('continuity');
    const { id } = await write();
    await isIn(id, 'uncertain');
    const mime = laptop.db.prepare('SELECT mime FROM outgoing WHERE id = ?').pluck().get(id) as Buffer;
    await lab.continuity.mailbox(employee).append('Sent', mime, ['\\Seen']);
    routes.choose(null);
    routes.choose('continuity');
    await isFiled(id);
    expect(findOutgoing(laptop.db, id)?.state).toBe('accepted');
  });

  it('does with an uncertain message what the person decides', async () => {
    lab.continuity.submission.script = 'dropAfterData';
    outbox.start();
    routes.choose('continuity');
    const [again, sent, gone] = [await write('Again'), await write('Sent'), await write('Gone')];
    for (const { id } of [again, sent, gone]) await isIn(id, 'uncertain');
    lab.continuity.submission.script = 'accept';
    expect(outbox.decide(again.id, 'sendAgain').ok).toBe(true);
    expect(outbox.decide(sent.id, 'treatAsSent').ok).toBe(true);
    expect(outbox.decide(gone.id, 'discard').ok).toBe(true);
    await isIn(again.id, 'accepted');
    await isFiled(sent.id);
    expect(arrivals(again.messageId)).toHaveLength(1);
    expect(arrivals(sent.messageId)).toHaveLength(0);
    expect(await inSent('continuity', sent.messageId)).toHaveLength(1);
    expect(findOutgoing(laptop.db, gone.id)?.state).toBe('discarded');
    expect(outbox.list()).toEqual([]);
  });

  it('journals what continuity took in an outage with the very commit that says so', async () => {
    laptop.loses();
    outbox.start();
    routes.choose('continuity');
    const { id, messageId } = await write();
    await isIn(id, 'accepted');
    const [outage] = listOutages(laptop.db, laptop.account.id);
    expect(outage).toMatchObject({ total: 1, verified: 0, endedAt: null });
    expect(outage && listLedgerEntries(laptop.db, outage.id)).toMatchObject([
      {
        internetMessageId: messageId,
        direction: 'sent',
        counterpart: 'clara@outside.example',
        outcome: 'pending',
      },
    ]);
  });

  it('settles at the start what a crash left: before DATA to be sent, after DATA to be looked for', async () => {
    const [before, after, taken] = [await write('Before'), await write('After'), await write('Taken')];
    for (const { id } of [before, after, taken]) {
      const attempt = insertAttempt(laptop.db, id, 'continuity', Date.now());
      happen(laptop.db, id, { kind: 'attemptStarted' }, Date.now());
      if (id === before.id) continue;
      noteDotNext(laptop.db, attempt, Date.now());
      happen(laptop.db, id, { kind: 'dotNext' }, Date.now());
    }
    const mime = laptop.db.prepare('SELECT mime FROM outgoing WHERE id = ?').pluck().get(taken.id) as Buffer;
    await lab.continuity.mailbox(employee).append('Sent', mime, ['\\Seen']);
    routes.choose('continuity');
    outbox.start();
    await isIn(before.id, 'accepted');
    await isIn(after.id, 'uncertain');
    await isIn(taken.id, 'accepted');
    expect(arrivals(before.messageId)).toHaveLength(1);
    expect(arrivals(after.messageId)).toHaveLength(0);
    expect(await inSent('continuity', taken.messageId)).toHaveLength(1);
  });

  it('keeps what continuity may not send waiting for Exchange, says so, and holds up nothing else', async () => {
    outbox.start();
    notByContinuity = ['desk@corp.example'];
    const waiting = await write('Waits', 'desk@corp.example');
    expect(outbox.list()).toMatchObject([{ state: 'queued', reason: 'noWay' }]);
    routes.choose('continuity');
    await isIn((await write('Goes')).id, 'accepted');
    expect(outbox.list()).toMatchObject([
      { id: waiting.id, state: 'queued', attempts: 0, reason: 'exchangeOnly' },
    ]);
    routes.choose('primary');
    await isIn(waiting.id, 'accepted');
    expect(arrivals(waiting.messageId)).toMatchObject([{ envelopeFrom: 'desk@corp.example' }]);
    expect(await inSent('continuity', waiting.messageId)).toEqual([]);
  });

  it('lets go what waited for Exchange once the provider may send for it', async () => {
    outbox.start();
    notByContinuity = ['desk@corp.example'];
    routes.choose('continuity');
    const { id, messageId } = await write('Waits', 'desk@corp.example');
    await isIn((await write('Goes')).id, 'accepted');
    expect(findOutgoing(laptop.db, id)?.state).toBe('queued');
    notByContinuity = [];
    outbox.poke();
    await isIn(id, 'accepted');
    expect(arrivals(messageId)).toHaveLength(1);
  });

  it('leaves Exchange alone while it is not a route, and files there when it is one again', async () => {
    lab.savesSentItself = false;
    await outbox.stop();
    outbox = newOutbox({ sentCopyWaitSeconds: 1 });
    outbox.start();
    routes.choose('primary');
    const { id, messageId } = await write();
    await isIn(id, 'accepted');
    routes.choose('continuity');
    const connections = lab.exchange.connections;
    await isFiled((await write('Other')).id);
    expect(lab.exchange.connections).toBe(connections);
    expect(await inSent('primary', messageId)).toHaveLength(0);
    routes.choose('primary');
    await isFiled(id);
    expect(await inSent('primary', messageId)).toHaveLength(1);
  });
});
