import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs, InternetMessageId } from '../../../shared/model/ids.ts';
import type { DeliveryReport } from '../../../shared/model/outgoing.ts';
import { routes as allRoutes, type Route } from '../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import {
  deliveryReportOf,
  frozenMessage,
  type HandedMessage,
  isKnownInSent,
  messagesToSettle,
  noteDeliveryReport,
  referenceTo,
  setFiled,
} from '../cache/queries/outbox-store.ts';
import type { Owner } from '../owner.ts';
import type { Announce, Clock, Logger, Routes } from '../ports.ts';
import { createWorker, type Worker } from '../worker.ts';
import { pauseAfter } from './core/next-attempt.ts';
import type { Doors, SentFolder } from './doors.ts';
import { happen } from './transition.ts';

/** What the continuity provider's delivery log says of a Message-ID; `notFound` where there is none to ask. */
export type AskDeliveryLog = (id: InternetMessageId) => Promise<Result<DeliveryReport, AppError>>;

export interface SettlerOptions<A> {
  readonly owner: Owner<A>;
  readonly db: Database;
  readonly doors: Doors<A>;
  readonly routes: Routes;
  /** How long a server is given to file by itself what it took. */
  readonly policy: { readonly sentCopyWaitSeconds: number };
  readonly deliveryLog?: AskDeliveryLog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: Announce;
  /** Commits, waiting for room on the disk if need be. False: stopped before it could. */
  readonly store: (write: () => void) => Promise<boolean>;
}

/** How often mail that came is looked through for word of what may have been taken, in milliseconds. */
const evidencePauseMs = 15_000;
/** How long after an answer the delivery log is asked again at most, and for how long a provider without one is not. */
const longestLogPauseMs = 60 * 60_000;
const noLogPauseMs = 24 * 60 * 60_000;

export interface Settler extends Worker {
  /** Another route: whatever pauses is worth a look at once. */
  forgetPauses(): void;
}

/**
 * Settles in the Sent folders what submission left open. What a server may have taken is looked for: found, it was
 * accepted; not found for long enough, it is uncertain, and stays so until it turns up or the person decides. What a
 * server took is filed: most do it themselves, so it is looked for before each APPEND, which also makes an APPEND
 * that a crash cut off harmless.
 */
