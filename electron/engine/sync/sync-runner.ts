import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import type { SyncStatus } from '../../../shared/model/sync.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { nextPlacementAt } from '../cache/queries/placement-store.ts';
import { completenessOf, lastCompleteness, noteMissing } from '../cache/queries/survey-store.ts';
import {
  folderIdOf,
  hasHomelessMessages,
  lastSyncedAt,
  leaveFolders,
  lookedThroughSince,
  noteFolders,
  syncedPaths,
} from '../cache/queries/sync-store.ts';
import type { ImapSession, RemoteFolder } from '../mail/types.ts';
import type { Announce, Clock, Logger, ReportTraffic, Routes } from '../ports.ts';
import { retryDelay } from './core/backoff.ts';
import { everydayFolders } from './core/everyday-folders.ts';
import { foldersToSync } from './core/folder-choice.ts';
import { isTime, withheldMs } from './core/window.ts';
import { makeRoom } from './disk-budget.ts';
import type { StoredFromServer, StoreElsewhere } from './download.ts';
import { createFolderSync, type FolderPass, storageFailure } from './folder-sync.ts';
import { createHomeless } from './homeless.ts';
import { missingMessages } from './members.ts';
import { createOnDemand, type OnDemand } from './on-demand.ts';
import { createCarryOut } from './operations/carry-out.ts';
import { expire } from './retention.ts';
import { createWindow } from './window.ts';

/** After refused credentials, so that they do not lock the mailbox. */
const refusedWaitMs = 300_000;
const megabyte = 1024 * 1024;
/** A listening session that lived this long did not fail. */
const longListeningMs = 30_000;

export interface SyncRunnerSetup {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  /** Whether mail from this address is the account's own. */
  readonly isOwnAddress: (address: string) => boolean;
  readonly openSession: (route: Route) => Promise<Result<ImapSession, AppError>>;
  readonly routes: Routes;
  readonly report: ReportTraffic;
  readonly policy: {
    readonly windowDays: number;
    /** Larger attachments are fetched when the person asks. */
    readonly largestAttachmentMegabytes: number;
    /** What the copy may take on the disk, about; 0: as much as it needs. */
    readonly diskMegabytes: number;
    /** Not to be copied, by their full names. */
    readonly leftOutFolders: readonly string[];
    readonly pollSeconds: number;
    /** How often every message of every folder is looked at. */
    readonly lookThroughSeconds: number;
  };
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: Announce;
  /** Called inside the transaction that stores the message. */
  readonly onStored: (message: StoredFromServer) => void;
  readonly storeElsewhere?: StoreElsewhere;
}

export interface SyncRunner {
  start(): void;
  /** Resolves when nothing is going on any more. */
  stop(): Promise<void>;
  status(): SyncStatus;
  /** One complete pass over the folders of a route, whatever the reading route is. */
  pass(route: Route): Promise<Result<null, AppError>>;
  /** Something waits to be pushed, or the network is back: do not wait for the next poll. */
  poke(): void;
  /** What a person looks at or asks for, beside all that. */
  readonly onDemand: OnDemand;
}

/**
 * Keeps the offline copy in agreement with the reading route: a pass over all folders at first and every `pollSeconds`,
 * the Inbox at once when IDLE tells of news. One session works, another one idles. When the route changes, everything
 * goes on there at once; when a session fails, it goes on after a pause that grows.
 */
