import type { AppError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';
import type { Clock } from '../ports.ts';

/** A signed-in IMAP connection without any other traffic, so that a slow answer means something. */
export interface ControlSession {
  noop(deadlineMs: number): Promise<Result<null, AppError>>;
  /** Resolves when the connection has ended, with the reason. */
  readonly closed: Promise<AppError>;
  close(): Promise<void>;
}

/** Opens a control session; always settles, within a time budget of its own. */
export type OpenControlSession = () => Promise<Result<ControlSession, AppError>>;

export interface ControlWatch {
  /** Opens a session, or asks the one that stands at once. */
  connect(): void;
  /** Asks the one that stands at once; opens none. */
  ask(): void;
  /** Ends it; nothing is heard from it any more. Resolves when it is closed. */
  drop(): Promise<void>;
}

/**
 * Keeps one control session and asks it for a sign of life every `pace().probeMs`. `answered` after every answer, `failed`
 * once when it could not be opened or is lost; connecting again is the caller's decision.
 */
export function watchControl(options: {
  readonly open: OpenControlSession;
  readonly clock: Clock;
  readonly pace: () => { readonly probeMs: number; readonly deadlineMs: number };
  readonly answered: () => void;
  readonly failed: (error: AppError) => void;
}): ControlWatch {
  const { open, clock, pace, answered, failed } = options;
  // What belongs to an older generation was dropped: its results no longer count.
  let generation = 0;
  let isOpening = false;
  let isAsking = false;
  let session: ControlSession | null = null;
  let stopPause = (): void => {};

  const drop = async (): Promise<void> => {
    generation += 1;
    isOpening = false;
    isAsking = false;
    stopPause();
    const dropped = session;
    session = null;
    await dropped?.close();
  };

  const lose = (error: AppError): void => {
    void drop();
    failed(error);
  };

  const begin = async (): Promise<void> => {
    const mine = generation;
    isOpening = true;
    const opened = await open();
    if (mine !== generation) return opened.ok ? opened.value.close() : undefined;
    isOpening = false;
    if (!opened.ok) return lose(opened.error);
    session = opened.value;
    void session.closed.then((reason) => {
      if (mine === generation) lose(reason);
    });
    heard();
  };

  const ask = async (standing: ControlSession): Promise<void> => {
    if (isAsking) return;
    const mine = generation;
    stopPause();
    isAsking = true;
    const answer = await standing.noop(pace().deadlineMs);
    if (mine !== generation) return;
    isAsking = false;
    if (answer.ok) heard();
    else lose(answer.error);
  };

  const heard = (): void => {
    const standing = session;
    if (standing !== null) stopPause = clock.after(pace().probeMs, () => void ask(standing));
    answered();
  };

  return {
    connect: () => {
      if (session !== null) void ask(session);
      else if (!isOpening) void begin();
    },
    ask: () => {
      if (session !== null) void ask(session);
    },
    drop,
  };
}
