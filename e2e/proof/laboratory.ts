import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upsertAccount } from '../../electron/engine/cache/accounts.ts';
import type { Database } from '../../electron/engine/cache/database.ts';
import {
  type Begin,
  busyPolicy,
  type Engine,
  EnginePool,
} from '../../electron/engine/sync/proof/testing/engine.ts';
import { scaledClock } from '../../electron/engine/sync/proof/testing/scaled-clock.ts';
import { openTestDatabase } from '../../electron/engine/testing/laptop.ts';
import type { AccountSummary } from '../../shared/model/account.ts';
import type { Fault } from '../lab/fault-proxy.ts';
import { addressOf, type Lab, startLab } from '../lab/lab.ts';
import type { MailboxAccess } from '../lab/mailbox.ts';
import { bodyLog, type GivenBody } from '../lab/quirks/body-log.ts';
import type { Quirk } from '../lab/quirks/quirk.ts';

/** How much faster time passes for the engines: their pauses are those of a second in a twentieth of one. */
const factor = 20;
const mailboxesOfALab = 40;

/** One lab for many small mailboxes, each used once, and engines at the ready. */
export class Laboratory {
  readonly #pool = new EnginePool();
  readonly #quirks: Quirk[] = [];
  #lab: Lab | null = null;
  #used = 0;

  async mailbox(quirks: readonly Quirk[]): Promise<TestMailbox> {
    if (this.#lab === null || this.#used === mailboxesOfALab) {
      await this.#lab?.stop();
      const employees = Array.from({ length: mailboxesOfALab }, (_, index) => `person${index}`);
      this.#lab = await startLab({ employees, quirks: this.#quirks });
      this.#used = 0;
    }
    const lab = this.#lab;
    const log = bodyLog();
    // A connection has the quirks that stand here when it begins.
    this.#quirks.splice(0, this.#quirks.length, ...quirks, log.quirk);
    const employee = `person${this.#used}`;
    this.#used += 1;
    await lab.exchange.imap.fault('none');
    return new TestMailbox(lab, employee, this.#pool, log.given);
  }

  async close(): Promise<void> {
    this.#pool.close();
    await this.#lab?.stop();
  }
}

/** One mailbox in Exchange, one laptop with an offline copy of it, and an engine that may die. */
export class TestMailbox {
  readonly access: MailboxAccess;
  /** Where the offline copy is. */
  file: string;
  readonly account: AccountSummary;
  /** Every whole message that the server gave. */
  readonly given: readonly GivenBody[];
  readonly clock = scaledClock(factor);
  readonly #begin: Omit<Begin, 'databaseFile' | 'diesAfter' | 'clock'>;
  readonly #folder: string;
  readonly #lab: Lab;
  readonly #pool: EnginePool;
  readonly #engines = new Set<Engine>();

  constructor(lab: Lab, employee: string, pool: EnginePool, given: readonly GivenBody[]) {
    this.#lab = lab;
    this.#pool = pool;
    this.given = given;
    this.access = lab.exchange.mailbox(employee).access;
    this.#folder = mkdtempSync(join(tmpdir(), 'relevo-proof-'));
    this.file = join(this.#folder, 'mail.db');
    const address = addressOf(employee);
    const db = openTestDatabase(this.file);
    this.account = {
      id: upsertAccount(db, { address, displayName: 'Anna Berg' }),
      address,
      displayName: 'Anna Berg',
      isShared: false,
    };
    db.close();
    this.#begin = {
      account: this.account,
      authorities: lab.authorities,
      imap: lab.accountOf(employee).exchange.imap,
      credentials: { kind: 'password', user: address, password: lab.passwordOf(employee) },
      policy: busyPolicy,
    };
  }

  async start(diesAfter: number | null = null): Promise<Engine> {
    const engine = this.#pool.take();
    this.#engines.add(engine);
    await engine.begin({
      ...this.#begin,
      databaseFile: this.file,
      clock: { factor, start: this.clock.now() },
      diesAfter,
    });
    return engine;
  }

  readonly windowDays = busyPolicy.windowDays;

  get windowStart(): number {
    return this.clock.now() - this.windowDays * 86_400_000;
  }

  /** Another disk, while no engine runs. */
  moveTo(file: string): void {
    this.read((db) => db.pragma('wal_checkpoint(TRUNCATE)'));
    copyFileSync(this.file, file);
    this.file = file;
  }

  fault(fault: Fault): Promise<void> {
    return this.#lab.exchange.imap.fault(fault);
  }

  /** What does the laptop hold? `ask` may be asked while an engine runs. */
  read<T>(ask: (db: Database) => T): T {
    const db = openTestDatabase(this.file);
    try {
      return ask(db);
    } finally {
      db.close();
    }
  }

  async remove(): Promise<void> {
    for (const engine of this.#engines) if (!engine.isDead) engine.kill();
    await Promise.all([...this.#engines].map(({ ended }) => ended));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
