import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs, OutgoingId } from '../../../shared/model/ids.ts';
import type {
  HeldMessage,
  LoggedDelivery,
  OutgoingDecision,
  OutgoingSummary,
} from '../../../shared/model/outgoing.ts';
import { routes as allRoutes, type Route } from '../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { deleteDraftOf } from '../cache/queries/draft-store.ts';
import {
  deliveryReportOf,
  endAttempt,
  endAttemptsLeftOpen,
  endNetworkPauses,
  endPauses,
  findOutgoing,
  forgetRefusals,
  frozenMessage,
  heldMessages,
  insertAttempt,
  listOutgoing,
  maxSizeOf,
  noteDotNext,
  noteMaxSize,
  noteRecipients,
  noteRefusalsKnown,
  outgoingIn,
  pauseUntil,
  queuedMessages,
  recipientOutcomes,
} from '../cache/queries/outbox-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { SubmissionOutcome } from '../mail/types.ts';
import type { Owner } from '../owner.ts';
import type { Announce, Clock, IdentitySource, Logger, ReportTraffic, Routes } from '../ports.ts';
import { createWorker } from '../worker.ts';
import { explain } from './core/explain.ts';
import { leftToHold } from './core/hold.ts';
import { nextAttempt, pauseAfter } from './core/next-attempt.ts';
import { settle } from './core/recipient-outcomes.ts';
import { waitsFor } from './core/way-out.ts';
import type { Doors } from './doors.ts';
import { type AskDeliveryLog, createSettler } from './settler.ts';
import { happen } from './transition.ts';

const longestSleepMs = 60 * 60_000;

/** From when on a delivery log that lacks a message proves that it was not taken (docs/provider.md). */
const logIsCompleteAfterMs = 10 * 60_000;

/** How long to wait for a full disk to have room again. */
const storagePauseMs = 5_000;

export interface OutboxOptions<A> {
  readonly owner: Owner<A>;
  readonly db: Database;
  readonly doors: Doors<A>;
  readonly identities: Pick<IdentitySource, 'mayLeaveByContinuity'>;
  readonly routes: Routes;
  /** By which way a message leaves while there is none for the others; null: by none either. */
  readonly urgentRoute?: (id: OutgoingId) => Route | null;
  readonly report: ReportTraffic;
  readonly policy: { readonly sentCopyWaitSeconds: number };
  /** The provider's delivery log; `notFound` where there is none to ask. */
  readonly deliveryLog?: AskDeliveryLog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: Announce;
}

export interface Outbox {
  /** Settles what a crash left, then sends whatever waits, for ever. */
  start(): void;
  /** A submission under way is given a few seconds; if it takes longer, the next start finds it as after a crash. */
  stop(): Promise<void>;
  /** Everything that is under way or needs the person, oldest first. */
  list(): readonly OutgoingSummary[];
  /** `input.invalid` when the message is in no state to be decided on (any more), `notFound`, `storage.*`. */
  decide(id: OutgoingId, decision: OutgoingDecision): Result<null, AppError>;
  /** A message was queued, or the identities that the provider may send for have changed. */
  poke(): void;
  /** The laptop woke, or a network came: what failed for want of one is tried at once. */
  networkCame(): void;
  /** A server of this route answered: what failed to reach it is tried at once. */
  heardFrom(route: Route): void;
}

/** Not before a pause of this length does a sign of life of the route's other server end it, in milliseconds. */
const longEnoughMs = 5_000;

/**
 * Sends one account's queue over the route that failover names, one message at a time on each route, so that a
 * submission that hangs on a dying Exchange holds up nothing on continuity. Every step is committed before the network
 * hears of it; only `happen` changes a state. What waits for Exchange holds up nothing else.
 */
