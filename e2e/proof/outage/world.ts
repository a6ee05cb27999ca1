import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineProcessPool } from '../../../electron/engine/proof/testing/engine-process.ts';
import { scaledClock } from '../../../electron/engine/sync/proof/testing/scaled-clock.ts';
import type { OutgoingDecision } from '../../../shared/model/outgoing.ts';
import { defaultPolicy } from '../../../shared/policy/resolve.ts';
import type { Policy } from '../../../shared/policy/settings.ts';
import type { Fault } from '../../lab/fault-proxy.ts';
import { addressOf, type Lab } from '../../lab/lab.ts';
import type { MailboxAccess } from '../../lab/mailbox.ts';
import { SecondClient } from '../../lab/second-client.ts';
import { witness } from '../../lab/witness.ts';
import { type Act, StoryLaptop } from './laptop.ts';
import {
  type Evidence,
  type Intended,
  judge,
  keyOf,
  type Person,
  type Received,
  type ServerMail,
  type Verdict,
} from './oracle.ts';
import { sendFromWebmail } from './webmail.ts';

/** By the laptops' clocks: at rest within this, on a busy machine too; what does not come to rest then, does not. */
const restMs = 40 * 60_000;
/** Laptops that are at rest see to what stands in Exchange twice when they next look: once a minute, by their clock. */
const settlingMs = 15 * 60_000;

/** For a clock that is `factor` times as fast. What waits for real servers waits a real while. */
const storyPolicy = {
  'failover.probeSeconds': 8,
  'failover.deadlineSeconds': 30,
  'failover.holdDownSeconds': 1,
  'failover.spreadSeconds': 0,
  'reconcile.handoverWaitSeconds': 30,
  'sending.undoSeconds': 0,
  'sending.sentCopyWaitSeconds': 9,
  'sync.pollSeconds': 30,
  'sync.lookThroughSeconds': 300,
  'bulletins.urls': [],
};

const clara = 'clara@outside.example';

/** How Exchange is away: all of it, or by one of its two doors. */
export type Absence = { readonly fault: Fault; readonly door: 'all' | 'imap' | 'submission' };

/**
 * Everything that happens in one outage, and what anybody saw of it. Whatever is done here is done by persons, servers and
 * accidents; what the engines make of it is judged in the end.
 */
export class Story {
  readonly lab: Lab;
  /** What happened to connections, disks, clocks and engines, by kind. */
  readonly accidents = new Map<string, number>();
  readonly #employees: Readonly<Record<Person, string>>;
  readonly #number: number;
  readonly #pool: EngineProcessPool;
  readonly #clock: ReturnType<typeof scaledClock>;
  readonly #factor: number;
  readonly #policy: Partial<Policy>;
  readonly #laptops = new Map<string, StoryLaptop>();
  readonly #intended: Intended[] = [];
  readonly #received: (Received & { readonly isKept: boolean })[] = [];
  readonly #mailNames: { readonly name: string; readonly of: readonly Person[] }[] = [];
  readonly #carriable = new Set<string>();
  readonly #places = new Map<string, string>();
  readonly #flags = new Map<string, { flag: string; isSet: boolean }[]>();
  /** Who has done something to a mail: by name and person. */
  readonly #hands = new Map<string, Set<string>>();
  #mails = 0;
  #isExchangeAway = false;
  #firstArrival: number;

  constructor(
    lab: Lab,
    pool: EngineProcessPool,
    employees: Readonly<Record<Person, string>>,
    number: number,
    policy: Partial<Policy>,
    factor: number,
  ) {
    this.#factor = factor;
    this.#clock = scaledClock(factor);
    this.lab = lab;
    this.#pool = pool;
    this.#employees = employees;
    this.#number = number;
    this.#policy = policy;
    this.#firstArrival = lab.outside.received().length;
    lab.gateway.mode = 'outage-only';
    lab.gateway.handsOver = true;
    lab.savesSentItself = true;
    this.#scripts('accept');
  }

  // --- people ---

