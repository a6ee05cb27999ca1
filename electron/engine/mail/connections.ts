import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { err, type Result } from '../../../shared/result.ts';
import type { ImapSession } from './types.ts';

/**
 * Connections of one account to one server at a time: what sync works with, what it listens with, and one for whoever
 * else comes (outbox, reconcile, a rehearsal, a pass on demand), one after the other. The control connection of failover
 * is one besides.
 */
const mostConnections = 3;
/** Longer than a server may ask for: whoever names a time like that does not mean it. */
const longestBackOffMs = 60 * 60_000;

/** What a server has asked for: that nothing be sent for a while. */
export interface BackOff {
  /** It asked for `waitMs` from now on. */
  told(waitMs: number): void;
  /** For how many milliseconds nothing may be sent; 0: go on. */
  remainingMs(): number;
}

export function createBackOff(now: () => EpochMs): BackOff {
  let until: EpochMs = 0;
  return {
    told: (waitMs) => {
      until = Math.max(until, now() + Math.min(waitMs, longestBackOffMs));
    },
    remainingMs: () => Math.max(0, until - now()),
  };
}

/** What is said instead of asking a server that has asked to be left alone. */
export function leftAlone(waitMs: number): AppError {
  return appError('server.throttled', 'later', { waitMs });
}

export interface Connections {
  /**
   * Opens a connection when there is room for it, in the order of asking. `server.throttled` with `waitMs`, and nothing is
   * sent, as long as the server has asked to be left alone.
   */
  open(route: Route): Promise<Result<ImapSession, AppError>>;
}

/** The connections of one account. `openSession` is given what the route's server has asked for, and tells of more. */
export function createConnections({
  openSession,
  now,
}: {
  readonly openSession: (route: Route, backOff: BackOff) => Promise<Result<ImapSession, AppError>>;
  readonly now: () => EpochMs;
}): Connections {
  const ways: Readonly<Record<Route, Way>> = { primary: newWay(now), continuity: newWay(now) };

  return {
    open: async (route) => {
      const way = ways[route];
      await way.enter();
      const waitMs = way.backOff.remainingMs();
      const opened = waitMs > 0 ? err(leftAlone(waitMs)) : await openSession(route, way.backOff);
      if (opened.ok) void opened.value.closed.then(way.leave);
      else way.leave();
      return opened;
    },
  };
}

interface Way {
  readonly backOff: BackOff;
  /** Resolves when there is room for one more. */
  enter(): Promise<void>;
  leave(): void;
}

function newWay(now: () => EpochMs): Way {
  const waiting: (() => void)[] = [];
  let free = mostConnections;
  return {
    backOff: createBackOff(now),
    enter: () => {
      if (free === 0) return new Promise((resolve) => waiting.push(resolve));
      free -= 1;
      return Promise.resolve();
    },
    leave: () => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}
