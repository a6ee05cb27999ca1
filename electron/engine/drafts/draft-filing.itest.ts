import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addressOf, type Lab, startLab } from '../../../e2e/lab/lab.ts';
import type { StoredMail } from '../../../e2e/lab/mailbox.ts';
import { everydayQuirks } from '../../../e2e/lab/quirks/exchange-quirks.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { DraftId } from '../../../shared/model/ids.ts';
import type { Draft } from '../../../shared/model/outgoing.ts';
import type { Route } from '../../../shared/model/route.ts';
import type { Result } from '../../../shared/result.ts';
import { draftCopies } from '../cache/queries/draft-copy-store.ts';
import { createDrafts, type Drafts } from '../outbox/drafts.ts';
import { happen } from '../outbox/transition.ts';
import { createSyncRunner } from '../sync/sync-runner.ts';
import { mailOf } from '../testing/doomed.ts';
import { ChosenRoutes, type Laptop, openLaptop, ownIdentity, realRandom, silent } from '../testing/laptop.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import {
  draftConflicts,
  ourDraftChanges,
  type TheirDraftChange,
  theirDraftChanges,
} from './core/draft-conflicts.ts';
import { createDraftFiling, restMs } from './draft-filing.ts';
import { createDraftsElsewhere, type DraftsElsewhere } from './drafts-elsewhere.ts';

const employee = 'alice';
const patience = { timeout: 30_000, interval: 20 };

