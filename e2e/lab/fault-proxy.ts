import net from 'node:net';
import { listen } from './ports.ts';

/**
 * What the network between a laptop and a port does.
 * `refuse` connections are refused; live ones are reset. `reset`, `fin` they are accepted and ended at once; live ones
 * too. `silent` new ones are accepted and never answered; live ones stall. `blackhole` everything is swallowed.
 * `drip` bytes a second each way. `latency` milliseconds each way. `cutAfter`, `stallAfter`: that many bytes from
 * the server, then a reset or silence.
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
  | { readonly stallAfter: number };

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

  async close(): Promise<void> {
    for (const pair of this.#pairs) destroy(pair);
    await this.#stopListening();
  }

  get #fault(): Fault {
    return this.#isCut ? 'refuse' : this.#own;
  }

  async #apply(): Promise<void> {
    const fault = this.#fault;
    if (fault === 'refuse') await this.#stopListening();
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

  #accept(client: net.Socket): void {
    this.connections += 1;
    client.on('error', () => undefined);
    const fault = this.#fault;
    if (fault === 'reset') return void client.resetAndDestroy();
    const server =
      fault === 'fin' || fault === 'silent' || fault === 'blackhole' || fault === 'nonsense'
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
    if (server === null) return void client.resume();
    server.on('error', () => client.resetAndDestroy());
    server.once('close', () => client.end());
    client.setNoDelay(true);
    server.setNoDelay(true);
    this.#pump(client, server, () => 0);
    let received = 0;
    this.#pump(server, client, (bytes) => {
      received += bytes;
      return received;
    });
  }

  #pump(from: net.Socket, to: net.Socket, count: (bytes: number) => number): void {
    let queue = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      const fault = this.#fault;
      if (fault === 'silent' || fault === 'blackhole') return;
      if (typeof fault === 'object') {
        const total = count(chunk.length);
        if ('cutAfter' in fault && total > fault.cutAfter) return void from.destroy();
        if ('stallAfter' in fault && total > fault.stallAfter) return;
        const pause =
          'latency' in fault ? fault.latency : 'drip' in fault ? (chunk.length * 1000) / fault.drip : 0;
        if ('drip' in fault) from.pause();
        const due = Date.now() + pause;
        queue = queue.then(async () => {
          await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - Date.now())));
          if (!to.destroyed) to.write(chunk);
          from.resume();
        });
        return;
      }
      if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.once('end', () => {
      if (this.#fault !== 'blackhole') to.end();
    });
  }
}

function destroy({ client, server }: Pair): void {
  client.resetAndDestroy();
  server?.destroy();
}
