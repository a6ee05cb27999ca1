import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { fingerprintOfStored } from '../cache/identity.ts';
import {
  carriedProperties,
  hasLeftovers,
  noteAppendStarted,
  noteFailed,
  noteVerified,
  type OpenEntry,
  openEntries,
  type PrimaryCopy,
  primaryCopies,
  sourceOf,
} from '../cache/queries/journal-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { ImapSession } from '../mail/types.ts';
import type { Announce, Clock, Logger, Routes } from '../ports.ts';
import { createWorker } from '../worker.ts';
import { planReconcile } from './core/plan.ts';
import {
  countsFor,
  type ExchangeCopy,
  type ExchangeMailbox,
  openExchangeMailbox,
} from './exchange-mailbox.ts';

const firstPauseMs = 5_000;
const longestPauseMs = 15 * 60_000;
/** How often to see whether an outage that is over has left something, e.g. a message decided on only now. */
const leftoversMs = 60_000;
/**
 * How often a pass over a route may fail before it goes on without: a continuity that is gone has no more mail to give,
 * and what a pass over Exchange does not find is looked for before it is appended anyway.
 */
const passTries = 3;

export interface ReconcilerOptions {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  readonly openSession: (route: Route) => Promise<Result<ImapSession, AppError>>;
  readonly syncPass: (route: Route) => Promise<Result<null, AppError>>;
  readonly routes: Routes;
  readonly policy: { readonly handoverWaitSeconds: number };
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: Announce;
  /** Called when everything in the journal has had its turn; what failed is tried again without anybody waiting. */
  readonly done: () => void;
}

export interface Reconciler {
  /** Takes up what outages that are over have left. */
  start(): void;
  /** Exchange is back: carry everything over, then call `done`. Calls while it runs make it look again at once. */
  run(): void;
  stop(): Promise<void>;
}