export function createSettler<A>(options: SettlerOptions<A>): Settler {
  const { owner, db, routes, policy, clock, log, announce, store } = options;
  const waitMs = (): number => policy.sentCopyWaitSeconds * 1000;
  /** When to look next; without an entry at once, or for the copy of an accepted message once the server had time. */
  const lookAt = new Map<string, { readonly at: EpochMs; readonly setAt: EpochMs }>();
  /** Since when a server has its time: since its answer, or, where the clock was set back behind that, since then. */
  const waitsFrom = new Map<string, EpochMs>();
  const failures = new Map<Route, number>();
  const askLog = async (id: InternetMessageId): Promise<Result<DeliveryReport, AppError>> =>
    options.deliveryLog?.(id) ?? err(appError('notFound', 'never'));
  /** Not before is the delivery log asked. */
  let logAskableAt: EpochMs = 0;

  /** Exchange is left alone while it is not a route; continuity may be visited whenever there is a network. */
  function isOpen(route: Route): boolean {
    const [reading, sending] = [routes.reading(), routes.sending()];
    return route === 'primary'
      ? reading === route || sending === route
      : reading !== null || sending !== null;
  }

  /** A clock set back makes nobody wait longer than the server is given. */
  function leftToWait({ id, endedAt }: HandedMessage<A>, now: EpochMs): number {
    const key = `${id} ${endedAt}`;
    const from = Math.min(endedAt, now, waitsFrom.get(key) ?? now);
    waitsFrom.set(key, from);
    return Math.max(0, from + waitMs() - now);
  }

  /** Null: nothing was set. A clock that was set back ends the pause, unless only an event ends it. */
  function pausedFor(key: string, now: EpochMs): number | null {
    const paused = lookAt.get(key);
    if (paused === undefined) return null;
    return now < paused.setAt && Number.isFinite(paused.at) ? 0 : Math.max(0, paused.at - now);
  }

  function pauseOf(message: HandedMessage<A>, now: EpochMs): number {
    const paused = pausedFor(keyOf(message), now);
    if (paused !== null) return paused;
    return message.state === 'accepted' ? leftToWait(message, now) : 0;
  }

  async function settle(): Promise<number | null> {
    const now = clock.now();
    await settleFromCopies();
    await settleFromLog(now);
    const due = messagesToSettle(db, owner).filter((message) => pauseOf(message, now) === 0);
    for (const route of allRoutes) await visit(route, due);
    await giveUpLooking(due, now);
    return nextPause(now);
  }

  /** Sync may have met it already. */
  async function settleFromCopies(): Promise<void> {
    for (const message of messagesToSettle(db, owner)) {
      if (message.state !== 'accepted') await settleFromMail(message);
      const route = routesToLook(message).find((each) => isKnownInSent(db, message.messageId, each));
      if (route !== undefined) await found(message, route);
    }
  }

  /** Somebody who answers it has got it, and so had the mail system that sends it back. */
  async function settleFromMail(message: HandedMessage<A>): Promise<void> {
    const reference = message.takenAt === null ? referenceTo(db, message) : null;
    if (reference === null) return;
    const kind = reference === 'reply' ? 'answered' : 'bounced';
    await store(() => happen(db, message.id, { kind }, clock.now()));
    log.info('known to have been taken', { by: reference });
    for (const topic of ['outbox', 'conversations', 'ledger'] as const) announce(topic);
  }

  /** Asked at once, then whenever twice the time has passed since the connection ended. */
  async function settleFromLog(now: EpochMs): Promise<void> {
    if (!isOpen('continuity')) return;
    for (const message of messagesToSettle(db, owner)) {
      if (now < logAskableAt) return;
      if (message.state === 'accepted' || message.takenAt !== null || message.route !== 'continuity')
        continue;
      const askedAt = deliveryReportOf(db, message.id)?.askedAt ?? message.endedAt;
      if (askedAt > message.endedAt && now < askedAt + logPauseOf(message, askedAt)) continue;
      const answer = await askLog(message.internetMessageId);
      if (!answer.ok) {
        log.info('delivery log not read', { code: answer.error.code });
        logAskableAt = now + pauseAfterLogError(answer.error);
        return;
      }
      await store(() => {
        noteDeliveryReport(db, message.id, answer.value, clock.now());
        if (answer.value.outcome === 'taken') happen(db, message.id, { kind: 'logged' }, clock.now());
      });
      log.info('delivery log read', { outcome: answer.value.outcome });
      for (const topic of ['outbox', 'conversations', 'ledger'] as const) announce(topic);
    }
  }

  const logPauseOf = ({ endedAt }: HandedMessage<A>, askedAt: EpochMs): number =>
    Math.min(longestLogPauseMs, Math.max(evidencePauseMs, askedAt - endedAt));

  /** Filing concerns the route that took the message; a message of which that is open may have been taken by any. */
  function routesToLook(message: HandedMessage<A>): readonly Route[] {
    // Some have it anyhow, and with them a copy in Sent: it says nothing about the others.
    if (message.state !== 'accepted' && message.takenAt !== null) return [];
    return message.state === 'accepted' ? [message.route] : allRoutes;
  }

  async function visit(route: Route, due: readonly HandedMessage<A>[]): Promise<void> {
    const messages = due.filter((message) => routesToLook(message).includes(route) && isUnsettled(message));
    if (messages.length === 0 || !isOpen(route)) return;
    const visited = await options.doors.withSentFolder(route, async (folder) => {
      for (const message of messages) {
        const settled = await settleIn(folder, route, message);
        if (!settled.ok) return settled;
      }
      return ok(null);
    });
    if (visited.ok) {
      failures.delete(route);
      return;
    }
    const count = (failures.get(route) ?? 0) + 1;
    failures.set(route, count);
    log.warn('sent folder not reached', { route, code: visited.error.code });
    const setAt = clock.now();
    for (const message of messages) lookAt.set(keyOf(message), { at: setAt + pauseAfter(count), setAt });
  }

  async function settleIn(
    folder: SentFolder<A>,
    route: Route,
    message: HandedMessage<A>,
  ): Promise<Result<null, AppError>> {
    const has = await folder.has(message);
    if (!has.ok) return has;
    if (has.value) await found(message, route);
    if (has.value || message.state !== 'accepted') return ok(null);
    const filed = await folder.file(message, frozenMessage(db, owner, message.id));
    if (!filed.ok) return filed;
    await store(() => setFiled(db, message.id, clock.now()));
    return ok(null);
  }

  async function found(message: HandedMessage<A>, route: Route): Promise<void> {
    await store(() => happen(db, message.id, { kind: 'foundInSent', route }, clock.now()));
    if (message.state === 'accepted') return;
    log.info('found in sent', { route });
    for (const topic of ['outbox', 'conversations', 'ledger'] as const) announce(topic);
  }

  /** Once the server had its time and the message was not seen, the person is asked. */
  async function giveUpLooking(due: readonly HandedMessage<A>[], now: EpochMs): Promise<void> {
    for (const message of due) {
      if (message.state === 'accepted' || !isUnsettled(message)) continue;
      // A folder that could not be reached has set a pause; what was looked for and not seen waits for another route.
      const paused = pausedFor(keyOf(message), now) ?? 0;
      const again = paused > 0 ? now + paused : Number.POSITIVE_INFINITY;
      const left = message.state === 'handedOver' ? leftToWait(message, now) : 0;
      if (left > 0) {
        lookAt.set(keyOf(message), { at: Math.min(now + left, again), setAt: now });
        continue;
      }
      lookAt.set(keyOf({ ...message, state: 'uncertain' }), { at: again, setAt: now });
      if (message.state === 'uncertain') continue;
      await store(() => happen(db, message.id, { kind: 'notFoundInSent' }, clock.now()));
      announce('outbox');
      announce('conversations');
    }
  }

  /** What is to be done about a message depends on its state, and so does when. */
  function keyOf({ id, state }: HandedMessage<A>): string {
    return `${id} ${state}`;
  }

  function isUnsettled({ id }: HandedMessage<A>): boolean {
    return messagesToSettle(db, owner).some((message) => message.id === id);
  }

  function nextPause(now: EpochMs): number | null {
    const messages = messagesToSettle(db, owner);
    const pauses = messages
      .filter((message) => routesToLook(message).some(isOpen) || message.state === 'handedOver')
      .map((message) => pauseOf(message, now))
      .filter(Number.isFinite);
    if (messages.some(({ state }) => state !== 'accepted')) pauses.push(evidencePauseMs);
    return pauses.length === 0 ? null : Math.min(...pauses);
  }

  return {
    ...createWorker(clock, settle),
    forgetPauses: () => {
      lookAt.clear();
      failures.clear();
    },
  };
}

/** A provider that says no offers no log; what is out of reach is tried again with the rest. */
function pauseAfterLogError({ code, context }: AppError): number {
  if (code === 'notFound' || code === 'enrolment.refused') return noLogPauseMs;
  return typeof context?.waitMs === 'number' ? context.waitMs : evidencePauseMs * 4;
}
