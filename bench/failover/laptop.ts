import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { addressOf, type Lab } from '../../e2e/lab/lab.ts';
import { type Engine, startEngine } from '../../electron/engine/engine.ts';
import type { Clock } from '../../electron/engine/ports.ts';
import { realClock, realRandom, silent, testKey } from '../../electron/engine/testing/laptop.ts';
import { memorySecrets } from '../../electron/engine/testing/memory-secrets.ts';
import type { FailoverStatus } from '../../shared/model/failover.ts';
import type { Draft } from '../../shared/model/outgoing.ts';
import { defaultPolicy } from '../../shared/policy/resolve.ts';
import type { Policy } from '../../shared/policy/settings.ts';
import { exchangeHost, type Links, Names, openLinks } from './links.ts';

export interface LaptopOptions {
  readonly lab: Lab;
  readonly employee: string;
  readonly clock?: Clock;
  /** The port of what stands before Exchange's IMAP, behind the laptop's own cable. */
  readonly imapPort?: number;
  /** As a PAC file would answer. */
  readonly proxy?: string;
  /** Signs in to Exchange by this password instead of a token. */
  readonly password?: string;
  /** Exchange's name leads to an address of the company's own network as well, where nobody is. */
  readonly isHouseExchange?: boolean;
}

/** The whole engine of one laptop as it ships, on a cable of its own. Only its policy is the lab's. */
export class BenchLaptop {
  readonly lab: Lab;
  readonly employee: string;
  readonly links: Links;
  readonly names: Names;
  readonly engine: Engine;
  /** Every status that was announced. */
  readonly seen: FailoverStatus[] = [];
  readonly #folder: string;
  readonly #checks = new Set<() => void>();
  #status: FailoverStatus | null = null;
  #sent = 0;
  #isStopped = false;

