import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Looks a name up; rejects with the system's code. */
export type Lookup = (host: string) => Promise<readonly Address[]>;

export const systemLookup: Lookup = async (host) =>
  (await lookup(host, { all: true, order: 'verbatim' })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

/** How long an address may take before the next one is tried beside it (RFC 8305 section 5). */
const attemptDelayMs = 250;

/** All of a host's addresses, the families in turn, beginning with the one the system prefers (RFC 8305 section 4). */
export async function resolve(host: string, look: Lookup): Promise<readonly Address[]> {
  const literal = isIP(host);
  if (literal !== 0) return [{ address: host, family: literal === 6 ? 6 : 4 }];
  const found = await look(host);
  const preferred = found.filter(({ family }) => family === found[0]?.family);
  const others = found.filter(({ family }) => family !== found[0]?.family);
  const longer = Math.max(preferred.length, others.length);
  return Array.from({ length: longer }, (_, index) => [preferred[index], others[index]])
    .flat()
    .filter((address) => address !== undefined);
}

/**
 * Connects to the first address that answers ("Happy Eyeballs", RFC 8305): a dead address, or a whole dead family,
 * costs a quarter of a second. Node's own choice gives an address up for good when the next one's turn has come,
 * which a slow link never survives. Rejects with the last error when all have failed, or when `signal` aborts.
 */
export function dial(addresses: readonly Address[], port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const open = new Set<Socket>();
    const waiting = [...addresses];
    let timer: NodeJS.Timeout | undefined;
    let lastError: unknown = Object.assign(new Error('No address'), { code: 'ENOTFOUND' });

    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      for (const socket of open) socket.destroy();
      open.clear();
    };
    const abort = (): void => {
      finish();
      reject(signal.reason);
    };
    const next = (): void => {
      clearTimeout(timer);
      const address = waiting.shift();
      if (address === undefined) {
        if (open.size === 0) {
          finish();
          reject(lastError);
        }
        return;
      }
      const socket = connect({ host: address.address, port, family: address.family });
      open.add(socket);
      // Stays, so that an error before the connection is put to use ends nothing but the connection.
      socket.on('error', (error) => {
        lastError = error;
        if (open.delete(socket)) next();
      });
      socket.once('connect', () => {
        open.delete(socket);
        finish();
        resolve(socket);
      });
      if (waiting.length > 0) timer = setTimeout(next, attemptDelayMs);
    };

    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    next();
  });
}
