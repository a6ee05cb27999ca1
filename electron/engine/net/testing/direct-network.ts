import type { Clock, Logger } from '../../ports.ts';
import type { Address } from '../dial.ts';
import { createNetwork, type Network, type NetworkPolicy, type ProxyChoice } from '../network.ts';

const silent: Logger = { info: () => {}, warn: () => {}, child: () => silent };

const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Always the same answer, in the form of a PAC file's. */
export const fixedProxies = (answer: string, credentials: string | null = null): ProxyChoice => ({
  proxiesFor: () => Promise.resolve(answer),
  forget: () => {},
  credentials: () => {
    const [user = '', password = ''] = credentials?.split(':') ?? [];
    return Promise.resolve(credentials === null ? null : { user, password });
  },
});

/** A network without a proxy that trusts `authorities` (PEM) besides the usual ones. */
export function directNetwork(
  authorities: readonly string[],
  changed: {
    readonly policy?: Partial<NetworkPolicy>;
    readonly proxies?: ProxyChoice;
    readonly lookup?: (host: string) => Promise<readonly Address[]>;
  } = {},
): Network {
  return createNetwork({
    policy: { authorities, pins: [], isEmergencyDirect: false, ...changed.policy },
    proxies: changed.proxies ?? fixedProxies('DIRECT'),
    clock: realClock,
    log: silent,
    ...(changed.lookup === undefined ? {} : { lookup: changed.lookup }),
  });
}