export function createOutbox<A>(options: OutboxOptions<A>): Outbox {
  const { owner, db, routes, clock, log, announce } = options;
  let isStopped = false;
  /** Attempts in a row that came to nothing, since the route last changed. */
  const failures = new Map<OutgoingId, number>();
  const heardAt = new Map<Route, EpochMs>();

  const settler = createSettler({ ...options, store });
  const holds = createWorker(clock, releaseHeld);
  const submitters = allRoutes.map((route) => createWorker(clock, () => submitWaiting(route)));
  let unsubscribe = (): void => {};

  function wakeAll(): void {
    for (const submitter of submitters) submitter.wake();
    settler.wake();
    holds.wake();
  }

  /** Lets go what was held for long enough; yields how long until the next. */
  async function releaseHeld(): Promise<number | null> {
    const due = (message: HeldMessage) => leftToHold(message, clock.now()) === 0;
    if (heldMessages(db, owner.accountId).some(due)) {
      await store(() => {
        for (const message of heldMessages(db, owner.accountId).filter(due))
          happen(db, message.id, { kind: 'released' }, clock.now());
      });
      announce('outbox');
      for (const submitter of submitters) submitter.wake();
    }
    const left = heldMessages(db, owner.accountId).map((message) => leftToHold(message, clock.now()));
    // Timers know no months; a clock that jumps is met within the hour.
    return left.length === 0 ? null : Math.min(...left, longestSleepMs);
  }

  /** Commits; when the disk is full, as soon as it can. What the network already knows must not be lost. False: stopped. */
  async function store(write: () => void): Promise<boolean> {
    while (!isStopped) {
      try {
        db.transaction(write).immediate();
        return true;
      } catch (error) {
        log.warn('not stored', { code: classifyStorageError(error).code });
        await new Promise<void>((resolve) => clock.after(storagePauseMs, resolve));
      }
    }
    return false;
  }

  async function submitWaiting(route: Route): Promise<number | null> {
    while (!isStopped) {
      const mayLeave = queuedMessages(db, owner.accountId).filter(
        (message) => routeOf(message.id) === route && waitOf(route, message) === null,
      );
      const next = nextAttempt(mayLeave, clock.now());
      if (next.kind === 'idle') return null;
      if (next.kind === 'wait') return next.ms;
      await attempt(next.id, route);
    }
    return null;
  }

  /** The one way by which a message may leave now. */
  function routeOf(id: OutgoingId): Route | null {
    return routes.sending() ?? options.urgentRoute?.(id) ?? null;
  }

  function waitOf(route: Route | null, { from, size }: { readonly from: string; readonly size: number }) {
    const mayLeaveByContinuity = options.identities.mayLeaveByContinuity(from);
    return waitsFor(route, { mayLeaveByContinuity, size }, maxSizeOf(db, owner.accountId, 'continuity'));
  }

  async function attempt(id: OutgoingId, route: Route): Promise<void> {
    const frozen = frozenMessage(db, owner, id);
    const begin = db.transaction(() => {
      const attemptId = insertAttempt(db, id, route, clock.now());
      happen(db, id, { kind: 'attemptStarted' }, clock.now());
      return attemptId;
    });
    let attemptId: ReturnType<typeof begin>;
    try {
      attemptId = begin.immediate();
    } catch (error) {
      log.warn('attempt not begun', { code: classifyStorageError(error).code });
      await new Promise<void>((resolve) => clock.after(storagePauseMs, resolve));
      return;
    }
    announce('outbox');
    let maxSize: number | null | undefined;
    const outcome = await options.doors.submit(route, frozen, {
      beforeDot: async () => {
        db.transaction(() => {
          noteDotNext(db, attemptId, clock.now());
          happen(db, id, { kind: 'dotNext' }, clock.now());
        }).immediate();
        announce('outbox');
      },
      met: (server) => {
        maxSize = server.maxSize;
      },
    });
    const { recipients, event } = settle(outcome, frozen.envelope.to);
    const isStored = await store(() => {
      const now = clock.now();
      if (maxSize !== undefined) noteMaxSize(db, owner.accountId, route, maxSize, now);
      endAttempt(db, attemptId, {
        at: now,
        outcome: outcome.kind,
        response: codesOf(outcome),
        sentence: 'sentence' in outcome ? (outcome.sentence ?? null) : null,
        error: 'error' in outcome ? outcome.error.code : null,
      });
      noteRecipients(db, id, recipients, now);
      const states = happen(db, id, event, now);
      if (states?.after === 'queued') pauseUntil(db, id, now + pauseOf(id, route));
    });
    if (!isStored) return;
    log.info('attempt ended', {
      route,
      outcome: outcome.kind,
      code: 'error' in outcome ? outcome.error.code : null,
    });
    if (outcome.kind === 'accepted') {
      announce('conversations');
      announce('ledger');
    }
    announce('outbox');
    const isAnswered = outcome.kind === 'accepted' || outcome.kind === 'rejected';
    options.report('sending', route, isAnswered ? null : outcome.error);
    if (event.kind !== 'deferred' && event.kind !== 'takenForSome') failures.delete(id);
    wakeAll();
  }

  /** No pause when meanwhile there is another way. */
  function pauseOf(id: OutgoingId, route: Route): number {
    if (routeOf(id) !== route) return 0;
    const count = (failures.get(id) ?? 0) + 1;
    failures.set(id, count);
    return pauseAfter(count);
  }

  async function settleCrash(): Promise<void> {
    const isStored = await store(() => {
      const now = clock.now();
      endAttemptsLeftOpen(db, owner.accountId, now);
      for (const id of outgoingIn(db, owner.accountId, ['sending', 'handedOver']))
        happen(db, id, { kind: 'restarted' }, now);
    });
    if (!isStored) return;
    announce('outbox');
    unsubscribe = routes.onChange(() => {
      failures.clear();
      settler.forgetPauses();
      void store(() => endPauses(db, owner.accountId, clock.now())).then(wakeAll);
      // What waits for Exchange says so only while there is another way.
      announce('outbox');
    });
    wakeAll();
  }

  function list(): readonly OutgoingSummary[] {
    return listOutgoing(db, owner.accountId).map(
      ({ from, size, hold, notBefore, takenAt, lastError, isAttemptOpen, ...summary }) => {
        const refused = recipientOutcomes(db, summary.id).flatMap(
          ({ address, outcome, response, sentence }) =>
            outcome === 'refused' ? [{ address, response: response ?? '', sentence: sentence ?? '' }] : [],
        );
        const route = routeOf(summary.id);
        const { reason, next } = explain({
          state: summary.state,
          hold,
          heldUntil: summary.heldUntil,
          notBefore,
          route,
          waitsFor: waitOf(route, { from, size }),
          lastError,
          isAttemptOpen,
          isTakenForSome: takenAt !== null,
          hasUnnotedRefusals: refused.length > 0,
        });
        return {
          ...summary,
          refused,
          reason,
          nextAttemptAt: next.kind === 'time' ? next.at : null,
          isTakenForSome: takenAt !== null,
          deliveryLog: loggedDelivery(summary),
        };
      },
    );
  }

  function loggedDelivery({
    id,
    lastAttemptAt,
  }: Pick<OutgoingSummary, 'id' | 'lastAttemptAt'>): LoggedDelivery | null {
    const report = deliveryReportOf(db, id);
    if (report === null || lastAttemptAt === null || report.askedAt < lastAttemptAt) return null;
    const isSafeToSendAgain =
      report.outcome === 'notTaken' && report.askedAt - lastAttemptAt >= logIsCompleteAfterMs;
    return { ...report, isSafeToSendAgain };
  }

  function decide(id: OutgoingId, decision: OutgoingDecision): Result<null, AppError> {
    try {
      const moved = db
        .transaction(() => {
          const now = clock.now();
          if (decision === 'noteRefused') return noteRefused(id, now);
          const states = happen(db, id, { kind: 'decided', decision }, now);
          if (states?.before !== states?.after && states?.after === 'queued') {
            forgetRefusals(db, id);
            pauseUntil(db, id, now);
          }
          return states;
        })
        .immediate();
      if (moved === null) return err(appError('notFound', 'never'));
      if (moved.before === moved.after)
        return err(appError('input.invalid', 'never', { field: 'decision', state: moved.before }));
    } catch (error) {
      return err(classifyStorageError(error));
    }
    for (const topic of ['outbox', 'conversations', 'ledger'] as const) announce(topic);
    wakeAll();
    return ok(null);
  }

  /** The person knows: the row goes, and what was kept to write to them again. */
  function noteRefused(id: OutgoingId, now: EpochMs): ReturnType<typeof happen> {
    const outgoing = findOutgoing(db, id);
    if (outgoing === null) return null;
    const { state } = outgoing;
    if (state !== 'accepted') return { before: state, after: state };
    noteRefusalsKnown(db, id, now);
    deleteDraftOf(db, id);
    return { before: state, after: 'discarded' };
  }

  return {
    start: () => void settleCrash(),
    stop: async () => {
      isStopped = true;
      unsubscribe();
      await Promise.all([...submitters, settler, holds].map((worker) => worker.stop()));
    },
    list,
    decide,
    poke: wakeAll,
    networkCame: () => {
      failures.clear();
      settler.forgetPauses();
      void store(() => endPauses(db, owner.accountId, clock.now())).then(wakeAll);
    },
    heardFrom: (route) => {
      const now = clock.now();
      const before = heardAt.get(route) ?? Number.NEGATIVE_INFINITY;
      if (now >= before && now - before < longEnoughMs) return;
      heardAt.set(route, now);
      void store(() => {
        if (endNetworkPauses(db, owner.accountId, route, now)) wakeAll();
      });
    },
  };
}

/** The reply code and the enhanced one (RFC 3463) of the server's answer: the rest of its text may hold addresses. */
function codesOf(outcome: SubmissionOutcome): string | null {
  if (outcome.kind === 'unknown' || outcome.response === null) return null;
  return /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(outcome.response)?.[0] ?? null;
}
