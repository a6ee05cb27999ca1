import type { AppError } from '../../../shared/errors.ts';
import type { Asked, Tried } from '../../../shared/model/evidence.ts';
import type { ProviderSettings } from '../../../shared/policy/account-settings.ts';
import type { Evidence } from '../net/evidence.ts';
import type { Network } from '../net/network.ts';
import type { Clock } from '../ports.ts';
import { signOf } from './core/evidence.ts';
import type { LaptopNetwork } from './core/laptop-network.ts';
import { isMoving, type Progress, withBytes } from './core/progress.ts';
import type { Capability } from './core/state.ts';
import { addressClassOf, type Home, seenFrom } from './core/whereabouts.ts';
import type { NetworkMet } from './network-check.ts';

/** What was met, as it looks from where this laptop is. */
export interface Sights {
  /** Exchange answered: this is where it is at home. */
  answered(): void;
  /** Bytes that sessions with Exchange have received. */
  heard(bytes: number): void;
  /**
   * A failure of Exchange, with what the laptop's whereabouts say about it. Silence of IMAP while mail comes is that of a
   * line that is full. Submission is judged apart, so that no long download hides that it hangs.
   */
  seen(capability: Capability, error: AppError): AppError;
  /** For the evidence; null: it answered. */
  note(asked: Exclude<Asked, 'neutral'>, error: AppError | null): Tried;
  noteNeutral(met: NetworkMet): Tried;
}

/**
 * Which part of the deadline is recent. Not all of it: what is heard is told half a second late, and whoever was asked in
 * the moment of death has to be found silent.
 */
const recently = 2 / 3;

export function createSights(options: {
  readonly exchange: Pick<ProviderSettings, 'imap' | 'submission'>;
  readonly network: Pick<Network, 'evidence'>;
  readonly here: () => LaptopNetwork;
  readonly clock: Clock;
  /** For how long Exchange may be silent. */
  readonly deadlineMs: () => number;
  readonly home: Home | null;
  /** It is another one. */
  readonly moved: (home: Home) => void;
}): Sights {
  const { exchange, network, here, clock, deadlineMs } = options;
  let { home } = options;
  let progress: Progress = [];

  const serverOf = (capability: Capability) =>
    capability === 'reading' ? exchange.imap : exchange.submission;

  const latest = (capability: Capability): Evidence | undefined => {
    const { host, port } = serverOf(capability);
    return network
      .evidence()
      .find((met) => met.purpose === 'primary' && met.host === host && met.port === port);
  };

  const from = (capability: Capability): Tried['from'] => {
    if ((latest(capability)?.proxy ?? null) !== null) return 'proxy';
    return here().hasVpn ? 'vpn' : 'network';
  };

  return {
    answered: () => {
      const addresses = addressClassOf(latest('reading')?.addresses ?? []);
      const next = here().name;
      if (addresses === null || (home?.addresses === addresses && home.network === next)) return;
      home = { addresses, network: next };
      options.moved(home);
    },
    heard: (bytes) => {
      progress = withBytes(progress, bytes, clock.now());
    },
    seen: (capability, error) => {
      const isQueued =
        capability === 'reading' &&
        signOf(error) === 'silent' &&
        isMoving(progress, deadlineMs() * recently, clock.now());
      if (isQueued) return { ...error, context: { ...error.context, reason: 'queued' } };
      return seenFrom(error, serverOf(capability).host, home, {
        network: here().name,
        addresses: latest(capability)?.addresses ?? [],
      });
    },
    note: (asked, error) => {
      const capability = asked === 'submission' || asked === 'outbox' ? 'sending' : 'reading';
      return {
        at: clock.now(),
        asked,
        host: serverOf(capability).host,
        from: from(capability),
        answer: error === null ? 'answered' : signOf(error),
      };
    },
    noteNeutral: (met) => ({
      at: clock.now(),
      asked: 'neutral',
      host: null,
      from: here().hasVpn ? 'vpn' : 'network',
      answer: met === 'reached' ? 'answered' : met === 'portal' ? 'portal' : 'silent',
    }),
  };
}