function expectOk<T>(result: Result<T, AppError>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** A laptop of the employee's, with as much of an engine as drafts need. Its time passes when it is told. */
class Desk {
  readonly laptop: Laptop = openLaptop(addressOf(employee));
  readonly routes = new ChosenRoutes('primary');
  readonly clock = new ManualClock(Date.now());
  readonly drafts: Drafts;
  readonly elsewhere: DraftsElsewhere;
  readonly #filing;
  readonly #sync;
  #sessions = 0;
  #closed = 0;

  constructor(lab: Lab) {
    const { laptop, clock } = this;
    const { exchange, continuity } = lab.accountOf(employee);
    const credentials = {
      kind: 'password',
      user: addressOf(employee),
      password: lab.passwordOf(employee),
    } as const;
    const mail = mailOf({
      databaseFile: laptop.file,
      account: laptop.account,
      authorities: lab.authorities,
      providers: { primary: { ...exchange, credentials }, continuity: { ...continuity, credentials } },
      diesAt: null,
    });
    const setup = {
      account: laptop.account,
      db: laptop.db,
      identities: ownIdentity(laptop.account),
      routes: this.routes,
      clock,
      random: realRandom,
      log: silent,
      announce: () => {},
    };
    this.#filing = createDraftFiling({
      ...setup,
      openSession: async (route: Route) => {
        this.#sessions += 1;
        const opened = await mail.openSession(route);
        if (opened.ok) void opened.value.closed.then(() => (this.#closed += 1));
        else this.#closed += 1;
        return opened;
      },
    });
    this.drafts = createDrafts({ ...setup, policy: { undoSeconds: 0 }, queued: () => {} });
    this.elsewhere = createDraftsElsewhere(setup);
    this.#sync = createSyncRunner({
      ...setup,
      isOwnAddress: (address) => address === laptop.account.address,
      openSession: mail.openSession,
      report: () => {},
      policy: {
        windowDays: 30,
        largestAttachmentMegabytes: 25,
        diskMegabytes: 0,
        leftOutFolders: [],
        pollSeconds: 1,
        lookThroughSeconds: 600,
      },
      onStored: () => {},
    });
  }

  write(text: string, subject = 'Plan'): Draft {
    return this.rewrite(expectOk(this.drafts.create('new', null)).id, text, subject);
  }

  rewrite(id: DraftId, text: string, subject = 'Plan'): Draft {
    this.clock.advance(1);
    const draft = this.drafts.list().find((one) => one.id === id) ?? { from: addressOf(employee) };
    return expectOk(
      this.drafts.save(id, {
        from: draft.from,
        to: [{ name: 'Bob', address: 'bob@x.example' }],
        cc: [],
        bcc: [{ name: '', address: 'secret@x.example' }],
        subject,
        text,
      }),
    );
  }

  /** Nothing is typed for a while, and all that comes of it is done. */
  async rests(): Promise<void> {
    this.clock.advance(restMs);
    this.#filing.wake();
    await new Promise((resolve) => setImmediate(resolve));
    await this.settled();
  }

  async settled(): Promise<void> {
    for (let before = -1; before !== this.#sessions; ) {
      before = this.#sessions;
      await vi.waitFor(() => expect(this.#sessions).toBe(this.#closed), patience);
      // What follows the end of a connection may open another one.
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** One pass over all folders, as sync makes them. */
  async syncs(): Promise<void> {
    this.clock.advance(1000);
    expectOk(await this.#sync.pass('primary'));
    this.clock.advance(1000);
  }

  texts(): readonly string[] {
    return this.drafts
      .list()
      .map(({ text }) => text)
      .toSorted();
  }

  async stop(): Promise<void> {
    await this.#filing.stop();
    await this.#sync.stop();
    this.laptop.remove();
  }
}

describe('drafts in the Drafts folder', () => {
  let lab: Lab;
  let desks: Desk[];

  beforeAll(async () => {
    lab = await startLab({ employees: [employee] });
  });
  beforeEach(() => {
    desks = [];
  });
  afterEach(async () => {
    for (const desk of desks) await desk.stop();
    for (const server of ['exchange', 'continuity'] as const)
      for (const { uid } of await inDrafts(server)) await lab[server].mailbox(employee).remove('Drafts', uid);
  });
  afterAll(() => lab.stop());

  function desk(): Desk {
    const one = new Desk(lab);
    desks.push(one);
    return one;
  }

  function inDrafts(server: 'exchange' | 'continuity' = 'exchange'): Promise<readonly StoredMail[]> {
    return lab[server].mailbox(employee).messages('Drafts');
  }
  const textsIn = async (server: 'exchange' | 'continuity' = 'exchange'): Promise<readonly string[]> =>
    (await inDrafts(server)).map(({ text }) => text.trim()).toSorted();
  const only = async (): Promise<StoredMail> => {
    const [one, ...others] = await inDrafts();
    if (one === undefined || others.length > 0) throw new Error(`${others.length + 1} drafts`);
    return one;
  };
  const raw = (text: string, id: string): Buffer =>
    Buffer.from(
      `From: ${addressOf(employee)}\r\nTo: bob@x.example\r\nSubject: Plan\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <${id}>\r\n\r\n${text}\r\n`,
    );
  /** As another program does it: another message under the same name. */
  const editElsewhere = async (text: string): Promise<void> => {
    const { uid, messageId } = await only();
    const mailbox = lab.exchange.mailbox(employee);
    await mailbox.append('Drafts', raw(text, (messageId ?? '').replace(/[<>]/g, '')), ['\\Draft', '\\Seen']);
    await mailbox.remove('Drafts', uid);
  };

  it('stand there once nothing is typed for a while, as drafts, and each version takes the place of the one before', async () => {
    const alice = desk();
    const { id } = alice.write('one');
    await alice.settled();
    expect(await textsIn()).toEqual([]);
    await alice.rests();
    const first = await only();
    expect(first.text.trim()).toBe('one');
    expect(first.flags).toContain('\\Draft');
    alice.rewrite(id, 'two');
    await alice.rests();
    const second = await only();
    expect(second.text.trim()).toBe('two');
    expect(second.uid).not.toBe(first.uid);
    await alice.rests();
    expect((await only()).uid).toBe(second.uid);
  });

  it('go from there when they are discarded', async () => {
    const alice = desk();
    const { id } = alice.write('never mind');
    await alice.rests();
    expectOk(alice.drafts.discard(id));
    await alice.rests();
    expect(await textsIn()).toEqual([]);
  });

  it('go from there once a server has taken the message, and not before', async () => {
    const alice = desk();
    const { id } = alice.write('done');
    await alice.rests();
    const { outgoingId } = expectOk(await alice.drafts.send(id));
    await alice.rests();
    expect(await textsIn()).toEqual(['done']);
    for (const kind of ['attemptStarted', 'dotNext', 'accepted'] as const)
      happen(alice.laptop.db, outgoingId, { kind }, alice.clock.now());
    await alice.rests();
    expect(await textsIn()).toEqual([]);
  });

  it('follow the route, and are once in Exchange afterwards, and nowhere else', async () => {
    const alice = desk();
    const { id } = alice.write('before');
    await alice.rests();
    alice.routes.choose('continuity');
    alice.rewrite(id, 'in the outage');
    alice.write('another');
    await alice.rests();
    expect(await textsIn('continuity')).toEqual(['another', 'in the outage']);
    expect(await textsIn()).toEqual(['before']);
    alice.routes.choose('primary');
    await alice.rests();
    expect(await textsIn()).toEqual(['another', 'in the outage']);
    expect(await textsIn('continuity')).toEqual([]);
  });

  it('are there again when the account is added anew, can be continued, and go once they are discarded', async () => {
    const before = desk();
    const { id } = before.write('half a thought');
    expectOk(
      before.drafts.attach(id, {
        fileName: 'plan.txt',
        contentType: 'text/plain',
        content: new Uint8Array(Buffer.from('the plan')),
      }),
    );
    await before.rests();
    const after = desk();
    await after.syncs();
    expect(after.drafts.list()).toEqual([]);
    const [found, ...others] = after.elsewhere.list();
    expect(others).toEqual([]);
    if (found === undefined) throw new Error('no draft');
    expect(found).toMatchObject({ subject: 'Plan', to: [{ address: 'bob@x.example' }] });
    const draft = expectOk(after.elsewhere.continue(found.messageId));
    expect(draft.text.trim()).toBe('half a thought');
    expect(draft.bcc).toEqual([{ name: '', address: 'secret@x.example' }]);
    expect(draft.attachments.map(({ fileName }) => fileName)).toEqual(['plan.txt']);
    expect(after.elsewhere.list()).toEqual([]);
    await after.rests();
    expect(await textsIn()).toEqual(['half a thought']);
    after.rewrite(draft.id, 'a whole thought');
    await after.rests();
    expect(await textsIn()).toEqual(['a whole thought']);
    await after.syncs();
    expect(after.elsewhere.list()).toEqual([]);
    expectOk(after.drafts.discard(draft.id));
    await after.rests();
    expect(await textsIn()).toEqual([]);
    // The other laptop has nothing that was not continued.
    await before.syncs();
    await before.rests();
    expect(before.drafts.list()).toEqual([]);
  });

  it('that another program began stay as they are until the draft ends', async () => {
    await lab.exchange.mailbox(employee).append('Drafts', raw('formatted', 'owa@x.example'), ['\\Draft']);
    const alice = desk();
    await alice.syncs();
    const [found] = alice.elsewhere.list();
    if (found === undefined) throw new Error('no draft');
    const draft = expectOk(alice.elsewhere.continue(found.messageId));
    alice.rewrite(draft.id, 'plain');
    await alice.rests();
    expect(await textsIn()).toEqual(['formatted', 'plain']);
    expectOk(alice.drafts.discard(draft.id));
    await alice.rests();
    expect(await textsIn()).toEqual([]);
  });

  it('that two laptops go on with at once are two, with all that was written', async () => {
    const [alice, again] = [desk(), desk()];
    const { id } = alice.write('one');
    await alice.rests();
    await again.syncs();
    const [found] = again.elsewhere.list();
    if (found === undefined) throw new Error('no draft');
    const continued = expectOk(again.elsewhere.continue(found.messageId));
    alice.rewrite(id, 'one, says the first');
    again.rewrite(continued.id, 'one, says the second');
    await Promise.all([alice.rests(), again.rests()]);
    await alice.rests();
    await again.rests();
    expect(await textsIn()).toEqual(['one, says the first', 'one, says the second']);
  });

  it('are put there once, though the answer to an APPEND was lost', async () => {
    const alice = desk();
    const draft = alice.write('once');
    await alice.rests();
    const [copy] = draftCopies(alice.laptop.db, alice.laptop.account.id);
    alice.laptop.db
      .prepare('UPDATE draft_copy SET uid = NULL, uid_validity = NULL WHERE id = ?')
      .run(copy?.id);
    await alice.rests();
    expect(await textsIn()).toEqual(['once']);
    alice.rewrite(draft.id, 'twice');
    await alice.rests();
    expect(await textsIn()).toEqual(['twice']);
  });

  const rows = ourDraftChanges.flatMap((ours) =>
    theirDraftChanges.map((theirs) => ({ ours, theirs, ruling: draftConflicts[ours][theirs] })),
  );
  it.each(rows)('$ours here, $theirs there: $ruling', async ({ ours, theirs, ruling }) => {
    const alice = desk();
    const { id } = alice.write('one');
    await alice.rests();
    await alice.syncs();
    await happensThere(theirs);
    if (ours === 'edited') alice.rewrite(id, 'ours');
    if (ours === 'ended') expectOk(alice.drafts.discard(id));
    await alice.syncs();
    await alice.rests();
    await alice.rests();
    const theirText = { nothing: ['one'], edited: ['theirs'], gone: [], lost: [] }[theirs];
    const expected: Readonly<Record<typeof ruling, readonly string[]>> = {
      nothing: ['one'],
      replace: ['ours'],
      keepBoth: ours === 'edited' ? ['ours', 'theirs'] : theirText,
      putAgain: [ours === 'edited' ? 'ours' : 'one'],
      takeTheirs: theirText,
      remove: [],
      forget: [],
    };
    expect(await textsIn()).toEqual(expected[ruling]);
    const isHere = ours !== 'ended' && ruling !== 'takeTheirs';
    expect(alice.texts()).toEqual(isHere ? [ours === 'edited' ? 'ours' : 'one'] : []);
    await alice.syncs();
    expect(alice.elsewhere.list().map(({ snippet }) => snippet)).toEqual(
      theirs === 'edited' ? ['theirs'] : [],
    );
  });

  async function happensThere(theirs: TheirDraftChange): Promise<void> {
    const mailbox = lab.exchange.mailbox(employee);
    if (theirs === 'edited') await editElsewhere('theirs');
    if (theirs === 'gone') await mailbox.remove('Drafts', (await only()).uid);
    if (theirs === 'lost') await makeAnew('Drafts');
  }

  /** As after a mailbox was restored: the same name, another UIDVALIDITY, and nothing in it. */
  async function makeAnew(folder: string): Promise<void> {
    const { port, user, password, authority } = lab.exchange.mailbox(employee).access;
    const client = new ImapFlow({
      host: 'localhost',
      port,
      secure: true,
      tls: { ca: authority },
      auth: { user, pass: password },
      logger: false,
    });
    await client.connect();
    await client.mailboxDelete(folder);
    await client.mailboxCreate(folder);
    await client.logout();
  }

  it('come back when somebody goes on typing in one that others have replaced', async () => {
    const alice = desk();
    const { id } = alice.write('one');
    await alice.rests();
    await alice.syncs();
    await editElsewhere('theirs');
    await alice.syncs();
    await alice.rests();
    expect(alice.texts()).toEqual([]);
    alice.rewrite(id, 'one and more');
    expect(alice.texts()).toEqual(['one and more']);
    await alice.rests();
    expect(await textsIn()).toEqual(['one and more', 'theirs']);
  });

  describe('with the manners of Exchange', () => {
    beforeAll(async () => {
      await lab.stop();
      lab = await startLab({ employees: [employee], quirks: everydayQuirks });
    });

    it('are drafts, and one, all the same', { retry: 0 }, async () => {
      const alice = desk();
      const { id } = alice.write('one');
      await vi.waitFor(async () => {
        await alice.rests();
        expect(await textsIn()).toEqual(['one']);
      }, patience);
      alice.rewrite(id, 'two');
      await vi.waitFor(async () => {
        alice.clock.advance(900_000);
        await alice.rests();
        expect(await textsIn()).toEqual(['two']);
      }, patience);
      expect((await only()).flags).toContain('\\Draft');
    });
  });
});
