import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { digHole, type Hole } from '../../electron/engine/failover/testing/black-hole.ts';
import { listen } from './ports.ts';

/**
 * What the network between a laptop and a port does.
 * `refuse` connections are refused; live ones are reset. `reset`, `fin` they are accepted and ended at once; live ones
 * too. `silent` new ones are accepted and never answered; live ones stall. `blackhole` everything is swallowed.
 * `drip` bytes a second each way. `latency` milliseconds each way. `cutAfter`, `stallAfter`: that many bytes from
 * the server, then a reset or silence. `unanswered`: not even a SYN is answered; live ones stall. `portal`: a page that
 * wants a sign-in answers whatever is said; live ones stall. `deafAfter`: the client's so manieth turn of speaking, and
 * all that follows, gets no answer; in TLS 1.3 the first two are the handshake. `loss`: this share of what is sent is lost
 * and sent again, as far as a proxy can do it. `line`: shares a line with others.
 */
export type Fault =
  | 'none'
  | 'refuse'
  | 'reset'
  | 'fin'
  | 'silent'
  | 'blackhole'
  /** New ones get bytes that mean nothing; live ones are reset. */
  | 'nonsense'
  | { readonly drip: number }
  | { readonly latency: number }
  | { readonly cutAfter: number }
  | { readonly stallAfter: number }
  | 'unanswered'
  | 'portal'
  | { readonly deafAfter: number }
  | { readonly loss: number }
  | { readonly line: SharedLine };

/** A line that several ports share: what one carries, the others wait for, each byte in the order in which it came. */
export interface SharedLine {
  readonly bytesPerSecond: number;
  /** When it is free again, in milliseconds of `Date.now()`; 0 at first. */
  freeAt: number;
  /** What a connection may have waiting each way, in bytes, as routers let queues grow; 64 kB if not given. */
  readonly queue?: number;
}

const lineQueue = 64 * 1024;
/** A line gives what it carries bit by bit. */
const lineSlice = 4 * 1024;
/** The first retransmission of TCP on Linux; the next take twice as long each. */
const retransmissionMs = 200;
const portalPage = 'HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nConnection: close\r\n\r\n';

interface Pair {
  readonly client: net.Socket;
  readonly server: net.Socket | null;
}

/** A TCP port in front of another, with a fault that can be changed at any moment. */
export class FaultProxy {
  readonly #upstream: number;
  readonly #pairs = new Set<Pair>();
  #listener: net.Server | null = null;
  #port = 0;
  #own: Fault = 'none';
  #isCut = false;
  #hole: Hole | null = null;
  /** Bytes that went through, both ways together. */
  bytes = 0;
  /** Connections accepted since the start. */
  connections = 0;

  private constructor(upstream: number) {
    this.#upstream = upstream;
  }

