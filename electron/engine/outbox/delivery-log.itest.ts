import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import { appError } from '../../../shared/errors.ts';
import type { InternetMessageId, OutgoingId } from '../../../shared/model/ids.ts';
import type { OutgoingState } from '../../../shared/model/outgoing.ts';
import { err, ok } from '../../../shared/result.ts';
import { findOutgoing } from '../cache/queries/outbox-store.ts';
import { createEnrolmentService, type EnrolmentService } from '../enrolment/enrolment-service.ts';
import { openImapSession } from '../mail/imap-session.ts';
import { createSubmit } from '../mail/submission.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import { withOwner } from '../owner.ts';
import {
  ChosenRoutes,
  type Laptop,
  openLaptop,
  ownIdentity,
  realClock,
  realRandom,
  silent,
} from '../testing/laptop.ts';
import { memorySecrets } from '../testing/memory-secrets.ts';
import { createDoors } from './doors.ts';
import { createDrafts } from './drafts.ts';
import { createOutbox, type Outbox } from './outbox-runner.ts';

describe('the delivery log of the provider', () => {
  let lab: Lab;
  let laptop: Laptop;
  let enrolment: EnrolmentService;
  let outbox: Outbox;
  /** Ahead of the real clock, in milliseconds. */
  let ahead: number;
  const employees = ['anna', 'berta', 'carla', 'dora'];
  let employee = '';
  const clock = { ...realClock, now: () => Date.now() + ahead };

  beforeAll(async () => {
    lab = await startLab({ employees });
  });
  afterAll(() => lab.stop());

  beforeEach(async () => {
    employee = employees.pop() ?? '';
    ahead = 0;
    laptop = openLaptop(addressOf(employee));
    const network = directNetwork(lab.authorities);
    enrolment = createEnrolmentService({
      db: laptop.db,
      provider: lab.enrolment.published,
      isInPolicy: () => true,
      device: { platform: 'linux', name: 'laptop-1' },
      fetch: network.fetchFor('continuity'),
      secrets: memorySecrets(),
      clock,
      random: realRandom,
      log: silent,
      announce: () => {},
      identities: () => {},
      runAgain: async () => {},
    });
    const enrolled = await enrolment.enrol(lab.enrolment.issueCode(addressOf(employee)));
    expect(enrolled).toMatchObject({ ok: true });
    const { continuity } = lab.accountOf(employee);
    const credentials = async () =>
      ok({
        kind: 'password',
        user: addressOf(employee),
        password: lab.passwordOf(employee),
      } as const);
    outbox = withOwner(laptop.account.id, (owner) =>
      createOutbox({
        owner,
        db: laptop.db,
        doors: createDoors(owner, {
          submit: createSubmit(network),
          server: () => continuity.submission,
          credentials: () => credentials,
          // Exchange is away, and nothing files in Sent what it took silently: the log alone can tell.
          openSession: async (route) =>
            route === 'primary'
              ? err(appError('network.unreachable', 'soon'))
              : openImapSession({ network, route, server: continuity.imap, credentials, log: silent }),
        }),
        identities: { mayLeaveByContinuity: () => true },
        routes: new ChosenRoutes('continuity'),
        report: () => {},
        policy: { sentCopyWaitSeconds: 0.1 },
        deliveryLog: (id) => enrolment.deliveryLog(laptop.account.id, id),
        clock,
        log: silent,
        announce: () => {},
      }),
    );
    outbox.start();
  });
  afterEach(async () => {
    await outbox.stop();
    await enrolment.stop();
    laptop.remove();
    lab.enrolment.offers.deliveryLog = true;
    lab.continuity.submission.script = 'accept';
  });

  async function write(): Promise<{ readonly id: OutgoingId; readonly messageId: InternetMessageId }> {
    const drafts = createDrafts({
      ...laptop,
      identities: { list: () => ownIdentity(laptop.account).list() },
      clock,
      random: realRandom,
      announce: () => {},
      policy: { undoSeconds: 0 },
      queued: () => outbox.poke(),
    });
    const draft = drafts.create('new', null);
    if (!draft.ok) throw new Error(draft.error.code);
    const to = [{ name: 'Clara', address: 'clara@outside.example' }];
    drafts.save(draft.value.id, {
      from: laptop.account.address,
      to,
      cc: [],
      bcc: [],
      subject: 'Offer',
      text: 'As agreed.',
    });
    const sent = await drafts.send(draft.value.id);
    if (!sent.ok) throw new Error(sent.error.code);
    const id = sent.value.outgoingId;
    const messageId = outbox.list().find((each) => each.id === id)?.internetMessageId;
    if (messageId === undefined) throw new Error('not in the outbox');
    return { id, messageId };
  }
  const isIn = (id: OutgoingId, state: OutgoingState) =>
    vi.waitFor(() => expect(findOutgoing(laptop.db, id)?.state).toBe(state), {
      timeout: 20_000,
      interval: 20,
    });
  const arrivals = (messageId: string) =>
    lab.outside.received().filter((mail) => mail.messageId === messageId);
  const asked = () => lab.enrolment.requests.filter((request) => request === 'GET deliveries').length;

  it('makes "sent" of a message whose answer was cut off, and nothing is sent again', async () => {
    lab.continuity.submission.script = 'acceptSilently';
    const { id, messageId } = await write();
    await isIn(id, 'accepted');
    expect(arrivals(messageId)).toHaveLength(1);
    expect(laptop.db.prepare('SELECT evidence FROM outgoing').pluck().get()).toBe('log');
    expect(
      laptop.db
        .prepare('SELECT attempts FROM (SELECT count(*) AS attempts FROM outgoing_attempt)')
        .pluck()
        .get(),
    ).toBe(1);
  });

  it('leaves the decision to the person where it has not seen the message, and warns of nothing after ten minutes', async () => {
    lab.continuity.submission.script = 'dropAfterData';
    const { id, messageId } = await write();
    await isIn(id, 'uncertain');
    await vi.waitFor(() =>
      expect(outbox.list()).toMatchObject([
        { deliveryLog: { outcome: 'notTaken', isSafeToSendAgain: false } },
      ]),
    );
    const before = asked();
    outbox.poke();
    ahead = 11 * 60_000;
    outbox.poke();
    await vi.waitFor(() =>
      expect(outbox.list()).toMatchObject([{ deliveryLog: { isSafeToSendAgain: true } }]),
    );
    expect(asked()).toBe(before + 1);
    expect(findOutgoing(laptop.db, id)?.state).toBe('uncertain');
    expect(arrivals(messageId)).toEqual([]);
    lab.continuity.submission.script = 'accept';
    expect(outbox.decide(id, 'sendAgain').ok).toBe(true);
    await isIn(id, 'accepted');
    expect(arrivals(messageId)).toHaveLength(1);
  });

  it('proves nothing where it does not know', async () => {
    lab.continuity.submission.script = 'dropAfterData';
    lab.enrolment.deliveryLog.isForgetful = true;
    const { id } = await write();
    await isIn(id, 'uncertain');
    await vi.waitFor(() =>
      expect(outbox.list()).toMatchObject([
        { deliveryLog: { outcome: 'unknown', isSafeToSendAgain: false } },
      ]),
    );
    lab.enrolment.deliveryLog.isForgetful = false;
  });

  it('is asked once in a day of a provider that offers none', async () => {
    lab.continuity.submission.script = 'dropAfterData';
    lab.enrolment.offers.deliveryLog = false;
    const before = asked();
    const { id } = await write();
    await isIn(id, 'uncertain');
    ahead = 60 * 60_000;
    outbox.poke();
    await isIn((await write()).id, 'uncertain');
    expect(asked()).toBe(before + 1);
    expect(outbox.list().map(({ deliveryLog }) => deliveryLog)).toEqual([null, null]);
  });
});
