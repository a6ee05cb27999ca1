import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../../electron/engine/cache/database.ts';
import { ledgerLines } from '../../../electron/engine/cache/queries/ledger-store.ts';
import { followChain, readLine } from '../../../electron/engine/ledger/chain.ts';
import type { Clock } from '../../../electron/engine/ports.ts';
import {
  type EngineProcess,
  type EngineProcessPool,
  valueIn,
} from '../../../electron/engine/proof/testing/engine-process.ts';
import { openTestDatabase } from '../../../electron/engine/testing/laptop.ts';
import type { ConversationSummary } from '../../../shared/model/conversation.ts';
import type { AccountId, OutgoingId } from '../../../shared/model/ids.ts';
import type { OutgoingDecision, OutgoingState } from '../../../shared/model/outgoing.ts';
import type { Policy } from '../../../shared/policy/settings.ts';
import type { LedgerFact, Person, Shown } from './oracle.ts';

export interface LaptopSetup {
  readonly name: string;
  readonly owner: Person;
  readonly policy: Policy;
  readonly pool: EngineProcessPool;
  readonly clock: Clock;
  /** How much faster than in truth it passes. */
  readonly factor: number;
  /** Those of a person who has signed in just now. */
  readonly secrets: () => Readonly<Record<string, string>>;
  /** The name of a mail by its subject; null: it is none of this story. */
  readonly nameOf: (subject: string) => string | null;
  readonly subjectOf: (name: string) => string;
}

interface Letter {
  readonly name: string;
  readonly to: readonly string[];
  /** The mail that it answers. */
  readonly answers: string | null;
}

/** A laptop of a person, whose engine may die, sleep, jump in time, and be without room on its disk. */
export class StoryLaptop {
  readonly name: string;
  readonly owner: Person;
  /** Where its engines died by themselves, in words. */
  readonly deaths: string[] = [];
  /** In words: engines that ended without having been killed, which none may. */
  readonly crashes: string[] = [];
  kills = 0;
  readonly #setup: LaptopSetup;
  readonly #folder = mkdtempSync(join(tmpdir(), 'relevo-story-'));
  readonly #unfinished: Letter[] = [];
  #engine: EngineProcess | null = null;
  #wasStarted = false;
  #isRemoved = false;
  #jumped = 0;
  #isFull = false;
  #log: string[] = [];

  constructor(setup: LaptopSetup) {
    this.#setup = setup;
    this.name = setup.name;
    this.owner = setup.owner;
  }

  get wasStarted(): boolean {
    return this.#wasStarted;
  }

