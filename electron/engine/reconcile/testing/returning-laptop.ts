import type { AppError } from '../../../../shared/errors.ts';
import type { Route } from '../../../../shared/model/route.ts';
import type { AccountSettings } from '../../../../shared/policy/account-settings.ts';
import { ok, type Result } from '../../../../shared/result.ts';
import { listLedgerEntries, listOutages } from '../../cache/queries/ledger-store.ts';
import { openImapSession } from '../../mail/imap-session.ts';
import type { ImapSession } from '../../mail/types.ts';
import { directNetwork } from '../../net/testing/direct-network.ts';
import type { Clock } from '../../ports.ts';
import { foldersToSync } from '../../sync/core/folder-choice.ts';
import {
  ChosenRoutes,
  type Laptop,
  openLaptop,
  realClock,
  realRandom,
  silent,
  storeAsSync,
} from '../../testing/laptop.ts';
import { createReconciler, type Reconciler } from '../reconcile-runner.ts';

/** Pauses last a hundredth of what they would. */
const hastyClock: Clock = { ...realClock, after: (ms, run) => realClock.after(ms / 100, run) };

/** What is needed of the lab. */
interface Servers {
  readonly authorities: readonly string[];
  accountOf(employee: string): AccountSettings;
  passwordOf(employee: string): string;
}

interface ReturningOptions {
  readonly clock?: Clock;
  readonly handoverWaitSeconds?: number;
  /** Stands between carrying over and Exchange. */
  readonly disturb?: (session: ImapSession) => ImapSession;
}

/** A laptop of an employee whose Exchange comes back, as far as carrying over is concerned. */
export class ReturningLaptop {
  readonly laptop: Laptop;
  readonly routes = new ChosenRoutes('primary');
  dones = 0;
  readonly #lab: Servers;
  readonly #employee: string;
  readonly #network: ReturnType<typeof directNetwork>;
  readonly #options: ReturningOptions;
  #reconciler: Reconciler;

  constructor(lab: Servers, employee: string, options: ReturningOptions = {}) {
    this.#lab = lab;
    this.#employee = employee;
    this.#options = options;
    this.#network = directNetwork(lab.authorities);
    this.laptop = openLaptop(lab.accountOf(employee).address);
    this.#reconciler = this.#create();
  }

  #create(): Reconciler {
    const { account, db } = this.laptop;
    const { clock = hastyClock, handoverWaitSeconds = 0, disturb } = this.#options;
    return createReconciler({
      account,
      db,
      openSession: async (route) => {
        const opened = await this.open(route);
        return opened.ok && disturb !== undefined ? ok(disturb(opened.value)) : opened;
      },
      syncPass: (route) => this.pass(route),
      routes: this.routes,
      policy: { handoverWaitSeconds },
      clock,
      random: realRandom,
      log: silent,
      announce: () => {},
      done: () => {
        this.dones += 1;
      },
    });
  }

  open(route: Route): Promise<Result<ImapSession, AppError>> {
    const settings = this.#lab.accountOf(this.#employee);
    return openImapSession({
      network: this.#network,
      route,
      server: (route === 'primary' ? settings.exchange : settings.continuity).imap,
      credentials: async () =>
        ok({
          kind: 'password',
          user: settings.address,
          password: this.#lab.passwordOf(this.#employee),
        }),
      log: silent,
    });
  }

  /** Every folder that sync copies, whole. What is gone stays known: sync is not always up to date either. */
  async pass(route: Route): Promise<Result<null, AppError>> {
    const { db, account } = this.laptop;
    const opened = await this.open(route);
    if (!opened.ok) return opened;
    const session = opened.value;
    try {
      const listed = await session.folders();
      if (!listed.ok) return listed;
      for (const { path, role } of foldersToSync(listed.value, [])) {
        const folder = await session.open(path);
        if (!folder.ok) return folder;
        const there = await session.flags('1:*');
        if (!there.ok) return there;
        const known = new Set(
          db
            .prepare<[string, string], number>(
              'SELECT uid FROM copy JOIN folder ON folder.id = folder_id WHERE route = ? AND path = ?',
            )
            .pluck()
            .all(route, path),
        );
        const uids = there.value.map(({ uid }) => uid).filter((uid) => !known.has(uid));
        const fetched = await session.fetch(uids, async ({ uid, flags, internalDate, source }) => {
          await storeAsSync(db, account, source, { route, path, role, uid, flags, internalDate });
        });
        if (!fetched.ok) return fetched;
      }
      return ok(null);
    } finally {
      await session.close();
    }
  }

  run(): void {
    this.#reconciler.run();
  }

  start(): void {
    this.#reconciler.start();
  }

  /** Ends carrying over wherever it is, and begins anew from the database. */
  async restart(): Promise<void> {
    await this.#reconciler.stop();
    this.#reconciler = this.#create();
  }

  /** What the ledger says of every message, of all outages. */
  entries() {
    const { db, account } = this.laptop;
    return listOutages(db, account.id)
      .toReversed()
      .flatMap(({ id }) => listLedgerEntries(db, id));
  }

  async remove(): Promise<void> {
    await this.#reconciler.stop();
    this.laptop.remove();
  }
}