  static async before(upstream: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream);
    await proxy.#listen();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  async fault(fault: Fault): Promise<void> {
    this.#own = fault;
    await this.#apply();
  }

  /** Connections that stand. */
  get standing(): number {
    return this.#pairs.size;
  }

  /** The laptop's end of the cable: while cut, nothing gets through whatever the fault is. */
  async cut(isCut: boolean): Promise<void> {
    this.#isCut = isCut;
    await this.#apply();
  }

  /** Resets one connection that stands. */
  cutOne(): void {
    const [pair] = this.#pairs;
    if (pair !== undefined) destroy(pair);
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) destroy(pair);
    await this.#fillHole();
    await this.#stopListening();
  }

  get #fault(): Fault {
    return this.#isCut ? 'refuse' : this.#own;
  }

  async #apply(): Promise<void> {
    const fault = this.#fault;
    if (fault !== 'unanswered') await this.#fillHole();
    if (fault === 'unanswered') await this.#digHole();
    else if (fault === 'refuse') await this.#stopListening();
    else if (this.#listener === null) await this.#listen();
    if (fault === 'refuse' || fault === 'reset' || fault === 'nonsense')
      for (const pair of this.#pairs) destroy(pair);
    if (fault === 'fin') for (const { client } of this.#pairs) client.end();
  }

  async #listen(): Promise<void> {
    const listener = net.createServer((client) => this.#accept(client));
    this.#port = await listen(listener, this.#port === 0 ? undefined : this.#port);
    this.#listener = listener;
  }

  async #stopListening(): Promise<void> {
    const listener = this.#listener;
    this.#listener = null;
    if (listener === null) return;
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    for (const pair of this.#pairs) destroy(pair);
    await closed;
  }

  /** Connections that stand live on, and hear nothing. */
  async #digHole(): Promise<void> {
    if (this.#hole !== null) return;
    this.#listener?.close();
    this.#listener = null;
    await new Promise((resolve) => setImmediate(resolve));
    this.#hole = await digHole(this.#port);
  }

  async #fillHole(): Promise<void> {
    const hole = this.#hole;
    this.#hole = null;
    if (hole === null) return;
    for (const pair of this.#pairs) destroy(pair);
    for (const filler of hole.fillers) filler.destroy();
    const gone = once(hole.child, 'exit');
    hole.child.kill('SIGKILL');
    await gone;
  }

  #accept(client: net.Socket): void {
    this.connections += 1;
    client.on('error', () => undefined);
    const fault = this.#fault;
    if (fault === 'reset') return void client.resetAndDestroy();
    const server =
      fault === 'fin' ||
      fault === 'silent' ||
      fault === 'blackhole' ||
      fault === 'nonsense' ||
      fault === 'portal'
        ? null
        : net.connect(this.#upstream, '127.0.0.1');
    const pair: Pair = { client, server };
    this.#pairs.add(pair);
    client.once('close', () => {
      this.#pairs.delete(pair);
      server?.destroy();
    });
    if (fault === 'fin') client.end();
    if (fault === 'nonsense') client.write('\u0000\u00ffHTTP/1.1 418 * BYE {99999999999}\r\n'.repeat(50));
    if (fault === 'portal') client.once('data', () => client.end(portalPage));
    if (server === null) return void client.resume();
    server.on('error', () => client.resetAndDestroy());
    server.once('close', () => client.end());
    client.setNoDelay(true);
    server.setNoDelay(true);
    const talk: Talk = { received: 0, turns: 0, isClientsTurn: false };
    this.#pump(client, server, talk);
    this.#pump(server, client, talk);
  }

  #pump(from: net.Socket, to: net.Socket, talk: Talk): void {
    let queue = Promise.resolve();
    let waiting = 0;
    const isServer = talk.from === undefined ? false : talk.from !== from;
    talk.from ??= from;
    from.on('data', (chunk: Buffer) => {
      if (isServer) talk.received += chunk.length;
      else if (!talk.isClientsTurn) talk.turns += 1;
      talk.isClientsTurn = !isServer;
      const fault = this.#fault;
      if (isSwallowing(fault)) return;
      const passed = typeof fault === 'object' ? passes(chunk, fault, talk, isServer) : chunk;
      if (passed === 'cut') return void from.destroy();
      if (passed === null) return;
      this.bytes += passed.length;
      if (typeof fault === 'object' && 'line' in fault) {
        const { line } = fault;
        const begins = reserve(line, passed.length);
        waiting += passed.length;
        if (waiting >= (line.queue ?? lineQueue)) from.pause();
        queue = queue.then(async () => {
          for (let at = 0; at < passed.length; at += lineSlice) {
            const slice = passed.subarray(at, at + lineSlice);
            await until(begins + msOn(line, at + slice.length));
            if (!to.destroyed && !isSwallowing(this.#fault)) to.write(slice);
          }
          waiting -= passed.length;
          from.resume();
        });
        return;
      }
      if (typeof fault === 'object') {
        if ('drip' in fault) from.pause();
        const due = Date.now() + pauseOf(passed, fault);
        queue = queue.then(async () => {
          await until(due);
          if (!to.destroyed) to.write(passed);
          from.resume();
        });
        return;
      }
      if (!to.write(passed)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.once('end', () => {
      if (!isSwallowing(this.#fault)) to.end();
    });
  }
}

function destroy({ client, server }: Pair): void {
  client.resetAndDestroy();
  server?.destroy();
}

/** How far the two ends of a pair are. */
interface Talk {
  from?: net.Socket;
  /** Bytes from the server. */
  received: number;
  /** How often the client has begun to speak. */
  turns: number;
  isClientsTurn: boolean;
}

const isSwallowing = (fault: Fault): boolean =>
  fault === 'silent' || fault === 'blackhole' || fault === 'unanswered' || fault === 'portal';

/** What of a chunk gets through; null: nothing. */
function passes(
  chunk: Buffer,
  fault: Exclude<Fault, string>,
  { received, turns }: Talk,
  isServer: boolean,
): Buffer | null | 'cut' {
  if (!isServer) return chunk;
  if ('cutAfter' in fault && received > fault.cutAfter) return 'cut';
  if ('deafAfter' in fault && turns >= fault.deafAfter) return null;
  if (!('stallAfter' in fault) || received <= fault.stallAfter) return chunk;
  const left = fault.stallAfter - (received - chunk.length);
  return left > 0 ? chunk.subarray(0, left) : null;
}

/** How late a chunk is, in milliseconds. */
function pauseOf(chunk: Buffer, fault: Exclude<Fault, string>): number {
  if ('latency' in fault) return fault.latency;
  if ('drip' in fault) return (chunk.length * 1000) / fault.drip;
  let late = 0;
  if ('loss' in fault) for (let wait = retransmissionMs; Math.random() < fault.loss; wait *= 2) late += wait;
  return late;
}

const until = (due: number): Promise<void> => pause(Math.max(0, due - Date.now()));

const msOn = (line: SharedLine, bytes: number): number => (bytes / line.bytesPerSecond) * 1000;

/** When the line begins to carry so many bytes. */
function reserve(line: SharedLine, bytes: number): number {
  const begins = Math.max(line.freeAt, Date.now());
  line.freeAt = begins + msOn(line, bytes);
  return begins;
}
