import { type AppError, appError } from '../../../shared/errors.ts';
import type { OutgoingId } from '../../../shared/model/ids.ts';
import type { OutgoingDecision, OutgoingSummary } from '../../../shared/model/outgoing.ts';
import { routes as allRoutes, type Route } from '../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import {
  endAttempt,
  endAttemptsLeftOpen,
  endPauses,
  frozenMessage,
  insertAttempt,
  listOutgoing,
  noteDataBegan,
  outgoingIn,
  pauseUntil,
  queuedMessages,
} from '../cache/queries/outbox-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { SubmissionOutcome } from '../mail/types.ts';
import type { Owner } from '../owner.ts';
import type { Announce, Clock, IdentitySource, Logger, ReportTraffic, Routes } from '../ports.ts';
import { createWorker } from '../worker.ts';
import { nextAttempt, pauseAfter } from './core/next-attempt.ts';
import type { OutgoingEvent } from './core/outgoing-machine.ts';
import { waitsFor } from './core/way-out.ts';
import type { Doors } from './doors.ts';
import { createSettler } from './settler.ts';
import { happen } from './transition.ts';

/** How long to wait for a full disk to have room again. */
const storagePauseMs = 5_000;

export interface OutboxOptions<A> {
  readonly owner: Owner<A>;
  readonly db: Database;
  readonly doors: Doors<A>;
  readonly identities: Pick<IdentitySource, 'mayLeaveByContinuity'>;
  readonly routes: Routes;
  readonly report: ReportTraffic;
  readonly policy: { readonly sentCopyWaitSeconds: number };
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: Announce;
}

export interface Outbox {
  /** Settles what a crash left, then sends whatever waits, for ever. */
  start(): void;
  /** A submission under way is given a few seconds; if it takes longer, the next start finds it as after a crash. */
  stop(): Promise<void>;
  /** Everything not yet accepted or discarded, oldest first. */
  list(): readonly OutgoingSummary[];
  /** `input.invalid` when the message is in no state to be decided on (any more), `notFound`, `storage.*`. */
  decide(id: OutgoingId, decision: OutgoingDecision): Result<null, AppError>;
  /** A message was queued, or the identities that the provider may send for have changed. */
  poke(): void;
}

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

  const settler = createSettler({ ...options, store });
  const submitters = allRoutes.map((route) => createWorker(clock, () => submitWaiting(route)));
  let unsubscribe = (): void => {};

  function wakeAll(): void {
    for (const submitter of submitters) submitter.wake();
    settler.wake();
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
    while (!isStopped && routes.sending() === route) {
      const mayLeave = queuedMessages(db, owner.accountId).filter(
        ({ from }) => waitsFor(route, options.identities.mayLeaveByContinuity(from)) === null,
      );
      const next = nextAttempt(mayLeave, clock.now());
      if (next.kind === 'idle') return null;
      if (next.kind === 'wait') return next.ms;
      await attempt(next.id, route);
    }
    return null;
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
    const outcome = await options.doors.submit(route, frozen, async () => {
      db.transaction(() => {
        noteDataBegan(db, attemptId, clock.now());
        happen(db, id, { kind: 'dataBegan' }, clock.now());
      }).immediate();
      announce('outbox');
    });
    const isStored = await store(() => {
      const now = clock.now();
      endAttempt(db, attemptId, { at: now, outcome: outcome.kind, response: codesOf(outcome) });
      happen(db, id, eventOf(outcome), now);
      if (outcome.kind === 'deferred') pauseUntil(db, id, now + pauseOf(id, route));
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
    if (outcome.kind !== 'deferred') failures.delete(id);
    wakeAll();
  }

  /** No pause when meanwhile there is another way. */
  function pauseOf(id: OutgoingId, route: Route): number {
    if (routes.sending() !== route) return 0;
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
    const route = routes.sending();
    return listOutgoing(db, owner.accountId).map(({ from, ...summary }) => ({
      ...summary,
      waitsFor:
        summary.state === 'queued' ? waitsFor(route, options.identities.mayLeaveByContinuity(from)) : null,
    }));
  }

  function decide(id: OutgoingId, decision: OutgoingDecision): Result<null, AppError> {
    try {
      const moved = db
        .transaction(() => {
          const now = clock.now();
          const states = happen(db, id, { kind: 'decided', decision }, now);
          if (decision === 'sendAgain' && states?.after === 'queued') pauseUntil(db, id, now);
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

  return {
    start: () => void settleCrash(),
    stop: async () => {
      isStopped = true;
      unsubscribe();
      await Promise.all([...submitters, settler].map((worker) => worker.stop()));
    },
    list,
    decide,
    poke: wakeAll,
  };
}

function eventOf(outcome: SubmissionOutcome): OutgoingEvent {
  return { kind: outcome.kind === 'unknown' ? 'lost' : outcome.kind };
}

/** The reply code and the enhanced one (RFC 3463) of the server's answer: the rest of its text may hold addresses. */
function codesOf(outcome: SubmissionOutcome): string | null {
  if (outcome.kind === 'unknown' || outcome.response === null) return null;
  return /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(outcome.response)?.[0] ?? null;
}
