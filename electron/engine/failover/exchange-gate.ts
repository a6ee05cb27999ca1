import type { Socket } from 'node:net';
import { type AppError, appError } from '../../../shared/errors.ts';
import { err } from '../../../shared/result.ts';
import { NetworkError } from '../net/failure.ts';
import type { Network, Opened } from '../net/network.ts';

/**
 * The way of one account to Exchange and its identity provider, which an incident shuts. What wants to pass waits for
 * `asked` first: a laptop that starts or wakes in an incident is to hear of it before it shows anybody a credential.
 */
export interface ExchangeGate {
  /** What everything of the account connects by. Shut, it answers for Exchange with `exchange.forbidden`. */
  readonly network: Network;
  /** Cuts every connection to Exchange, and lets none begin. */
  shut(): void;
  open(): void;
}

/** Shorter than any deadline for silence, in milliseconds. */
const tickMs = 250;

export function createExchangeGate(
  network: Network,
  asked: () => Promise<void> = () => Promise.resolve(),
): ExchangeGate {
  const sockets = new Set<Socket>();
  let passage = new AbortController();
  const forbidden = (): AppError => appError('exchange.forbidden', 'later');

  /** Whoever counts silence is told that this is none of Exchange's. */
  const hear = async (onProgress: () => void = () => {}): Promise<void> => {
    const ticking = setInterval(onProgress, tickMs);
    try {
      await asked();
    } finally {
      clearInterval(ticking);
      onProgress();
    }
  };

  const watch = (opened: Opened): void => {
    const { socket } = opened;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };

  return {
    network: {
      open: async (target, limits = {}) => {
        if (target.purpose !== 'primary') return network.open(target, limits);
        await hear(limits.onProgress);
        const { signal } = passage;
        if (signal.aborted) return err(forbidden());
        const opened = await network.open(target, {
          ...limits,
          signal: limits.signal === undefined ? signal : AbortSignal.any([limits.signal, signal]),
        });
        if (opened.ok && !signal.aborted) watch(opened.value);
        else if (opened.ok) opened.value.socket.destroy();
        return signal.aborted ? err(forbidden()) : opened;
      },
      fetchFor: (purpose) => {
        const fetch = network.fetchFor(purpose);
        if (purpose !== 'primary') return fetch;
        return async (url, init = {}) => {
          await hear();
          const { signal } = passage;
          const refused = (): NetworkError => new NetworkError(forbidden(), 'tcp', 'forbidden');
          if (signal.aborted) throw refused();
          const given = init.signal ?? null;
          try {
            return await fetch(url, {
              ...init,
              signal: given === null ? signal : AbortSignal.any([given, signal]),
            });
          } catch (error) {
            throw signal.aborted ? refused() : error;
          }
        };
      },
      evidence: () => network.evidence(),
    },
    shut: () => {
      passage.abort();
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    open: () => {
      if (passage.signal.aborted) passage = new AbortController();
    },
  };
}
