import type { AppError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { Clock, Logger } from '../ports.ts';
import { createWorker } from '../worker.ts';
import type { ImapSession } from './types.ts';

/** Shorter than a firewall forgets a connection, and than the half hour after which a server may end it. */
const askEveryMs = 4 * 60_000;
const deadlineMs = 10_000;
const lookEveryMs = 5_000;
/** What was lost or refused is tried again no sooner than this. */
const pauseMs = 60_000;

export interface WarmSessionOptions {
  readonly open: () => Promise<Result<ImapSession, AppError>>;
  /** Whether policy wants one to stand. */
  readonly isAllowed: () => boolean;
  /** Whether all is well. While Exchange is doubted or away, none is opened and none is asked. */
  readonly isCalm: () => boolean;
  /** How long until this laptop's turn that is not within `earliestMs`: not everybody comes in the same second. */
  readonly untilTurn: (earliestMs: number) => number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A session with continuity that is signed in before it is needed, so that an outage begins with mail. */
export interface WarmSession {
  start(): void;
  /** The session that stands, the taker's from now on; null: there is none. */
  take(): ImapSession | null;
  isReady(): boolean;
  stop(): Promise<void>;
}

export function createWarmSession(options: WarmSessionOptions): WarmSession {
  const { clock, log } = options;
  let session: ImapSession | null = null;
  let isDue = false;
  let earliestMs = 0;
  const worker = createWorker(clock, keep);

  async function keep(): Promise<number> {
    if (!options.isAllowed()) await drop();
    if (!options.isAllowed() || !options.isCalm()) {
      isDue = false;
      return lookEveryMs;
    }
    if (session !== null) {
      if (session.isUsable && (await session.noop(deadlineMs)).ok) return askEveryMs;
      await drop();
    }
    if (!isDue) {
      isDue = true;
      const waitMs = options.untilTurn(earliestMs);
      earliestMs = pauseMs;
      return waitMs;
    }
    isDue = false;
    const opened = await options.open();
    if (opened.ok) session = opened.value;
    log.info('warmed', { code: opened.ok ? null : opened.error.code });
    return opened.ok ? askEveryMs : lookEveryMs;
  }

  async function drop(): Promise<void> {
    const dropped = session;
    session = null;
    await dropped?.close();
  }

  return {
    start: worker.wake,
    isReady: () => session?.isUsable === true,
    take: () => {
      const taken = session;
      session = null;
      return taken?.isUsable === true ? taken : null;
    },
    stop: async () => {
      await worker.stop();
      await drop();
    },
  };
}