  /** A laptop by its name, e.g. "Anna’s second laptop". */
  laptop(owner: Person, name: string): StoryLaptop {
    const known = this.#laptops.get(name);
    if (known !== undefined) return known;
    const employee = this.#employees[owner];
    const address = addressOf(employee);
    const { policyFile } = this.lab.policyFor(employee);
    const laptop = new StoryLaptop({
      name,
      owner,
      pool: this.#pool,
      clock: this.#clock,
      factor: this.#factor,
      policy: {
        ...defaultPolicy,
        ...(JSON.parse(readFileSync(policyFile, 'utf8')) as Partial<Policy>),
        ...storyPolicy,
        ...this.#policy,
      },
      secrets: () => ({
        [`exchange:${address}`]: this.lab.issuer.grant(address),
        [`continuity:${address}`]: this.lab.passwordOf(employee),
      }),
      nameOf: (subject) => this.#nameOf(subject),
      subjectOf: (mail) => this.#subjectOf(mail),
    });
    this.#laptops.set(name, laptop);
    return laptop;
  }

  get laptops(): readonly StoryLaptop[] {
    return [...this.#laptops.values()];
  }

  /** Clara writes to people of the company. Yields the name of her mail. */
  async claraWrites(to: readonly Person[]): Promise<string> {
    const name = this.#newMail(to);
    await this.lab.outside.sends({
      to: to.map((person) => this.#employees[person]),
      subject: this.#subjectOf(name),
      text: `This is ${name}.`,
    });
    for (const person of to) this.#received.push({ name, to: person, isKept: this.#isKept() });
    return name;
  }

  async writes(
    laptop: StoryLaptop,
    to: readonly ('Clara' | Person)[],
    answers: string | null,
  ): Promise<string> {
    const name = this.#newMail([laptop.owner, ...to.filter((one) => one !== 'Clara')]);
    this.#intends(name, laptop.owner, to, 'laptop');
    await laptop.sends({ name, to: to.map((one) => this.#address(one)), answers });
    return name;
  }

  /** What the person makes of one that is uncertain, or refused. False: it is neither, or the engine died of it. */
  async decides(laptop: StoryLaptop, name: string, decision: OutgoingDecision): Promise<boolean> {
    const decided = await laptop.decides(name, decision);
    const index = this.#intended.findIndex((one) => one.name === name);
    const mail = this.#intended[index];
    // What was refused, nobody has: to send it again doubles nothing.
    if (decided?.was === 'uncertain' && mail !== undefined)
      this.#intended[index] = {
        ...mail,
        sentAgain: mail.sentAgain + Number(decision === 'sendAgain'),
        inDoubt: decision === 'treatAsSent' ? 'believed' : decision === 'discard' ? 'givenUp' : mail.inDoubt,
      };
    return decided?.isDone === true;
  }

  /** In the provider's webmail, which files what it sends itself. */
  async writesInWebmail(from: Person, to: readonly ('Clara' | Person)[]): Promise<string> {
    const name = this.#newMail([from, ...to.filter((one) => one !== 'Clara')]);
    const mailbox = this.lab.continuity.mailbox(this.#employees[from]);
    const subject = this.#subjectOf(name);
    // It is in the provider's house, where nothing is cut off.
    const { submission } = this.lab.continuity;
    const { script } = submission;
    submission.script = 'accept';
    const source = await sendFromWebmail(mailbox.access, submission.port, {
      to: to.map((one) => this.#address(one)),
      subject,
      text: `This is ${name}.`,
      messageId: `<${name.replace(' ', '-')}.${this.#number}.${Date.now()}@webmail.example>`,
    });
    submission.script = script;
    this.#intends(name, from, to, 'webmail');
    await this.#inProvider(from, (client) => client.append('Sent', source, ['\\Seen'], new Date()));
    return name;
  }

  async readsInWebmail(person: Person): Promise<void> {
    await this.#inProvider(person, async (client) => {
      for (const { uid, subject } of await client.messages('INBOX')) {
        const name = this.#nameOf(subject);
        if (name === null) continue;
        this.#handles(name, person, 'webmail');
        await client.flag('INBOX', uid, '\\Seen', true);
      }
    });
  }

  async acts(laptop: StoryLaptop, act: Act, mail: string): Promise<boolean> {
    const isAlone = await laptop.acts(act, mail);
    if (isAlone === null) return false;
    const key = this.#handles(mail, laptop.owner, laptop.name);
    if (!isAlone || (this.#hands.get(key)?.size ?? 0) > 1) {
      this.#places.delete(key);
      this.#flags.delete(key);
    } else if (act === 'archive' || act === 'delete') {
      this.#places.set(key, act === 'archive' ? 'Archive' : 'Deleted Items');
    } else {
      const flag = act === 'read' ? '\\Seen' : '\\Flagged';
      const others = (this.#flags.get(key) ?? []).filter((one) => one.flag !== flag);
      this.#flags.set(key, [...others, { flag, isSet: true }]);
    }
    return true;
  }

  /** Mails in a person's mailbox, oldest first. */
  mailsOf(person: Person): readonly string[] {
    return this.#mailNames.filter(({ of }) => of.includes(person)).map(({ name }) => name);
  }

  // --- servers ---

  /** Laptops that are awake notice it, before anything else happens. */
  async exchangeGoes({ fault, door }: Absence): Promise<void> {
    const { exchange } = this.lab;
    this.#isExchangeAway = true;
    this.accident(`Exchange: ${door === 'all' ? '' : `${door} `}${nameOfFault(fault)}`);
    if (door === 'all') await exchange.fault(fault);
    else await (door === 'imap' ? exchange.imap : exchange.submissionPort).fault(fault);
  }

  /** It went in another story of the same lab. */
  alsoWithoutExchange(): void {
    this.#isExchangeAway = true;
  }

  async exchangeReturns(): Promise<void> {
    this.#noteWhatCanBeCarried();
    this.#isExchangeAway = false;
    await this.lab.exchange.comesBack();
  }

  gateway(isHandingOver: boolean): void {
    this.lab.gateway.handsOver = isHandingOver;
  }

  async provider(fault: Fault): Promise<void> {
    if (fault !== 'none') this.accident(`provider: ${nameOfFault(fault)}`);
    await this.lab.continuity.fault(fault);
  }

  async network(isUp: boolean): Promise<void> {
    if (!isUp) this.accident('network gone');
    await (isUp ? this.lab.laptop.network.up() : this.lab.laptop.network.down());
  }

  submission(
    script: 'accept' | 'acceptSilently' | 'dropAfterData' | 'dropDuringData' | 'busy' | 'refuse',
  ): void {
    if (script !== 'accept') this.accident(`submission: ${script}`);
    const codes = { busy: 451, refuse: 550 } as const;
    this.#scripts(
      script === 'busy' || script === 'refuse' ? { refuse: 'recipient', code: codes[script] } : script,
    );
  }

  accident(kind: string): void {
    this.accidents.set(kind, (this.accidents.get(kind) ?? 0) + 1);
  }

  // --- the end ---

  /** Everything that was broken is well, everybody comes back, and the oracle judges. */
  async end(): Promise<Verdict> {
    await this.network(true);
    await this.provider('none');
    this.#scripts('accept');
    const started = this.laptops.filter(({ wasStarted }) => wasStarted);
    for (const laptop of started) {
      await laptop.wake();
      await laptop.disk(false);
      await laptop.alive();
    }
    await this.exchangeReturns();
    if (this.lab.gateway.mode === 'maintenance') await this.lab.gateway.release();
    if (this.lab.gateway.handsOver) await this.#handedOver();
    const deadline = performance.now() + settlingMs / this.#factor;
    for (;;) {
      const left = await this.#rest(started);
      const shown = started.map((laptop, index) => laptop.shown(left[index] ?? null));
      const verdict = judge(await this.#evidence(shown));
      const violations = [...started.flatMap(({ crashes }) => crashes), ...verdict.violations];
      if (violations.length === 0 || performance.now() > deadline) return { ...verdict, violations };
      // What another program or the gateway still does announces itself to nobody.
      await pause(1000);
    }
  }

  /** Twice, since what one laptop does last may give another something to do. */
  async #rest(started: readonly StoryLaptop[]): Promise<readonly (string | null)[]> {
    await Promise.all(started.map((laptop) => laptop.rest(restMs / this.#factor)));
    return Promise.all(started.map((laptop) => laptop.rest(restMs / this.#factor)));
  }

  /** The gateway knows no event of its own; it tries twice a second. */
  async #handedOver(): Promise<void> {
    const deadline = performance.now() + restMs / this.#factor;
    while (this.lab.gateway.waiting > 0 && performance.now() < deadline) await pause(50);
  }

  async #evidence(laptops: Evidence['laptops']): Promise<Evidence> {
    const mailbox = async (access: MailboxAccess): Promise<readonly ServerMail[]> =>
      (await witness(access)).flatMap(({ folder, flags, source }) => {
        const header = source.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '';
        const field = (name: string): string =>
          new RegExp(`^${name}:[ \t]*(.*?)\r?$`, 'im').exec(header.replace(/\r?\n[ \t]+/g, ' '))?.[1] ?? '';
        const name = this.#nameOf(field('Subject'));
        const messageId = field('Message-ID').replace(/^<|>$/g, '');
        return name === null || folder === 'Drafts' ? [] : [{ folder, flags, name, messageId }];
      });
    const mailsOf = async (provider: 'exchange' | 'continuity', person: Person) =>
      this.mailsOf(person).length === 0
        ? []
        : mailbox(this.lab[provider].mailbox(this.#employees[person]).access);
    const both = async (provider: 'exchange' | 'continuity') => ({
      Anna: await mailsOf(provider, 'Anna'),
      Ben: await mailsOf(provider, 'Ben'),
    });
    const [exchange, continuity] = [await both('exchange'), await both('continuity')];
    const kills = this.laptops.reduce((sum, laptop) => sum + laptop.kills, 0);
    return {
      intended: this.#intended,
      received: this.#received,
      arrivals: this.lab.outside
        .received()
        .slice(this.#firstArrival)
        .flatMap(({ subject, envelopeTo }) => {
          const name = this.#nameOf(subject);
          return name === null ? [] : envelopeTo.map((to) => ({ name, to }));
        }),
      exchange,
      continuity,
      laptops,
      unreachable: this.#unreachable(),
      cuts: kills + [...this.accidents.values()].reduce((sum, count) => sum + count, 0),
      places: this.#places,
      flags: this.#flags,
    };
  }

  async remove(): Promise<void> {
    await Promise.all(this.laptops.map((laptop) => laptop.remove()));
    await this.network(true);
    await this.lab.continuity.comesBack();
    await this.lab.exchange.comesBack();
    if (this.lab.gateway.mode === 'maintenance') await this.lab.gateway.release();
  }

  // --- what is known ---

  #newMail(of: readonly Person[]): string {
    this.#mails += 1;
    const name = `mail ${this.#mails}`;
    this.#mailNames.push({ name, of });
    return name;
  }

  #intends(name: string, from: Person, to: readonly ('Clara' | Person)[], by: Intended['by']): void {
    this.#intended.push({
      name,
      from,
      to: to.map((one) => (one === 'Clara' ? clara : one)),
      by,
      sentAgain: 0,
      inDoubt: null,
    });
  }

  #address(one: 'Clara' | Person): string {
    return one === 'Clara' ? clara : addressOf(this.#employees[one]);
  }

  /** Whether a mail that comes now stays with the provider, unless a laptop brings it. */
  #isKept(): boolean {
    return this.#isExchangeAway;
  }

  #noteWhatCanBeCarried(): void {
    for (const laptop of this.laptops)
      if (laptop.isInOutage)
        for (const name of this.mailsOf(laptop.owner)) this.#carriable.add(keyOf(name, laptop.owner));
  }

  #unreachable(): ReadonlySet<string> {
    const isBrought = this.lab.gateway.handsOver && this.lab.gateway.mode !== 'always';
    const kept = isBrought ? [] : this.#received.filter(({ isKept }) => isKept);
    const internal = isBrought
      ? []
      : this.#intended.flatMap(({ name, to }) =>
          to.flatMap((one) => (one === 'Anna' || one === 'Ben' ? [keyOf(name, one)] : [])),
        );
    const byWebmail = this.#intended.flatMap(({ name, from, by }) =>
      by === 'webmail' ? [keyOf(name, from)] : [],
    );
    const all = [...kept.map(({ name, to }) => keyOf(name, to)), ...internal, ...byWebmail];
    return new Set(all.filter((key) => !this.#carriable.has(key)));
  }

  #handles(name: string, person: Person, hand: string): string {
    const key = keyOf(name, person);
    const hands = this.#hands.get(key) ?? new Set();
    this.#hands.set(key, hands.add(hand));
    return key;
  }

  async #inProvider(person: Person, work: (client: SecondClient) => Promise<void>): Promise<void> {
    const client = await SecondClient.open(this.lab.continuity.mailbox(this.#employees[person]).access);
    try {
      await work(client);
    } finally {
      await client.close();
    }
  }

  #scripts(script: Lab['exchange']['submission']['script']): void {
    this.lab.exchange.submission.script = script;
    this.lab.continuity.submission.script = script;
  }

  #subjectOf(name: string): string {
    return `${name} of story ${this.#number}`;
  }

  #nameOf(subject: string): string | null {
    const [, name, number] = /(mail \d+) of story (\d+)$/.exec(subject) ?? [];
    return name !== undefined && Number(number) === this.#number ? name : null;
  }
}

const nameOfFault = (fault: Fault): string =>
  typeof fault === 'string' ? fault : (Object.keys(fault)[0] ?? '');