  private constructor(
    setup: Pick<BenchLaptop, 'lab' | 'employee' | 'links' | 'names'>,
    options: LaptopOptions,
  ) {
    this.lab = setup.lab;
    this.employee = setup.employee;
    this.links = setup.links;
    this.names = setup.names;
    this.#folder = mkdtempSync(join(tmpdir(), 'relevo-bench-'));
    const { lab, employee } = setup;
    const address = addressOf(employee);
    const secrets = memorySecrets();
    void secrets.put({ address, provider: 'exchange' }, options.password ?? lab.issuer.grant(address));
    void secrets.put({ address, provider: 'continuity' }, lab.passwordOf(employee));
    const started = startEngine({
      databaseFile: join(this.#folder, 'mail.db'),
      databaseKeys: [testKey],
      policy: policyOf(setup, options),
      locale: 'en',
      isKeyStoreProtected: true,
      clock: options.clock ?? realClock,
      random: realRandom,
      log: silent,
      secrets,
      resolveProxy: async () => options.proxy ?? 'DIRECT',
      lookup: this.names.lookup,
      openBrowser: async () => ({ ok: true, value: null }),
      // The engine tells of its first state before it is there to be asked.
      announce: () => queueMicrotask(() => void this.#look()),
      accountsChanged: () => {},
      onlyHere: () => {},
      restart: () => {},
    });
    if (!started.ok) throw new Error(started.error.code);
    this.engine = started.value;
  }

  static async start(options: LaptopOptions): Promise<BenchLaptop> {
    const { lab, employee, imapPort } = options;
    const links = await openLinks(lab, imapPort === undefined ? {} : { imap: imapPort });
    return new BenchLaptop(
      { lab, employee, links, names: new Names(options.isHouseExchange === true) },
      options,
    );
  }

  get status(): FailoverStatus | null {
    return this.#status;
  }

  /** Resolves when Exchange is the route and the copy is current; false: it has left Exchange though nothing happened. */
  async isCalm(): Promise<boolean> {
    const isCurrent = async (): Promise<boolean> => {
      const [one] = await this.#call<readonly { readonly kind: string }[]>('accounts.syncStatus', {});
      return this.#status?.kind === 'primary' && one?.kind === 'current';
    };
    const begun = performance.now();
    while (!(await isCurrent())) {
      if (performance.now() - begun > patienceMs) return false;
      await pause(100);
    }
    await pause(1000);
    this.seen.length = 0;
    return true;
  }

  /** How long until the status satisfies, in milliseconds; null: it does not within `withinMs`. */
  async until(satisfies: (status: FailoverStatus) => boolean, withinMs: number): Promise<number | null> {
    const begun = performance.now();
    return new Promise((resolve) => {
      const end = (ms: number | null): void => {
        clearTimeout(late);
        this.#checks.delete(check);
        resolve(ms);
      };
      const check = (): void => {
        if (this.#status !== null && satisfies(this.#status)) end(performance.now() - begun);
      };
      const late = setTimeout(() => end(null), withinMs);
      this.#checks.add(check);
      void this.#look();
    });
  }

  /** The person writes a message and sends it; yields its subject. */
  async sends(): Promise<string> {
    const subject = `${this.employee} ${process.pid} ${Math.random().toString(36).slice(2)} ${this.#sent++}`;
    const [{ id: accountId } = { id: 0 }] = this.engine.accounts;
    const draft = await this.#call<Draft>('drafts.create', { accountId, kind: 'new', parentId: null });
    const to = [{ name: 'Clara', address: 'clara@outside.example' }];
    const { id: draftId, from } = draft;
    await this.#call('drafts.save', { draftId, from, to, cc: [], bcc: [], subject, text: 'Yes.' });
    await this.#call('drafts.send', { draftId, leavesAt: null });
    return subject;
  }

  /** Resolves when continuity's server has taken the message; null: not within `withinMs`. */
  async leftByContinuity(subject: string, withinMs: number): Promise<number | null> {
    const begun = performance.now();
    const { taken } = this.lab.continuity.submission;
    let looked = 0;
    for (;;) {
      for (; looked < taken.length; looked++)
        if (taken[looked]?.source.includes(subject)) return performance.now() - begun;
      if (performance.now() - begun > withinMs) return null;
      await pause(20);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.engine.stop();
    await Promise.all(this.links.all.map((link) => link.close()));
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #look(): Promise<void> {
    if (this.#isStopped) return;
    const [status] = await this.#call<readonly FailoverStatus[]>('failover.status', {});
    if (status === undefined) return;
    if (JSON.stringify(status) !== JSON.stringify(this.#status)) this.seen.push(status);
    this.#status = status;
    for (const check of [...this.#checks]) check();
  }

  async #call<T>(method: string, input: unknown): Promise<T> {
    const answer = await this.engine.call(method, input);
    if (!answer.ok) throw new Error(`${method}: ${answer.error.code}`);
    return answer.value as T;
  }
}

/** A laptop has come to rest by then, in milliseconds. */
const patienceMs = 60_000;

/** As it ships, but for where the servers are, and that nothing is held back after "Send". */
export function policyOf(
  { lab, employee, links }: Pick<BenchLaptop, 'lab' | 'employee' | 'links'>,
  options: Pick<LaptopOptions, 'proxy' | 'password'> = {},
): Policy {
  const account = lab.accountOf(employee);
  // A proxy looks names up by itself.
  const host = options.proxy === undefined ? exchangeHost : 'localhost';
  const { exchange, continuity } = account;
  return {
    ...defaultPolicy,
    accounts: [
      {
        ...account,
        exchange: {
          imap: { ...exchange.imap, host, port: links.imap.port },
          submission: { ...exchange.submission, host, port: links.submission.port },
          authentication:
            options.password === undefined
              ? exchange.authentication
              : { kind: 'password', user: addressOf(employee) },
        },
        continuity: {
          ...continuity,
          imap: { ...continuity.imap, port: links.continuityImap.port },
          submission: { ...continuity.submission, port: links.continuitySubmission.port },
        },
      },
    ],
    'network.certificates': [...lab.authorities],
    'network.neutralHosts': links.neutral.map(
      ({ port }, index) =>
        `${options.proxy === undefined ? `neutral-${index}.example` : 'localhost'}:${port}`,
    ),
    'network.portalCheck': null,
    'sending.undoSeconds': 0,
  };
}
