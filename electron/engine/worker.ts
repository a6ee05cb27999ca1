import type { Clock } from './ports.ts';

/** How long `stop` waits for what is under way. */
const stopMs = 5_000;

export interface Worker {
  /**
   * There may be something to do. Any number of calls while it works make it look once more. It begins after the caller
   * has gone on, so that a transaction of the caller's stays its own.
   */
  wake(): void;
  /** Nothing begins any more. Resolves when what is under way has ended, or has been given up. */
  stop(): Promise<void>;
}

/**
 * Does one thing at a time: `work` does all there is to do, and says in how many milliseconds to look again (null: not
 * by itself).
 */
export function createWorker(clock: Clock, work: () => Promise<number | null>): Worker {
  let isWanted = false;
  let isStopped = false;
  let underWay: Promise<void> | null = null;
  let cancelTimer = (): void => {};

  async function run(): Promise<void> {
    let pause: number | null = null;
    while (isWanted && !isStopped) {
      isWanted = false;
      pause = await work();
    }
    underWay = null;
    if (pause !== null && !isStopped) cancelTimer = clock.after(pause, wake);
  }

  function wake(): void {
    if (isStopped) return;
    isWanted = true;
    cancelTimer();
    underWay ??= Promise.resolve().then(run);
  }

  return {
    wake,
    stop: async () => {
      isStopped = true;
      cancelTimer();
      if (underWay === null) return;
      const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<void>();
      const cancel = clock.after(stopMs, giveUp);
      await Promise.race([underWay, givenUp]);
      cancel();
    },
  };
}
