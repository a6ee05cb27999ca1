import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, startEngine } from '../../electron/engine/engine.ts';
import type { Clock } from '../../electron/engine/ports.ts';
import { realClock, realRandom, silent, testKey } from '../../electron/engine/testing/laptop.ts';
import { memorySecrets } from '../../electron/engine/testing/memory-secrets.ts';
import type { AppError } from '../../shared/errors.ts';
import type { ConversationSummary } from '../../shared/model/conversation.ts';
import type { FailoverKind, FailoverStatus } from '../../shared/model/failover.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { Draft } from '../../shared/model/outgoing.ts';
import { defaultPolicy } from '../../shared/policy/resolve.ts';
import type { Policy } from '../../shared/policy/settings.ts';
import type { Result } from '../../shared/result.ts';
import { type Fault, FaultProxy } from '../lab/fault-proxy.ts';
import { addressOf, type Lab } from '../lab/lab.ts';
import { quickPolicy } from '../quick-policy.ts';

const accountId = 1 as AccountId;

/** A laptop of the lab whose engine runs in this process, with a way to Exchange of its own. */
export class LabLaptop {
  readonly #lab: Lab;
  readonly #employee: string;
  readonly #clock: Clock;
  readonly #folder = mkdtempSync(join(tmpdir(), 'relevo-lab-laptop-'));
  readonly #secrets = memorySecrets();
  readonly #waiting = new Set<() => void>();
  readonly #ways: readonly FaultProxy[];
  readonly #policy: Policy;
  #engine: Engine | null = null;

  private constructor(lab: Lab, employee: string, clock: Clock, ways: readonly FaultProxy[], policy: Policy) {
    this.#lab = lab;
    this.#employee = employee;
    this.#clock = clock;
    this.#ways = ways;
    this.#policy = policy;
  }

  static async start(
    lab: Lab,
    employee: string,
    clock: Clock = realClock,
    overrides: Partial<Policy> = {},
  ): Promise<LabLaptop> {
    const files = lab.policyFor(employee, { overrides: { ...quickPolicy, ...overrides } });
    const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
    const written = read(files.policyFile) as Partial<Policy>;
    const { secrets } = read(files.provisioningFile) as {
      readonly secrets: Readonly<Record<string, Readonly<Record<'exchange' | 'continuity', string>>>>;
    };
    const ways = await Promise.all([
      FaultProxy.before(lab.exchange.imap.port),
      FaultProxy.before(lab.exchange.submissionPort.port),
    ]);
    const { exchange, ...account } = lab.accountOf(employee);
    const behind = (server: typeof exchange.imap, way: FaultProxy) => ({ ...server, port: way.port });
    const [imap, submission] = ways;
    const policy: Policy = {
      ...defaultPolicy,
      ...written,
      accounts: [
        {
          ...account,
          exchange: {
            ...exchange,
            imap: behind(exchange.imap, imap),
            submission: behind(exchange.submission, submission),
          },
        },
      ],
    };
    const laptop = new LabLaptop(lab, employee, clock, ways, policy);
    const address = addressOf(employee);
    for (const provider of ['exchange', 'continuity'] as const)
      await laptop.#secrets.put({ address, provider }, secrets[address]?.[provider] ?? '');
    laptop.opens();
    return laptop;
  }

