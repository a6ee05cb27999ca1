import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import type { InternetMessageId, OutgoingId } from '../../../shared/model/ids.ts';
import type { OutgoingState } from '../../../shared/model/outgoing.ts';
import type { Route } from '../../../shared/model/route.ts';
import { ok } from '../../../shared/result.ts';
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
import { createDrafts, type Drafts } from './drafts.ts';
import { createOutbox, type Outbox } from './outbox-runner.ts';

/** Every pause is over in a hundredth of its time. */
const hasty: Clock = {
  now: () => Date.now() * 100,
  after: (ms, run) => realClock.after(ms / 100, run),
};

describe('sending', () => {
  let lab: Lab;
  let network: Network;
  let employee: string;
  let laptop: Laptop;
  let routes: ChosenRoutes;
  let outbox: Outbox;
  let drafts: Drafts;
  let submissionPorts: Partial<Record<Route, number>>;
  const employees = Array.from({ length: 20 }, (_, index) => `anna${index}`);
  let tests = 0;
  let accessToken: string;

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
    submissionPorts = {};
    accessToken = await lab.issuer.accessTokenFor(addressOf(employee));
    open(realClock, 0);
  });
  afterEach(async () => {
    await outbox.stop();
    for (const provider of [lab.exchange, lab.continuity]) {
      provider.submission.script = 'accept';
      await provider.comesBack();
    }
    laptop.remove();
  });

  /** The outbox as a start of the app makes it. */
  function open(clock: Clock, undoSeconds: number): void {
    const user = addressOf(employee);
    const { exchange, continuity } = lab.accountOf(employee);
    const settings = { primary: exchange, continuity };
    const shown: Readonly<Record<Route, Credentials>> = {
      primary: { kind: 'accessToken', user, accessToken },
      continuity: { kind: 'password', user, password: lab.passwordOf(employee) },
    };
    const identities = ownIdentity(laptop.account);
    outbox = withOwner(laptop.account.id, (owner) =>
      createOutbox({
        owner,
        db: laptop.db,
        doors: createDoors(owner, {
          submit: createSubmit(network),
          server: (route) => ({
            ...settings[route].submission,
            port: submissionPorts[route] ?? settings[route].submission.port,
          }),
          credentials: (route) => async () => ok(shown[route]),
          openSession: (route) =>
            openImapSession({
              network,
              route,
              server: settings[route].imap,
              credentials: async () => ok(shown[route]),
              log: silent,
            }),
        }),
        identities,
        routes,
        report: () => {},
        policy: { sentCopyWaitSeconds: 0.2 },
        clock,
        log: silent,
        announce: () => {},
      }),
    );
    drafts = createDrafts({
      ...laptop,
      identities,
      clock,
      random: realRandom,
      announce: () => {},
      policy: { undoSeconds },
      queued: () => outbox.poke(),
    });
  }

  async function send(
    to: readonly string[] = ['clara@outside.example'],
    leavesAt: number | null = null,
  ): Promise<OutgoingId> {
    const draft = drafts.create('new', null);
    if (!draft.ok) throw new Error(draft.error.code);
    const people = to.map((address) => ({ name: '', address }));
    drafts.save(draft.value.id, { ...draft.value, to: people, subject: 'Offer', text: 'Hello' });
    const sent = await drafts.send(draft.value.id, leavesAt);
    if (!sent.ok) throw new Error(sent.error.code);
    return sent.value.outgoingId;
  }

  const stateOf = (id: OutgoingId) =>
    laptop.db.prepare<[OutgoingId], OutgoingState>('SELECT state FROM outgoing WHERE id = ?').pluck().get(id);
  const messageIdOf = (id: OutgoingId) =>
    laptop.db
      .prepare<[OutgoingId], InternetMessageId>(
        'SELECT internet_message_id FROM message JOIN outgoing ON outgoing.message_id = message.id WHERE outgoing.id = ?',
      )
      .pluck()
      .get(id);
  const isIn = (id: OutgoingId, ...states: readonly OutgoingState[]) =>
    vi.waitFor(() => expect(states).toContain(stateOf(id)), { timeout: 30_000, interval: 10 });
  const arrivals = (id: OutgoingId) =>
    lab.outside.received().filter(({ messageId }) => messageId === messageIdOf(id));

  describe('what is held', () => {
    it('leaves by itself when its time is over, and not before', async () => {
      open(realClock, 1);
      outbox.start();
      routes.choose('continuity');
      const before = Date.now();
      const id = await send();
      expect(outbox.list()).toMatchObject([{ state: 'held', reason: 'undo', canTakeBack: true }]);
      await isIn(id, 'accepted');
      expect(Date.now() - before).toBeGreaterThanOrEqual(1_000);
      expect(arrivals(id)).toHaveLength(1);
    });

    it('is still held after a restart, can be taken back then, and never leaves', async () => {
      open(realClock, 2);
      outbox.start();
      routes.choose('continuity');
      const [gone, goes] = [await send(), await send()];
      await outbox.stop();
      open(realClock, 2);
      outbox.start();
      expect(stateOf(gone)).toBe('held');
      expect(drafts.takeBack(gone)).toMatchObject({ ok: true, value: { text: 'Hello' } });
      await isIn(goes, 'accepted');
      expect([arrivals(gone).length, arrivals(goes).length]).toEqual([0, 1]);
    });

    it('until a chosen hour leaves then, or at once when the person says so', async () => {
      outbox.start();
      routes.choose('continuity');
      const hour = Date.now() + 3_600_000;
      const now = await send(undefined, hour);
      const soon = await send(undefined, Date.now() + 1_200);
      expect(outbox.list()).toMatchObject([
        { reason: 'scheduled', heldUntil: hour, nextAttemptAt: hour },
        { reason: 'scheduled' },
      ]);
      await isIn(soon, 'accepted');
      expect(stateOf(now)).toBe('held');
      expect(outbox.decide(now, 'sendNow').ok).toBe(true);
      await isIn(now, 'accepted');
    });
  });

  describe('trying again', () => {
    it('needs no timer: a word of the server on the same route is enough', async () => {
      outbox.start();
      await lab.continuity.die();
      routes.choose('continuity');
      const id = await send();
      await vi.waitFor(() => expect(outbox.list()).toMatchObject([{ state: 'queued', reason: 'network' }]));
      // Without it the pause would be far longer than this test.
      laptop.db.prepare('UPDATE outgoing SET not_before = ?').run(Date.now() + 600_000);
      outbox.heardFrom('primary');
      await lab.continuity.comesBack();
      expect(stateOf(id)).toBe('queued');
      outbox.heardFrom('continuity');
      await isIn(id, 'accepted');
      expect(arrivals(id)).toHaveLength(1);
    });

    it('comes at once when the laptop wakes', async () => {
      outbox.start();
      await lab.continuity.die();
      routes.choose('continuity');
      const id = await send();
      await vi.waitFor(() => expect(outbox.list()).toMatchObject([{ reason: 'network' }]));
      laptop.db.prepare('UPDATE outgoing SET not_before = ?').run(Date.now() + 600_000);
      await lab.continuity.comesBack();
      outbox.networkCame();
      await isIn(id, 'accepted');
    });
  });

  describe('what may have been taken', () => {
    it('is known to have been when somebody answers it', async () => {
      lab.continuity.submission.script = 'acceptSilently';
      outbox.start();
      routes.choose('continuity');
      const id = await send();
      await isIn(id, 'uncertain');
      const mail = `From: clara@outside.example\nDate: ${new Date().toUTCString()}\nSubject: RE: Offer\n`;
      await laptop.receives(
        `${mail}Message-ID: <yes@outside.example>\nReferences: <${messageIdOf(id)}>\n\nYes\n`,
      );
      outbox.poke();
      await isIn(id, 'accepted');
      expect(laptop.db.prepare('SELECT evidence FROM outgoing').pluck().all()).toEqual(['reply']);
    });
  });

  it('goes to many and to oneself at once', async () => {
    outbox.start();
    routes.choose('continuity');
    const people = Array.from({ length: 20 }, (_, n) => `p${n}@outside.example`);
    const id = await send([...people, addressOf(employee)]);
    await isIn(id, 'accepted');
    expect(lab.continuity.submission.taken.at(-1)?.to).toEqual([...people, addressOf(employee)]);
    await vi.waitFor(
      async () => {
        const inboxes = [lab.exchange, lab.continuity].map((each) =>
          each.mailbox(employee).messages('INBOX'),
        );
        const own = (await Promise.all(inboxes)).flat();
        expect(own.filter(({ messageId }) => messageId === messageIdOf(id))).toHaveLength(1);
      },
      { timeout: 20_000, interval: 100 },
    );
  });

  describe.each(['primary', 'continuity'] as const)('on the route %s', (route) => {
    const provider = () => (route === 'primary' ? lab.exchange : lab.continuity);

    /** A network that breaks once, after so many bytes of the laptop's, and is whole ever after. */
    async function breakingAfter(
      bytes: number,
    ): Promise<{ port: number; sent: () => number; close: () => void }> {
      let isWhole = false;
      let sent = 0;
      const sockets = new Set<net.Socket>();
      const server = net.createServer((client) => {
        const upstream = net.connect(provider().submissionPort.port, '127.0.0.1');
        const breaks = !isWhole;
        let left = bytes;
        for (const socket of [client, upstream]) {
          sockets.add(socket);
          socket.on('error', () => {});
        }
        const end = () => {
          client.destroy();
          upstream.destroy();
        };
        client.on('close', end);
        upstream.on('close', end);
        upstream.on('data', (chunk) => client.write(chunk));
        client.on('data', (chunk: Buffer) => {
          sent += chunk.length;
          upstream.write(breaks ? chunk.subarray(0, left) : chunk);
          left -= chunk.length;
          if (!breaks || left > 0) return;
          isWhole = true;
          // What was let through arrives; nothing comes back any more.
          client.destroy();
          upstream.end();
        });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return {
        port: (server.address() as AddressInfo).port,
        sent: () => sent,
        close: () => {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      };
    }

    it('cut off anywhere, a message arrives once, or is said to be uncertain and arrives once at most', async () => {
      await outbox.stop();
      open(hasty, 0);
      outbox.start();
      const whole = await breakingAfter(Number.POSITIVE_INFINITY);
      submissionPorts[route] = whole.port;
      routes.choose(route);
      await isIn(await send(), 'accepted');
      const length = whole.sent();
      whole.close();

      const ends: Record<string, number> = {};
      const steps = 24;
      for (let step = 1; step <= steps; step += 1) {
        const breaking = await breakingAfter(Math.ceil((length * step) / steps));
        submissionPorts[route] = breaking.port;
        const id = await send();
        await isIn(id, 'accepted', 'uncertain');
        const state = stateOf(id) ?? 'queued';
        // What was found in Sent may still be on its way from there.
        if (state === 'accepted')
          await vi.waitFor(() => expect(arrivals(id).length).toBeGreaterThan(0), { timeout: 15_000 });
        expect([step, arrivals(id).length <= 1]).toEqual([step, true]);
        ends[state] = (ends[state] ?? 0) + 1;
        breaking.close();
      }
      // Only the very end of the conversation can leave it open.
      expect(ends.uncertain ?? 0).toBeLessThanOrEqual(3);
    });
  });
});
