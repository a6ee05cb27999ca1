import type { Clock } from '../../../ports.ts';

/** Real time that passes `factor` times as fast from `start` on: what waits for a minute waits for seconds. */
export function scaledClock(factor: number, start = Date.now()): Clock {
  const origin = performance.now();
  return {
    now: () => Math.round(start + (performance.now() - origin) * factor),
    after: (ms, run) => {
      const timer = setTimeout(run, ms / factor);
      return () => clearTimeout(timer);
    },
  };
}
