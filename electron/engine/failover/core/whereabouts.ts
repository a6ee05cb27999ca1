import type { AppError } from '../../../../shared/errors.ts';

/** `own`: on this laptop itself, e.g. a forwarder. */
export type AddressClass = 'private' | 'public' | 'own';

/** How Exchange was reached when it last answered. */
export interface Home {
  readonly addresses: AddressClass;
  /** `LaptopNetwork.name` at that time. */
  readonly network: string;
}

const privateAddresses =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.|f[cd]|fe[89ab])/i;

/** RFC 1918, RFC 6598 (the shared space that VPNs like), RFC 3927, RFC 4193; null for no address at all. */
export function addressClassOf(addresses: readonly string[]): AddressClass | null {
  const plain = addresses.map((address) => address.replace(/^::ffff:/i, ''));
  if (plain.length === 0) return null;
  if (plain.every((address) => address.startsWith('127.') || address === '::1')) return 'own';
  return plain.some((address) => privateAddresses.test(address)) ? 'private' : 'public';
}

/** Names that exist for everybody, everywhere: whoever finds none of them has no name server, or Microsoft has none. */
const knownToAll = /(^|\.)(office365\.com|outlook\.com|office365\.us|outlook\.cn)$/i;

/**
 * A failure to reach Exchange, seen from where this laptop is. `context.reason` becomes
 *
 * - `elsewhere`, where Exchange lives on private addresses and the laptop is not in the network it answered in last, or
 *   its name does not exist here or leads out to the world: the VPN is off;
 * - `elsewhere` too, where a public name suddenly leads to private addresses: somebody answers in its place;
 * - `nameGone`, where a name does not exist that did exist for everybody.
 *
 * Anything else stays what it is.
 */
export function seenFrom(
  error: AppError,
  host: string,
  home: Home | null,
  here: { readonly network: string; readonly addresses: readonly string[] },
): AppError {
  if (!/^network\.(unreachable|timeout|closed|tls)/.test(error.code)) return error;
  const lives = home?.addresses ?? (knownToAll.test(host) ? 'public' : null);
  const leads = addressClassOf(here.addresses);
  const because = (reason: string): AppError => ({ ...error, context: { ...error.context, reason } });

  if (error.context?.reason === 'nameUnknown') {
    if (lives === 'private') return because('elsewhere');
    return lives === null ? error : because('nameGone');
  }
  if (lives === 'private') {
    const hasMoved = home !== null && home.network !== here.network;
    return hasMoved || leads === 'public' ? because('elsewhere') : error;
  }
  return lives === 'public' && leads === 'private' ? because('elsewhere') : error;
}
