import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

import { digHole, type Hole } from './black-hole.ts';

export type Fault = 'none' | 'refuse' | 'reset' | 'silent' | 'blackHole';

export interface FaultyLink {
  readonly port: number;
  /** How many connections were made so far. */
  readonly connections: number;
  become(fault: Fault): Promise<void>;
  close(): Promise<void>;
}

/** A line several links share: what one carries, the others wait for. */
export interface SharedLine {
  readonly bytesPerSecond: number;
  /** When it is free again, in milliseconds of `performance.now()`. */
  freeAt: number;
}

/**
 * A TCP proxy on a loopback port of its own before `target` (a port), with faults that come and go on the same port.
 * `silent` accepts and says nothing more, as a stopped process does; `blackHole` does not even answer a SYN.
 */
export async function openFaultyLink(
  target: number,
  options: { readonly delayMs?: number; readonly line?: SharedLine } = {},
): Promise<FaultyLink> {
  const { delayMs = 0, line } = options;
  const sockets = new Set<Socket>();
  let fault: Fault = 'none';
  let connections = 0;
  let port = 0;
  let server: Server | null = null;
  let hole: Hole | null = null;

  const forward = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => {
      if (fault !== 'none') return;
      const now = performance.now();
      let wait = delayMs;
      if (line !== undefined) {
        line.freeAt = Math.max(line.freeAt, now) + (chunk.length / line.bytesPerSecond) * 1000;
        wait += line.freeAt - now;
      }
      // A window of what the line carries in half a second, as a router's queue would hold.
      if (wait > delayMs + 500) {
        from.pause();
        setTimeout(() => from.resume(), wait);
      }
      if (wait === 0) to.write(chunk);
      else setTimeout(() => fault === 'none' && to.write(chunk), wait);
    });
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      if (fault === 'none') setTimeout(() => to.end(), delayMs);
    });
  };

  const listen = async (): Promise<void> => {
    server = createServer((near) => {
      connections += 1;
      sockets.add(near);
      if (fault === 'reset') {
        near.resetAndDestroy();
        return;
      }
      if (fault === 'silent') {
        near.on('error', () => {}).on('close', () => sockets.delete(near));
        return;
      }
      const far = connect({ port: target, host: '127.0.0.1' });
      sockets.add(far);
      forward(near, far);
      forward(far, near);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };

  const stopListening = async (): Promise<void> => {
    if (hole !== null) {
      for (const filler of hole.fillers) filler.destroy();
      hole.child.kill('SIGKILL');
      await once(hole.child, 'exit');
      hole = null;
    }
    if (server === null) return;
    const closing = server;
    server = null;
    // Connections that stand may live on, silent.
    closing.close();
    await new Promise((resolve) => setImmediate(resolve));
  };

  const cut = (how: 'destroy' | 'resetAndDestroy'): void => {
    for (const socket of sockets) socket[how]();
    sockets.clear();
  };

  await listen();
  return {
    get port() {
      return port;
    },
    get connections() {
      return connections;
    },
    become: async (next) => {
      fault = next;
      if (next === 'refuse' || next === 'blackHole') {
        await stopListening();
        if (next === 'refuse') cut('destroy');
        else hole = await digHole(port);
        return;
      }
      if (server === null) {
        await stopListening();
        cut('destroy');
        await listen();
      }
      if (next === 'reset') cut('resetAndDestroy');
    },
    close: async () => {
      fault = 'refuse';
      cut('destroy');
      await stopListening();
    },
  };
}