  /** The engine, which is started again as main would where it has died. */
  async alive(diesAt: number | null = null): Promise<EngineProcess> {
    if (this.#isRemoved) throw new Error(`${this.name} is gone`);
    if (this.#engine?.isDead === true) this.#bury();
    if (this.#engine !== null) return this.#engine;
    if (this.crashes.length > 2) throw new Error(this.crashes.join(' '));
    const engine = this.#setup.pool.take();
    this.#engine = engine;
    this.#wasStarted = true;
    await engine.begin({
      databaseFile: join(this.#folder, 'mail.db'),
      policy: this.#setup.policy,
      secrets: this.#setup.secrets(),
      clock: { factor: this.#setup.factor, start: this.#setup.clock.now() + this.#jumped },
      diesAt,
    });
    if (this.#isFull) await engine.disk(true);
    return engine;
  }

  /** Those letters that a death interrupted: the person looks, and sends what is not on its way. */
  async finishLetters(): Promise<void> {
    for (const letter of this.#unfinished.splice(0)) {
      if (!(await this.#isInOutbox(letter.name))) await this.#tryToSend(letter);
    }
  }

  async sends(letter: Letter): Promise<void> {
    await this.#tryToSend(letter);
  }

  async #tryToSend(letter: Letter): Promise<void> {
    const engine = await this.alive();
    const subject = this.#setup.subjectOf(letter.name);
    const there = valueIn(await engine.call('drafts.list', { accountId }));
    const kept = there?.find((draft) => draft.subject === subject);
    const parent = letter.answers === null ? null : await this.#conversation(letter.answers);
    const opened = parent && valueIn(await engine.call('conversations.open', { conversationId: parent.id }));
    const parentId = opened?.messages.at(-1)?.id ?? null;
    const draft =
      kept ??
      valueIn(
        await engine.call('drafts.create', {
          accountId,
          kind: parentId === null ? 'new' : 'reply',
          parentId,
        }),
      );
    const saved =
      draft &&
      valueIn(
        await engine.call('drafts.save', {
          draftId: draft.id,
          from: draft.from,
          to: letter.to.map((address) => ({ name: '', address })),
          cc: [],
          bcc: [],
          subject,
          text: `This is ${letter.name}.`,
        }),
      );
    // Null from a draft that is saved: the engine died, or the disk is full. The person comes back to it.
    const sent =
      saved === null || draft === null
        ? null
        : await engine.call('drafts.send', { draftId: draft.id, leavesAt: null });
    if (sent?.ok !== true) this.#unfinished.push(letter);
  }

  async #isInOutbox(name: string): Promise<boolean> {
    await this.alive();
    return this.read((db) => outgoingOf(db)).some(({ subject }) => this.#setup.nameOf(subject) === name);
  }

  /** In which state it is once a server has answered, or the time is over; null: there is none. */
  async settles(name: string, patienceMs: number): Promise<OutgoingState | null> {
    const stateOf = (): OutgoingState | null =>
      this.read((db) => outgoingOf(db)).find(({ subject }) => this.#setup.nameOf(subject) === name)?.state ??
      null;
    await this.until(async (engine) => {
      const state = stateOf();
      if (state !== null && settledStates.includes(state)) return true;
      await engine.work(1, 100);
      return false;
    }, patienceMs);
    return stateOf();
  }

  /** Null: there was nothing to decide. */
  async decides(
    name: string,
    decision: OutgoingDecision,
  ): Promise<{ readonly was: OutgoingState; readonly isDone: boolean } | null> {
    const engine = await this.alive();
    const mail = this.read((db) => outgoingOf(db)).find(
      ({ subject }) => this.#setup.nameOf(subject) === name,
    );
    if (mail === undefined || (mail.state !== 'uncertain' && mail.state !== 'rejected')) return null;
    const done = await engine.call('outbox.decide', { outgoingId: mail.id, decision });
    return { was: mail.state, isDone: done?.ok === true };
  }

  /** What became of it: null, it was not done or could not be. True: this mail alone was concerned. */
  async acts(act: Act, mail: string): Promise<boolean | null> {
    const engine = await this.alive();
    const conversation = await this.#conversation(mail);
    if (conversation === null) return null;
    const conversationId = conversation.id;
    const done =
      act === 'read'
        ? await engine.call('conversations.markSeen', { conversationId })
        : act === 'flag'
          ? await engine.call('conversations.setFlagged', { conversationId, isFlagged: true })
          : act === 'archive'
            ? await engine.call('conversations.archive', { conversationId })
            : await engine.call('conversations.delete', { conversationId });
    const hadNothingToDo = done?.ok === true && done.value !== null && done.value.actionId === null;
    return done?.ok === true && !hadNothingToDo ? conversation.messageCount === 1 : null;
  }

  async sees(mail: string): Promise<boolean> {
    const conversation = await this.#conversation(mail);
    // Without anything to wait for, asking at once again would be all that the engine does.
    if (conversation === null) await (await this.alive()).work(1, 50);
    return conversation !== null;
  }

  async #conversation(mail: string): Promise<ConversationSummary | null> {
    const engine = await this.alive();
    const page = valueIn(
      await engine.call('conversations.list', { accountId, view: 'all', offset: 0, limit: 200 }),
    );
    return page?.items.find(({ topic }) => this.#setup.nameOf(topic) === mail) ?? null;
  }

  async kill(): Promise<void> {
    const engine = this.#engine;
    if (engine === null || engine.isDead) return;
    engine.kill();
    await engine.ended;
  }

  /** Asks until it is so, of one engine after the other where they die. False: it was not so within this time. */
  async until(
    is: (engine: EngineProcess, leftMs: number) => Promise<boolean | null>,
    patienceMs: number,
  ): Promise<boolean> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const engine = await this.alive();
      await this.finishLetters();
      const answered = await is(engine, Math.max(0, deadline - performance.now()));
      if (answered === true) return true;
      if (performance.now() >= deadline) return false;
    }
  }

  freeze(): void {
    this.#engine?.freeze();
  }
  async wake(): Promise<void> {
    this.#engine?.thaw();
    await this.#engine?.woke();
  }
  async jump(ms: number): Promise<void> {
    const engine = await this.alive();
    this.#jumped += ms;
    await engine.jump(ms);
  }
  async disk(isFull: boolean): Promise<void> {
    this.#isFull = isFull;
    if (this.#engine?.isDead === false) await this.#engine.disk(isFull);
  }

  /** Whether an outage is open here: what the provider has then is carried over. */
  get isInOutage(): boolean {
    return (
      this.wasStarted &&
      this.read((db) => db.prepare('SELECT 1 FROM outage WHERE ended_at IS NULL').get() !== undefined)
    );
  }

  read<T>(ask: (db: Database) => T): T {
    const db = openTestDatabase(join(this.#folder, 'mail.db'));
    try {
      return ask(db);
    } finally {
      db.close();
    }
  }

  /** Null: at rest within this time. */
  async rest(patienceMs: number): Promise<string | null> {
    let left: string | null = null;
    await this.until(async (engine, leftMs) => {
      const told = await engine.rest(leftMs);
      left = told === undefined ? 'it is dead' : told;
      return left === null && this.#unfinished.length === 0;
    }, patienceMs);
    return left ?? (this.#unfinished.length > 0 ? 'a letter is not finished' : null);
  }

  shown(left: string | null): Shown {
    const { nameOf } = this.#setup;
    return this.read((db) => ({
      owner: this.owner,
      laptop: this.name,
      left,
      outgoing: outgoingOf(db).flatMap(({ subject, dotLeft, ...one }) => {
        const name = nameOf(subject);
        return name === null ? [] : [{ ...one, name, dotLeft: dotLeft === 1 }];
      }),
      drafts: db
        .prepare<[], string>('SELECT subject FROM draft')
        .pluck()
        .all()
        .flatMap((subject) => nameOf(subject) ?? []),
      ledger: ledgerOf(db, accountId, nameOf),
      chain: chainFault(ledgerLines(db, accountId)),
    }));
  }

  /** What its engines said, for a story that went wrong. */
  get log(): readonly string[] {
    return [...this.#log, ...(this.#engine?.log ?? [])];
  }

  async remove(): Promise<void> {
    this.#isRemoved = true;
    if (this.#engine !== null) {
      this.#engine.kill();
      await this.#engine.ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #bury(): void {
    const log = this.#engine?.log ?? [];
    const end = this.#engine?.end ?? null;
    if (end !== 'SIGKILL') this.crashes.push(`${this.name} ended by itself (${end}).`);
    this.#log.push(...log, '--- it is dead ---');
    this.deaths.push(log.findLast((line) => line.startsWith('dies ')) ?? 'killed');
    this.kills += 1;
    this.#engine = null;
  }
}

const settledStates: readonly OutgoingState[] = ['uncertain', 'rejected', 'accepted', 'discarded'];

/** The only account of a laptop. */
const accountId = 1 as AccountId;

export type Act = 'read' | 'flag' | 'archive' | 'delete';

type OutgoingRow = Omit<Shown['outgoing'][number], 'name' | 'dotLeft'> & {
  readonly id: OutgoingId;
  readonly subject: string;
  readonly dotLeft: number;
};

function outgoingOf(db: Database): readonly OutgoingRow[] {
  return db
    .prepare<[], OutgoingRow>(
      `SELECT outgoing.id, message.subject, message.internet_message_id AS messageId, state,
              (SELECT route FROM outgoing_attempt WHERE outgoing_id = outgoing.id ORDER BY id DESC LIMIT 1) AS route,
              EXISTS (SELECT 1 FROM outgoing_attempt
                      WHERE outgoing_id = outgoing.id AND handed_over_at IS NOT NULL) AS dotLeft
       FROM outgoing JOIN message ON message.id = outgoing.message_id`,
    )
    .all();
}

function ledgerOf(
  db: Database,
  accountId: AccountId,
  nameOf: (subject: string) => string | null,
): readonly LedgerFact[] {
  const newest = new Map<number, string>();
  for (const written of ledgerLines(db, accountId)) {
    const line = readLine(written);
    if (line !== null && line.entry !== null && line.event !== 'changed') newest.set(line.entry, line.event);
  }
  return db
    .prepare<[], Pick<LedgerFact, 'messageId' | 'direction' | 'outcome'> & { id: number; subject: string }>(
      `SELECT journal.id, subject, internet_message_id AS messageId, direction, outcome
       FROM journal JOIN message ON message.id = journal.message_id ORDER BY journal.id`,
    )
    .all()
    .map(({ id, subject, ...fact }) => ({
      ...fact,
      name: nameOf(subject) ?? subject,
      line: newest.get(id) ?? null,
    }));
}

function chainFault(written: readonly string[]): string | null {
  const { brokenAt } = followChain(written);
  return brokenAt === null ? null : `line ${brokenAt} does not follow`;
}
