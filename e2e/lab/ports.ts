import { randomInt } from 'node:crypto';
import net from 'node:net';

/**
 * Below the range from which systems give out ports by themselves (32768 and up on Linux, 49152 elsewhere), and within it a
 * slice for each process: a port that is given up for a while, since its server has "died", is not somebody else's a moment
 * later.
 */
const lowest = 15_000;
const slice = 1000;
const slices = 17;
const first = lowest + (process.pid % slices) * slice;
const given = new Set<number>();

/** Listens on loopback, on `port` or on any of the lab's own. Yields the port. */
export async function listen(server: net.Server, port?: number): Promise<number> {
  for (;;) {
    const candidate = port ?? randomInt(first, first + slice);
    if (given.size >= slice) given.clear();
    if (port === undefined && given.has(candidate)) continue;
    given.add(candidate);
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      const failed = (reason: NodeJS.ErrnoException) => resolve(reason);
      server.once('error', failed);
      server.listen(candidate, '127.0.0.1', () => {
        server.off('error', failed);
        resolve(null);
      });
    });
    if (error === null) return candidate;
    if (error.code !== 'EADDRINUSE' || port !== undefined) throw error;
  }
}

/** A port that nobody listens on, for a server that is told its port. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
