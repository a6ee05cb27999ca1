import { setImmediate as turn } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { createDraftFiling, restMs } from '../../electron/engine/drafts/draft-filing.ts';
import {
  createDraftsElsewhere,
  type DraftsElsewhere,
} from '../../electron/engine/drafts/drafts-elsewhere.ts';
import { createDrafts, type Drafts } from '../../electron/engine/outbox/drafts.ts';
import { createSyncRunner } from '../../electron/engine/sync/sync-runner.ts';
import { mailOf } from '../../electron/engine/testing/doomed.ts';
import {
  ChosenRoutes,
  type Laptop,
  openLaptop,
  ownIdentity,
  realRandom,
  silent,
} from '../../electron/engine/testing/laptop.ts';
import { ManualClock } from '../../electron/engine/testing/manual-clock.ts';
import type { AppError } from '../../shared/errors.ts';
import type { DraftId } from '../../shared/model/ids.ts';
import type { Draft } from '../../shared/model/outgoing.ts';
import type { Route } from '../../shared/model/route.ts';
import type { Result } from '../../shared/result.ts';
import { addressOf, type Lab } from '../lab/lab.ts';
import type { StoredMail } from '../lab/mailbox.ts';

export const employee = 'alice';
export const patience = { timeout: 60_000, interval: 20 };

export function expectOk<T>(result: Result<T, AppError>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

type Server = 'exchange' | 'continuity';

/** The laptops of one test, and what others see of the drafts. */
export class Desks {
  readonly #lab: () => Lab;
  #desks: Desk[] = [];

  constructor(lab: () => Lab) {
    this.#lab = lab;
  }

  add(): Desk {
    const one = new Desk(this.#lab());
    this.#desks.push(one);
    return one;
  }

  inDrafts(server: Server = 'exchange'): Promise<readonly StoredMail[]> {
    return this.#lab()[server].mailbox(employee).messages('Drafts');
  }

  async textsIn(server: Server = 'exchange'): Promise<readonly string[]> {
    return (await this.inDrafts(server)).map(({ text }) => text.trim()).toSorted();
  }

  async only(): Promise<StoredMail> {
    const [one, ...others] = await this.inDrafts();
    if (one === undefined || others.length > 0) throw new Error(`${others.length + 1} drafts`);
    return one;
  }

  /** As another program writes a draft. */
  async write(server: Server, text: string, id: string): Promise<void> {
    const source = Buffer.from(
      `From: ${addressOf(employee)}\r\nTo: bob@x.example\r\nSubject: Plan\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <${id}>\r\n\r\n${text}\r\n`,
    );
    await this.#lab()[server].mailbox(employee).append('Drafts', source, ['\\Draft', '\\Seen']);
  }

  /** As another program edits one: another message under the same name. */
  async edit(text: string): Promise<void> {
    const { uid, messageId } = await this.only();
    await this.write('exchange', text, (messageId ?? '').replace(/[<>]/g, ''));
    await this.#lab().exchange.mailbox(employee).remove('Drafts', uid);
  }

  async clear(): Promise<void> {
    for (const desk of this.#desks.splice(0)) await desk.stop();
    for (const server of ['exchange', 'continuity'] as const)
      for (const { uid } of await this.inDrafts(server))
        await this.#lab()[server].mailbox(employee).remove('Drafts', uid);
  }
}

/** A laptop of the employee's, with as much of an engine as drafts need. Its time passes when it is told. */
export class Desk {
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
    await turn();
    await this.settled();
  }

  async settled(): Promise<void> {
    for (let before = -1; before !== this.#sessions; ) {
      before = this.#sessions;
      await vi.waitFor(() => expect(this.#sessions).toBe(this.#closed), patience);
      // What follows the end of a connection may open another one.
      for (let turns = 0; turns < 5; turns += 1) await turn();
    }
  }

  /** One pass over all folders, as sync makes them. */
  async syncs(route: Route = 'primary'): Promise<void> {
    this.clock.advance(1000);
    expectOk(await this.#sync.pass(route));
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
