import type { AppError } from '../../../shared/errors.ts';
import type { AccountId, EpochMs } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { fingerprintOfStored } from '../cache/identity.ts';
import {
  carriedProperties,
  hasLeftovers,
  type OpenEntry,
  openEntries,
  type PrimaryCopy,
  primaryCopies,
} from '../cache/queries/journal-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { ImapSession } from '../mail/types.ts';
import type { Announce, Clock, Logger, Random, Routes } from '../ports.ts';
import { createWorker } from '../worker.ts';
import { createCarrier } from './carrier.ts';
import { handoverEndsAt } from './core/patience.ts';
import { planReconcile } from './core/plan.ts';
import { countsFor, type ExchangeMailbox, exchangeMailboxOver } from './exchange-mailbox.ts';

const firstPauseMs = 5_000;
const longestPauseMs = 15 * 60_000;
/** How often to see whether an outage that is over has left something, e.g. a message decided on only now. */
const leftoversMs = 60_000;
/** How often to see what the gateway has brought while it is waited for. */
const handoverLookMs = 10_000;
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
  readonly random: Random;
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
 * is committed before, and before anything is appended it is looked for.
 */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { account, db, routes, clock, log } = options;
  const carrier = createCarrier(options);
  let isAsked = false;
  /** Exchange is back: what was put off is tried once. */
  let isFresh = false;
  let returnedAt: EpochMs = 0;
  let lastHandedOverAt: EpochMs | null = null;
  const passFailures: Record<Route, number> = { primary: 0, continuity: 0 };
  let pauses = 0;
  const worker = createWorker(clock, carryOver);
  let unsubscribe: () => void = () => {};

  async function carryOver(): Promise<number | null> {
    if (routes.reading() !== 'primary') {
      // Failover asks again when Exchange is back, and the gateway gets its time again.
      isAsked = false;
      return null;
    }
    try {
      if (!isAsked && !hasLeftovers(db, account.id)) return await tidy();
      return await oneRound();
    } catch (error) {
      log.warn('not stored', { code: classifyStorageError(error).code });
      return pauseMs();
    }
  }

  /** Nothing is left to be brought: sees to what stands there twice. */
  async function tidy(): Promise<number> {
    const exchange = lazily(() => options.openSession('primary'), []);
    try {
      const tidied = await carrier.removeDoubles(exchange.open);
      if (!tidied.ok) log.warn('doubles not seen to', { code: tidied.error.code });
    } finally {
      await exchange.close();
    }
    return leftoversMs;
  }

  /** How long the gateway is still waited for, in milliseconds. A clock set back makes it no longer. */
  function awaitedMs(): number {
    if (!isAsked) return 0;
    const now = clock.now();
    returnedAt = Math.min(returnedAt, now);
    return Math.max(
      0,
      handoverEndsAt(returnedAt, lastHandedOverAt, options.policy.handoverWaitSeconds * 1000) - now,
    );
  }

  async function oneRound(): Promise<number | null> {
    // Read once: what is decided on later must not change it.
    const waitsMs = awaitedMs();
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
    const now = clock.now();
    const journal = [...entries.values()].map((entry) => ({
      ...entry,
      isVerified: false,
      isPutOff: !isFresh && entry.notBefore > now,
    }));
    const steps = planReconcile(journal, copies, waitsMs > 0);
    const entryOf = ({ id }: { readonly id: OpenEntry['id'] }): OpenEntry[] => {
      const entry = entries.get(id);
      return entry === undefined ? [] : [entry];
    };

    const exchange = lazily(
      () => options.openSession('primary'),
      journal.filter(({ isPutOff }) => !isPutOff),
    );
    try {
      const standing = steps.flatMap((step) =>
        step.kind === 'verify' ? entryOf(step).map((entry) => ({ entry, as: step.as, copy: step.copy })) : [],
      );
      if (standing.some(({ as }) => as === 'handedOver')) lastHandedOverAt = now;
      const verified = await carrier.verify(standing, exchange.open);
      if (!verified.ok) return interrupted(verified.error);
      if (steps.some(({ kind }) => kind === 'wait'))
        return Math.min(handoverLookMs, Math.max(1, awaitedMs()));
      const missing = steps.flatMap((step) => (step.kind === 'append' ? entryOf(step) : []));
      const brought = await carrier.bring(missing, exchange.open);
      if (!brought.ok) return interrupted(brought.error);
    } finally {
      await exchange.close();
    }
    isFresh = false;
    return hasLateArrivals ? finished() : pauseMs();
  }

  /** Opened when first needed: where the gateway brought everything, with its flags, no connection is. */
  function lazily(open: () => Promise<Result<ImapSession, AppError>>, entries: readonly OpenEntry[]) {
    let mailbox: ExchangeMailbox | null = null;
    return {
      open: async (): Promise<Result<ExchangeMailbox, AppError>> => {
        if (mailbox !== null) return ok(mailbox);
        const opened = await open();
        if (!opened.ok) return opened;
        mailbox = exchangeMailboxOver(opened.value, {
          entries,
          since: entries.reduce(
            (oldest, { messageId }) => Math.min(oldest, carriedProperties(db, messageId).internalDate),
            clock.now(),
          ),
          // What was written here has a Message-ID that nothing else bears.
          fingerprint: ({ direction, messageId }) =>
            direction === 'sent' ? null : fingerprintOfStored(db, messageId),
        });
        return ok(mailbox);
      },
      close: async () => mailbox?.close(),
    };
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
        returnedAt = clock.now();
        lastHandedOverAt = null;
      }
      isFresh = true;
      pauses = 0;
      worker.wake();
    },
    stop: async () => {
      unsubscribe();
      await worker.stop();
    },
  };
}
