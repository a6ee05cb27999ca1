import { randomInt } from 'node:crypto';
import net from 'node:net';

/**
 * Below the range from which systems give out ports by themselves (32768 and up on Linux, 49152 elsewhere), and within it a
 * slice for each process, whose first port it holds: a port that is given up for a while, since its server has "died", is
 * nobody else's a moment later.
 */
const lowest = 15_000;
const slice = 500;
const slices = 34;
const given = new Set<number>();
let own: Promise<number> | null = null;

/** The first port of a slice that no other process has; where all are taken, of one that is shared. */
async function ownSlice(): Promise<number> {
  for (let turn = 0; turn < slices; turn += 1) {
    const first = lowest + ((process.pid + turn) % slices) * slice;
    if ((await tryToListen(net.createServer().unref(), first)) === null) return first;
  }
  return lowest + (process.pid % slices) * slice;
}

/** Null: it listens. */
function tryToListen(server: net.Server, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', resolve);
      resolve(null);
    });
  });
}

/** Listens on loopback, on `port` or on any of the lab's own. Yields the port. */
export async function listen(server: net.Server, port?: number): Promise<number> {
  own ??= ownSlice();
  const first = await own;
  for (;;) {
    const candidate = port ?? randomInt(first + 1, first + slice);
    if (given.size >= slice - 1) given.clear();
    if (port === undefined && given.has(candidate)) continue;
    given.add(candidate);
    const error = await tryToListen(server, candidate);
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