/**
 * Carries over what was received and sent while Exchange was away. Can be killed at any step: what it is about to do
 * is committed before, and where an APPEND may have reached Exchange it looks before it appends again.
 */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { account, db, routes, clock, log, announce } = options;
  let isAsked = false;
  let isHandoverAwaited = false;
  let cancelHandover = (): void => {};
  const passFailures: Record<Route, number> = { primary: 0, continuity: 0 };
  let pauses = 0;
  const worker = createWorker(clock, carryOver);
  let unsubscribe = (): void => {};

  async function carryOver(): Promise<number | null> {
    if (routes.reading() !== 'primary') {
      // Failover asks again when Exchange is back, and the gateway gets its time again.
      isAsked = false;
      return null;
    }
    try {
      if (!isAsked && !hasLeftovers(db, account.id)) return leftoversMs;
      return await oneRound();
    } catch (error) {
      log.warn('not stored', { code: classifyStorageError(error).code });
      return pauseMs();
    }
  }

  async function oneRound(): Promise<number | null> {
    // A continuity that does not answer holds up the end, not the work.
    const hasLateArrivals = !isAsked || (await pass('continuity'));
    if (!(await pass('primary'))) return pauseMs();

    const entries = new Map(openEntries(db, account.id).map((entry) => [entry.id, entry]));
    const copies = new Map(
      [...entries.values()].flatMap((entry): [OpenEntry['id'], PrimaryCopy][] => {
        const copy = primaryCopies(db, entry.messageId).find(({ role }) => countsFor(entry.direction, role));
        return copy === undefined ? [] : [[entry.id, copy]];
      }),
    );
    const journal = [...entries.values()].map((entry) => ({ ...entry, isVerified: false }));
    const steps = planReconcile(journal, copies, isHandoverAwaited);

    const exchange = lazily(() =>
      openExchangeMailbox(
        () => options.openSession('primary'),
        Math.min(...journal.map(({ messageId }) => carriedProperties(db, messageId).internalDate)),
        // What was written here has a Message-ID that nothing else bears.
        ({ direction, messageId }) => (direction === 'sent' ? null : fingerprintOfStored(db, messageId)),
      ),
    );
    try {
      for (const step of steps) {
        if (step.kind === 'wait') return null; // The timer of `run` wakes us.
        const entry = entries.get(step.id);
        if (entry === undefined) continue;
        const result =
          step.kind === 'verify'
            ? await verify(entry, step.as, step.copy, exchange)
            : await append(entry, exchange);
        if (result.ok) continue;
        db.transaction(() => noteFailed(db, entry.id, result.error.code, clock.now())).immediate();
        announce('ledger');
        const mailbox = exchange.current();
        const isAskedToWait = result.error.code === 'server.throttled';
        if (mailbox === null || !mailbox.isUsable || isAskedToWait) return interrupted(result.error);
      }
    } finally {
      await exchange.current()?.close();
    }
    return hasLateArrivals ? finished() : pauseMs();
  }

  /** Brings what is known of a route up to date. True: go on, be it without. */
  async function pass(route: Route): Promise<boolean> {
    const passed = await options.syncPass(route);
    if (passed.ok) {
      passFailures[route] = 0;
      return true;
    }
    passFailures[route] += 1;
    log.warn('pass failed', { route, code: passed.error.code, failures: passFailures[route] });
    return passFailures[route] >= passTries;
  }

  async function verify(
    entry: OpenEntry,
    as: 'handedOver' | 'appended',
    copy: ExchangeCopy & { readonly flags: readonly string[] },
    exchange: LazyMailbox,
  ): Promise<Result<null, AppError>> {
    const wanted = carriedProperties(db, entry.messageId).flags.filter((flag) => !copy.flags.includes(flag));
    if (wanted.length > 0) {
      const mailbox = await exchange.open();
      if (!mailbox.ok) return mailbox;
      const flagged = await mailbox.value.setFlags(copy, wanted);
      if (!flagged.ok) return flagged;
    }
    db.transaction(() =>
      noteVerified(db, entry.id, { as, folder: copy.folder, uid: copy.uid, at: clock.now() }),
    ).immediate();
    announce('ledger');
    return ok(null);
  }

  async function append(entry: OpenEntry, exchange: LazyMailbox): Promise<Result<null, AppError>> {
    const mailbox = await exchange.open();
    if (!mailbox.ok) return mailbox;
    const { flags, internalDate } = carriedProperties(db, entry.messageId);
    const found = await mailbox.value.find(entry, internalDate);
    if (!found.ok) return found;
    if (found.value !== null) {
      const as = entry.isAppendStarted ? 'appended' : 'handedOver';
      return verify(entry, as, { ...found.value, flags: [] }, exchange);
    }
    const source = sourceOf(db, entry.messageId);
    if (source === null) return err(appError('notFound', 'never'));
    db.transaction(() => noteAppendStarted(db, entry.id, clock.now())).immediate();
    const appended = await mailbox.value.append(entry, { source, flags, internalDate });
    if (!appended.ok) return appended;
    return verify(entry, 'appended', { ...appended.value, flags }, exchange);
  }

  /** Exchange cannot be spoken to: nothing more to be done now. */
  function interrupted({ code, context }: AppError): number {
    log.warn('carrying over interrupted', { code });
    return Math.max(pauseMs(), typeof context?.waitMs === 'number' ? context.waitMs : 0);
  }

  function finished(): number {
    const left = openEntries(db, account.id).length;
    log.info('carried over', { left });
    if (isAsked) {
      isAsked = false;
      options.done();
    }
    if (left > 0) return Math.max(leftoversMs, pauseMs());
    pauses = 0;
    return leftoversMs;
  }

  function pauseMs(): number {
    pauses += 1;
    return Math.min(longestPauseMs, firstPauseMs * 2 ** (pauses - 1));
  }

  return {
    start: () => {
      unsubscribe = routes.onChange(worker.wake);
      worker.wake();
    },
    run: () => {
      if (!isAsked) {
        isAsked = true;
        isHandoverAwaited = true;
        cancelHandover();
        cancelHandover = clock.after(options.policy.handoverWaitSeconds * 1000, () => {
          isHandoverAwaited = false;
          worker.wake();
        });
      }
      pauses = 0;
      worker.wake();
    },
    stop: async () => {
      unsubscribe();
      cancelHandover();
      await worker.stop();
    },
  };
}

interface LazyMailbox {
  open(): Promise<Result<ExchangeMailbox, AppError>>;
  current(): ExchangeMailbox | null;
}

/** Opened when first needed: where the gateway brought everything, with its flags, no connection is. */
function lazily(open: () => Promise<Result<ExchangeMailbox, AppError>>): LazyMailbox {
  let mailbox: ExchangeMailbox | null = null;
  return {
    open: async () => {
      if (mailbox !== null) return ok(mailbox);
      const opened = await open();
      if (opened.ok) mailbox = opened.value;
      return opened;
    },
    current: () => mailbox,
  };
}