export function createSyncRunner(setup: SyncRunnerSetup): SyncRunner {
  const { account, db, openSession, routes, report, policy, clock, log, announce } = setup;
  const window = createWindow(setup);
  const folderSync = createFolderSync({
    ...setup,
    window,
    // While Exchange is not the route, what goes could not be fetched again.
    makeRoom: async () => {
      if (routes.reading() !== 'primary') return;
      const dropped = await makeRoom(db, account.id, policy.diskMegabytes * megabyte);
      if (dropped === 0) return;
      log.info('made room', { attachments: dropped });
      announce('conversations');
    },
  });
  const onDemand = createOnDemand(setup, folderSync);
  const carryOut = createCarryOut(setup);
  const homeless = createHomeless(db, account.id);

  let status: SyncStatus = {
    accountId: account.id,
    kind: 'waiting',
    route: null,
    done: 0,
    total: 0,
    lastCompleteAt: lastSyncedAt(db, account.id),
    completeness: lastCompleteness(db, account.id),
    error: null,
  };
  const show = (change: Partial<SyncStatus>): void => {
    status = { ...status, ...change };
    announce('sync');
  };

  const stopping = new AbortController();
  const passes = new Set<Promise<unknown>>();
  let following: Promise<void> = Promise.resolve();
  let engagement = new AbortController();
  let stopListening = (): void => {};
  let wake = (): void => {};
  let isPoked = false;
  /** The thorough pass that has begun and is not complete: it goes on where a session ended. Null: none. */
  let thorough: { readonly begun: number; readonly looked: Set<string>; readonly windowDays: number } | null =
    null;
  /** In days, as of the last thorough pass. */
  let thoroughWindow = policy.windowDays;
  // Two passes over one folder would fetch the same messages twice.
  let busyFolder: Promise<unknown> = Promise.resolve();

  /** Resolves after `ms`, when poked, also since the last pause, or when `signal` aborts. */
  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        wake = () => {};
        resolve();
      };
      const cancel = clock.after(ms, done);
      signal.addEventListener('abort', done, { once: true });
      wake = done;
      if (signal.aborted || isPoked) done();
    });

  /** Opens a session, but does not wait for a server that hangs once `signal` aborts. */
  const openUnless = async (signal: AbortSignal, route: Route): Promise<Result<ImapSession, AppError>> => {
    const aborted = err(appError('network.closed', 'soon', { reason: 'aborted' }));
    if (signal.aborted) return aborted;
    let abort = (): void => {};
    const aborting = new Promise<typeof aborted>((resolve) => {
      abort = () => resolve(aborted);
    });
    signal.addEventListener('abort', abort, { once: true });
    const opening = openSession(route);
    const opened = await Promise.race([opening, aborting]);
    signal.removeEventListener('abort', abort);
    if (!signal.aborted) return opened;
    void opening.then((late) => (late.ok ? late.value.close() : undefined));
    return aborted;
  };

  /** Runs after what runs already. */
  const alone = <T>(run: () => Promise<T>): Promise<T> => {
    const mine = busyFolder.then(run, run);
    busyFolder = mine;
    return mine;
  };

  const everyday = (pass: FolderPass): Promise<Result<null, AppError>> => {
    if (pass.route === 'primary') homeless.visiting(pass.folder.path);
    return folderSync.everyday(pass);
  };

  /** Runs one step on one folder, after those that run already. */
  const oneFolder = (
    { session, route, isShown }: Work,
    folder: RemoteFolder,
    step: (pass: FolderPass) => Promise<Result<null, AppError>> = everyday,
  ): Promise<Result<null, AppError>> => {
    const run = () =>
      step({
        session,
        route,
        folder,
        // Until Exchange is the route again, what is gone from a server may be the only proof that it was there.
        mayRemove: routes.reading() === 'primary',
        planned: (count) => {
          if (isShown && count > 0) show({ total: status.total + count });
        },
        changed: (stored) => {
          announce('conversations');
          if (isShown && stored > 0) show({ done: status.done + stored });
        },
      });
    return alone(run);
  };

  /** Runs `step` on each folder, the Inbox in between whenever it has news. The first failure is told at the end. */
  const overFolders = async (
    work: Work,
    folders: readonly RemoteFolder[],
    step: (pass: FolderPass) => Promise<Result<null, AppError>>,
  ): Promise<Result<null, AppError>> => {
    const inbox = folders.find(({ role }) => role === 'inbox');
    let failure: AppError | null = null;
    for (const folder of folders) {
      if (inbox !== undefined && (folder !== inbox || step !== everyday) && work.hasNews()) {
        const again = await oneFolder(work, inbox);
        if (!again.ok) return again;
      }
      const done = await oneFolder(work, folder, step);
      if (done.ok) continue;
      log.warn('folder not synchronized', { role: folder.role, route: work.route, code: done.error.code });
      if (!work.session.isUsable || folder.role === 'inbox') return done;
      failure ??= done.error;
    }
    return failure === null ? ok(null) : err(failure);
  };

  /** What is new, in every folder. Yields the folders. */
  const everydayPass = async (work: Work): Promise<Result<readonly RemoteFolder[], AppError>> => {
    const listed = await work.session.folders();
    if (!listed.ok) return listed;
    const folders = foldersToSync(listed.value, policy.leftOutFolders);
    noteFolders(db, account.id, work.route, folders);
    const paths = folders.map(({ path }) => path);
    const mayRemove = (): boolean => work.route === 'primary' && routes.reading() === 'primary';
    if (mayRemove()) {
      leaveFolders(db, account.id, paths);
      homeless.notice();
    }
    const synced = syncedPaths(db, account.id, work.route);
    const isNew = (path: string): boolean => !synced.has(path);
    const asked = everydayFolders(folders, { isNew, visit: homeless.visitOf });
    const passed = await overFolders(work, asked, everyday);
    if (!passed.ok) return passed;
    if (mayRemove()) {
      if (homeless.sweep({ paths }, window.start())) announce('conversations');
      // What was lost in this pass may stand in a folder that was asked before; another one has to say so.
      if (homeless.notice() > 0 && asked.length === folders.length) isPoked = true;
    }
    return ok(folders);
  };

  /** Every message of every folder of Exchange, then what belongs to recent conversations, wherever it stands. */
  const thoroughPass = async (
    work: Work,
    folders: readonly RemoteFolder[],
  ): Promise<Result<null, AppError>> => {
    if (thorough === null) homeless.notice();
    thorough ??= { begun: homeless.moment(), looked: new Set(), windowDays: policy.windowDays };
    const { begun, looked, windowDays } = thorough;
    const left = folders.filter(({ path }) => !looked.has(path));
    const passed = await overFolders(work, left, async (pass) => {
      const done = await folderSync.lookThrough(pass);
      if (done.ok) looked.add(pass.folder.path);
      return done;
    });
    if (!passed.ok) return passed;
    const completed = await completeConversations(work, folders);
    if (!completed.ok) return completed;
    // While Exchange is not the route, the copy may be all there is: nothing goes.
    if (routes.reading() !== 'primary') return ok(null);
    if (homeless.sweep({ moment: begun }, null)) announce('conversations');
    const expired = await expire(db, account.id, window.start());
    if (expired > 0) announce('conversations');
    thorough = null;
    // Not what the policy says by now: what has changed meanwhile is due at once.
    thoroughWindow = windowDays;
    return ok(null);
  };

  /** What is fetched may belong to further messages: goes on until nothing is missing that the server gives. */
  const completeConversations = async (
    work: Work,
    folders: readonly RemoteFolder[],
  ): Promise<Result<null, AppError>> => {
    for (;;) {
      const missing = await missingMessages(db, account.id, window.start());
      noteMissing(db, account.id, missing);
      show({ completeness: completenessOf(db, account.id) });
      const now = clock.now();
      const wanted = Map.groupBy(
        missing.filter(({ withheldUntil }) => isTime(withheldUntil ?? 0, now, withheldMs)),
        ({ folderId }) => folderId,
      );
      const wantedIn = ({ path }: RemoteFolder): readonly number[] => {
        const id = folderIdOf(db, account.id, work.route, path);
        return id === null ? [] : (wanted.get(id) ?? []).map(({ uid }) => uid);
      };
      const places = folders.filter((folder) => wantedIn(folder).length > 0);
      if (places.length === 0) return ok(null);
      const fetched = await overFolders(work, places, (pass) =>
        folderSync.fetch(pass, wantedIn(pass.folder)),
      );
      if (!fetched.ok) return fetched;
    }
  };

  /** Follows one route with one pair of sessions, until `signal` aborts (null) or something fails. */
  const serve = async (route: Route, signal: AbortSignal, settled: () => void): Promise<AppError | null> => {
    const sessions = new Set<ImapSession>();
    isPoked = false;
    const open = async (): Promise<Result<ImapSession, AppError>> => {
      const opened = await openUnless(signal, route);
      if (opened.ok) sessions.add(opened.value);
      return opened;
    };
    const closeAll = (): void => {
      for (const session of sessions) void session.close();
    };
    signal.addEventListener('abort', closeAll, { once: true });
    const idling = new AbortController();
    let listener: Listener | null = null;
    try {
      const work = await open();
      if (!work.ok) return work.error;
      report('reading', route, null);

      let hasNews = false;
      const takeNews = (): boolean => {
        const had = hasNews;
        hasNews = false;
        return had;
      };
      const tell = (): void => {
        // Once this has failed, a wake would cut its pause short.
        if (idling.signal.aborted) return;
        hasNews = true;
        wake();
      };
      // Whatever ends it, the Inbox is asked at once, which shows whether the server is still there.
      listener = keepListening(async () => {
        const idle = await open();
        if (!idle.ok) return;
        const opened = await idle.value.open('INBOX');
        for (let heard = opened.ok ? 'news' : 'closed'; heard === 'news'; ) {
          // At first, since mail may have come before anybody listened.
          tell();
          heard = await idle.value.waitForNews(idling.signal);
        }
        tell();
        sessions.delete(idle.value);
        await idle.value.close();
      });

      const working: Work = { session: work.value, route, isShown: true, hasNews: takeNews };
      let inbox: RemoteFolder | null = null;
      let folders: readonly RemoteFolder[] = [];
      let nextPassAt = 0;
      /** Where the person wants mail to stand: once it is known what Exchange has. */
      const tellExchange = async (): Promise<Result<null, AppError>> =>
        route === 'primary' && folders.length > 0 ? alone(() => carryOut(work.value, folders)) : ok(null);
      const nextTurnAt = (): EpochMs => {
        const waiting = route === 'primary' ? nextPlacementAt(db, account.id, clock.now()) : null;
        return Math.min(nextPassAt, waiting ?? nextPassAt);
      };
      while (!signal.aborted) {
        listener.ensure();
        takeNews();
        const isDue = isPoked || isTime(nextPassAt, clock.now(), policy.pollSeconds * 1000);
        isPoked = false;
        const carriedOut = await tellExchange();
        if (!carriedOut.ok) return carriedOut.error;
        if (isDue || inbox === null) {
          const passed = await everydayPass(working);
          if (!passed.ok) return passed.error;
          folders = passed.value;
          inbox = folders.find(({ role }) => role === 'inbox') ?? null;
          nextPassAt = clock.now() + policy.pollSeconds * 1000;
        } else {
          const synced = await oneFolder(working, inbox);
          if (!synced.ok) return synced.error;
          // What has left the Inbox is in another folder, or gone: every folder has to say so.
          if (hasHomelessMessages(db, account.id)) isPoked = true;
        }
        report('reading', route, null);
        show({ kind: 'current', done: 0, total: 0, lastCompleteAt: clock.now(), error: null });
        settled();
        const told = await tellExchange();
        if (!told.ok) return told.error;
        if (route === 'primary') {
          const thorough = isLookThroughDue(folders) ? thoroughPass : completeConversations;
          const done = await thorough({ ...working, isShown: false }, folders);
          if (!done.ok) return done.error;
          onDemand.fill();
        }
        if (!hasNews && !isPoked) await pause(Math.max(0, nextTurnAt() - clock.now()), signal);
      }
      return null;
    } catch (error) {
      return storageFailure(error, log);
    } finally {
      idling.abort();
      signal.removeEventListener('abort', closeAll);
      listener?.stop();
      await Promise.all([...sessions].map((session) => session.close()));
    }
  };

  const isLookThroughDue = (folders: readonly RemoteFolder[]): boolean => {
    const lookThroughMs = policy.lookThroughSeconds * 1000;
    const since = lookedThroughSince(
      db,
      account.id,
      folders.map(({ path }) => path),
    );
    return (
      since === null ||
      isTime(since + lookThroughMs, clock.now(), lookThroughMs) ||
      thoroughWindow !== policy.windowDays
    );
  };

  /** Runs `listen` one at a time, with pauses in between that grow when it ends early. */
  const keepListening = (listen: () => Promise<void>): Listener => {
    let isListening = false;
    let isStopped = false;
    let failures = 0;
    let cancelPause: (() => void) | null = null;
    return {
      ensure: () => {
        if (isListening || cancelPause !== null) return;
        const startedAt = clock.now();
        isListening = true;
        void listen().finally(() => {
          isListening = false;
          if (isStopped) return;
          failures = clock.now() - startedAt > longListeningMs ? 1 : failures + 1;
          cancelPause = clock.after(retryDelay(failures, Math.random()), () => {
            cancelPause = null;
            wake();
          });
        });
      },
      stop: () => {
        isStopped = true;
        cancelPause?.();
      },
    };
  };

  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      engagement = new AbortController();
      const { signal } = engagement;
      const route = routes.reading();
      if (route === null) {
        show({ kind: 'waiting', route: null, done: 0, total: 0, error: null });
        isPoked = false;
        await pause(60_000, signal);
        continue;
      }
      let failures = 0;
      while (!signal.aborted) {
        show({ kind: failures === 0 ? 'syncing' : status.kind, route, done: 0, total: 0 });
        const failure = await serve(route, signal, () => {
          failures = 0;
        });
        if (failure === null || signal.aborted) break;
        failures += 1;
        log.warn('sync interrupted', { route, code: failure.code, failures });
        if (!isOurs(failure)) report('reading', route, failure);
        // Exchange ends connections as a matter of routine: once is not worth telling.
        if (failures > 1 || failure.retry !== 'soon') show({ kind: 'failed', error: failure });
        if (isPoked) continue;
        await pause(Math.max(retryDelay(failures, Math.random()), mustWait(failure)), signal);
      }
    }
  };

  return {
    start: () => {
      stopListening = routes.onChange(() => {
        if (routes.reading() !== status.route) engagement.abort();
      });
      following = follow();
    },
    stop: async () => {
      stopping.abort();
      engagement.abort();
      stopListening();
      await Promise.all([following, onDemand.stop(), ...passes]);
    },
    status: () => status,
    onDemand,
    pass: (route) => {
      const run = async (): Promise<Result<null, AppError>> => {
        const opened = await openUnless(stopping.signal, route);
        if (!opened.ok) {
          if (!stopping.signal.aborted) report('reading', route, opened.error);
          return opened;
        }
        const close = (): void => void opened.value.close();
        stopping.signal.addEventListener('abort', close, { once: true });
        try {
          const passed = await everydayPass({
            session: opened.value,
            route,
            isShown: false,
            hasNews: () => false,
          });
          if (passed.ok || !isOurs(passed.error)) report('reading', route, passed.ok ? null : passed.error);
          return passed.ok ? ok(null) : passed;
        } catch (error) {
          return err(storageFailure(error, log));
        } finally {
          stopping.signal.removeEventListener('abort', close);
          await opened.value.close();
        }
      };
      const running = run();
      passes.add(running);
      void running.finally(() => passes.delete(running));
      return running;
    },
    poke: () => {
      isPoked = true;
      wake();
    },
  };
}

/**
 * How long a server is left alone at least, in milliseconds: as long as one that throttles asks, and long enough that
 * refused credentials do not lock the mailbox.
 */
function mustWait({ code, context }: AppError): number {
  if (code === 'auth.refused') return refusedWaitMs;
  return typeof context?.waitMs === 'number' ? context.waitMs : 0;
}

/** A session that works for one route. */
interface Work {
  readonly session: ImapSession;
  readonly route: Route;
  /** Whether the person is shown how far it is. */
  readonly isShown: boolean;
  /** Whether there is news in the Inbox, since it was asked last. */
  readonly hasNews: () => boolean;
}

interface Listener {
  /** Listens unless it does already, or pauses. */
  ensure(): void;
  stop(): void;
}

/** Failures that say nothing about a server. */
function isOurs({ code }: AppError): boolean {
  return /^(storage|database|engine|keystore)\./.test(code);
}