  /** Starts its engine, as after `shuts`. */
  opens(): void {
    const started = startEngine({
      databaseFile: join(this.#folder, 'mail.db'),
      databaseKeys: [testKey],
      policy: this.#policy,
      locale: 'en',
      isKeyStoreProtected: true,
      clock: this.#clock,
      random: realRandom,
      log: silent,
      secrets: this.#secrets,
      resolveProxy: async () => 'DIRECT',
      openBrowser: async () => ({ ok: true, value: null }),
      announce: () => {
        for (const look of [...this.#waiting]) look();
      },
      accountsChanged: () => {},
      onlyHere: () => {},
      restart: () => {},
    });
    if (!started.ok) throw new Error(started.error.code);
    this.#engine = started.value;
  }

  async shuts(): Promise<void> {
    await this.#engine?.stop();
    this.#engine = null;
  }

  async remove(): Promise<void> {
    await this.shuts();
    await Promise.all(this.#ways.map((way) => way.close()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Exchange refuses this laptop alone, whoever else it speaks to. */
  async losesExchange(): Promise<void> {
    await this.meets('refuse');
  }
  async findsExchange(): Promise<void> {
    await this.meets('none');
  }
  /** On its way to Exchange. */
  async meets(fault: Fault): Promise<void> {
    await Promise.all(this.#ways.map((way) => way.fault(fault)));
  }
  /** Bytes that have passed between it and Exchange's IMAP, both ways together. */
  get carried(): number {
    return this.#ways[0]?.bytes ?? 0;
  }
  wakes(): void {
    this.#engine?.laptopWoke();
  }

  async call<T>(method: string, input: unknown): Promise<T> {
    const answer = (await this.#engine?.call(method, input)) as Result<T, AppError> | undefined;
    if (answer?.ok !== true) throw new Error(`${method}: ${answer?.error.code ?? 'no engine'}`);
    return answer.value;
  }

  async status(): Promise<FailoverStatus> {
    const [status] = await this.call<readonly FailoverStatus[]>('failover.status', {});
    if (status === undefined) throw new Error('no account');
    return status;
  }

  async is(kind: FailoverKind): Promise<void> {
    await this.until(async () => (await this.status()).kind === kind, `${this.#employee} is not ${kind}`);
  }

  /** In how many messages of its conversations a subject has been seen here. */
  async copies(subject: string): Promise<number> {
    const page = await this.call<{ readonly items: readonly ConversationSummary[] }>('conversations.list', {
      accountId,
      view: 'all',
      offset: 0,
      limit: 200,
    });
    return page.items
      .filter(({ topic }) => topic === subject)
      .reduce((sum, { messageCount }) => sum + messageCount, 0);
  }

  async sees(subject: string, count = 1): Promise<void> {
    await this.until(
      async () => (await this.copies(subject)) === count,
      `${this.#employee} does not see ${count} of ${subject}`,
    );
  }

  async writes(to: readonly string[], subject: string): Promise<void> {
    const draft = await this.call<Draft>('drafts.create', { accountId, kind: 'new', parentId: null });
    await this.call('drafts.save', {
      draftId: draft.id,
      from: draft.from,
      to: to.map((address) => ({ name: '', address })),
      cc: [],
      bcc: [],
      subject,
      text: 'As agreed.',
    });
    await this.call('drafts.send', { draftId: draft.id, leavesAt: null });
  }

  /** Back on Exchange, with everything carried over and nothing on its way. */
  async isSettled(): Promise<void> {
    await this.until(async () => {
      const { kind } = await this.status();
      const outbox = await this.call<readonly unknown[]>('outbox.list', { accountId });
      return kind === 'primary' && outbox.length === 0;
    }, `${this.#employee} is not settled`);
  }

  /** How often a subject stands in a folder at Exchange. */
  async atExchange(folder: string, subject: string): Promise<number> {
    const mails = await this.#lab.exchange.mailbox(this.#employee).messages(folder);
    return mails.filter((mail) => mail.subject === subject).length;
  }

  /** Looks whenever the engine announces something, and now and then besides, for what others do. */
  async until(condition: () => Promise<boolean>, otherwise: string): Promise<void> {
    const deadline = performance.now() + 180_000;
    while (!(await condition())) {
      if (performance.now() > deadline)
        throw new Error(`${otherwise}: ${JSON.stringify(await this.status())}`);
      await new Promise<void>((resolve) => {
        const look = (): void => {
          this.#waiting.delete(look);
          clearTimeout(later);
          resolve();
        };
        const later = setTimeout(look, 500);
        this.#waiting.add(look);
      });
    }
  }
}
