import { createConnections } from '../../electron/engine/mail/connections.ts';
import { openImapSession } from '../../electron/engine/mail/imap-session.ts';
import type { ImapSession } from '../../electron/engine/mail/types.ts';
import type { Clock } from '../../electron/engine/ports.ts';
import { createSyncRunner, type SyncRunner } from '../../electron/engine/sync/sync-runner.ts';
import { mailOf } from '../../electron/engine/testing/doomed.ts';
import {
  ChosenRoutes,
  type Laptop,
  openLaptop,
  realClock,
  silent,
} from '../../electron/engine/testing/laptop.ts';
import type { AppError } from '../../shared/errors.ts';
import type { Route } from '../../shared/model/route.ts';
import type { Result } from '../../shared/result.ts';
import { addressOf, type Lab, startLab } from '../lab/lab.ts';
import type { Quirk } from '../lab/quirks/quirk.ts';

/** A laptop whose sync speaks to the lab's Exchange through quirks, with as many connections as the product has. */
export interface SyncedLaptop extends Laptop {
  readonly lab: Lab;
  readonly runner: SyncRunner;
  readonly openSession: (route: Route) => Promise<Result<ImapSession, AppError>>;
  /** What sync has told failover of. */
  readonly failures: readonly AppError[];
  /** One pass over everything, and the commands that it took. */
  pass(): Promise<readonly string[]>;
  /** UIDs and flags of the copies in a folder of Exchange, and what is there. */
  here(path: string): readonly Shown[];
  there(path: string): Promise<readonly Shown[]>;
  stop(): Promise<void>;
}

interface Shown {
  readonly uid: number;
  readonly flags: string;
}

const employee = 'alice';

export async function startSyncedLaptop(options: {
  readonly quirks: readonly Quirk[];
  readonly messages?: number;
  readonly pollSeconds?: number;
  readonly lookThroughSeconds?: number;
  readonly idleMs?: number;
  readonly windowDays?: number;
  readonly clock?: Clock;
}): Promise<SyncedLaptop> {
  const { quirks, messages = 0 } = options;
  const lab = await startLab({
    employees: [employee],
    quirks,
    ...(messages === 0 ? {} : { seed: { messages } }),
  });
  const laptop = openLaptop(addressOf(employee));
  const { exchange, continuity } = lab.accountOf(employee);
  const credentials = {
    kind: 'password',
    user: addressOf(employee),
    password: lab.passwordOf(employee),
  } as const;
  const providers = {
    primary: { ...exchange, credentials },
    continuity: { ...continuity, credentials },
  };
  const mail = mailOf({
    databaseFile: laptop.file,
    account: laptop.account,
    authorities: lab.authorities,
    providers,
    diesAt: null,
  });
  const { open: openSession } = createConnections({
    now: realClock.now,
    openSession: (route, backOff) =>
      openImapSession({
        network: mail.network,
        route,
        server: providers[route].imap,
        credentials: mail.credentials(route),
        log: silent,
        backOff,
        limits: options.idleMs === undefined ? {} : { idleMs: options.idleMs },
      }),
  });
  const failures: AppError[] = [];
  const policy = {
    windowDays: options.windowDays ?? 180,
    leftOutFolders: [],
    pollSeconds: options.pollSeconds ?? 3600,
    lookThroughSeconds: options.lookThroughSeconds ?? 86_400,
    largestAttachmentMegabytes: 100,
    diskMegabytes: 0,
  };
  const runner = createSyncRunner({
    account: laptop.account,
    db: laptop.db,
    isOwnAddress: (address) => address === laptop.account.address,
    openSession,
    routes: new ChosenRoutes('primary'),
    report: (_, __, failure) => {
      if (failure !== null) failures.push(failure);
    },
    policy,
    clock: options.clock ?? realClock,
    log: silent,
    announce: () => {},
    onStored: () => {},
  });
  return {
    ...laptop,
    lab,
    runner,
    openSession,
    failures,
    pass: async () => {
      const before = lab.wire.given.length;
      const passed = await runner.pass('primary');
      if (!passed.ok) throw new Error(passed.error.code);
      return lab.wire.given.slice(before).map(({ line }) => line.replace(/^\S+ /, ''));
    },
    here: (path) =>
      laptop.db
        .prepare<[string], Shown>(
          `SELECT uid, flags FROM copy JOIN folder ON folder.id = copy.folder_id
           WHERE route = 'primary' AND path = ? AND uid > 0 ORDER BY uid`,
        )
        .all(path),
    there: async (path) =>
      (await lab.exchange.mailbox(employee).messages(path)).map(({ uid, flags }) => ({
        uid,
        flags: flags
          .filter((flag) => /^\\(Seen|Answered|Flagged|Deleted|Draft)$/.test(flag))
          .sort()
          .join(' '),
      })),
    stop: async () => {
      await runner.stop();
      laptop.remove();
      await lab.stop();
    },
  };
}
