import type { Clock, Routes } from '../ports.ts';
import { placeOf, untilTurn } from './core/pace.ts';

export interface ArrivalOptions {
  readonly routes: Routes;
  /** Whose turn it is. */
  readonly address: string;
  /** Read whenever it is needed. */
  readonly policy: { readonly spreadSeconds: number };
  readonly clock: Clock;
  /** Whether a session with continuity stands already: then there is nothing to wait for. */
  readonly isThere?: () => boolean;
}

/**
 * The routes for what goes on by itself: when an outage begins, continuity is read from the laptop's turn on, so that it
 * does not meet everybody in the same second. What the person sends does not wait for that, and an app that starts in
 * an outage does not either.
 */
export function createArrival({
  routes,
  address,
  policy,
  clock,
  isThere = () => false,
}: ArrivalOptions): Routes & { stop(): void } {
  const listeners = new Set<() => void>();
  let before = routes.reading();
  let cancel: (() => void) | null = null;

  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const unsubscribe = routes.onChange(() => {
    const now = routes.reading();
    if (now !== before) {
      before = now;
      cancel?.();
      cancel = null;
      const spread = { spreadMs: policy.spreadSeconds * 1000, place: placeOf(address) };
      const waitMs = now === 'continuity' && !isThere() ? untilTurn(spread, 0, clock.now()) : 0;
      if (waitMs > 0)
        cancel = clock.after(waitMs, () => {
          cancel = null;
          tell();
        });
    }
    tell();
  });

  return {
    reading: () => (cancel === null ? routes.reading() : null),
    sending: () => routes.sending(),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => {
      unsubscribe();
      cancel?.();
    },
  };
}
