import type net from 'node:net';
import { SMTPServer } from 'smtp-server';
import { handOver } from './lmtp.ts';
import { collect } from './outside.ts';

interface Held {
  readonly from: string;
  readonly to: string;
  readonly source: Buffer;
}

export interface GatewaySetup {
  /** Exchange's delivery port, as the gateway sees it: faults apply. */
  readonly exchangePort: number;
  readonly continuityPort: number;
}

/** How often the gateway tries whether Exchange takes mail again, in milliseconds. */
const retryPause = 500;

/**
 * The provider's gateway, the company's MX. `outage-only`: mail goes to Exchange, and while that does not take it, to
 * continuity, to be handed over afterwards. `always`: to both. `maintenance`: it is queued until `release()`.
 */
export class Gateway {
  mode: 'outage-only' | 'always' | 'maintenance' = 'outage-only';
  /** Whether what went to continuity is delivered to Exchange after its return. */
  handsOver = true;
  readonly port: number;
  readonly #server: SMTPServer;
  readonly #setup: GatewaySetup;
  readonly #toHandOver: Held[] = [];
  readonly #queue: Held[] = [];
  /** Exchange drops a message that it was delivered before, by Message-ID. */
  readonly #delivered = new Set<string>();
  #retry: NodeJS.Timeout | null = null;
  #isStopped = false;

  private constructor(server: SMTPServer, port: number, setup: GatewaySetup) {
    this.#server = server;
    this.port = port;
    this.#setup = setup;
  }

  static async start(setup: GatewaySetup): Promise<Gateway> {
    let gateway: Gateway | null = null;
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onData: (stream, session, done) => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        void collect(stream).then(async (source) => {
          for (const { address } of rcptTo) await gateway?.takes({ from, to: address, source });
          done();
        }, done);
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    gateway = new Gateway(server, (server.server.address() as net.AddressInfo).port, setup);
    return gateway;
  }

  /** Delivers what maintenance has queued, in the order of its arrival. */
  async release(): Promise<void> {
    this.mode = 'outage-only';
    for (const mail of this.#queue.splice(0)) await this.takes(mail);
  }

  async takes(mail: Held): Promise<void> {
    if (this.mode === 'maintenance') return void this.#queue.push(mail);
    const isInExchange = await this.#toExchange(mail);
    if (this.mode === 'always' || !isInExchange) await this.#toContinuity(mail);
    if (isInExchange || this.mode === 'always') return;
    this.#toHandOver.push(mail);
    this.#retryLater();
  }

  /** How many mails it has yet to hand over to Exchange. */
  get waiting(): number {
    return this.#toHandOver.length;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #toExchange(mail: Held): Promise<boolean> {
    const key = `${mail.to} ${/^message-id:\s*(\S+)/im.exec(mail.source.toString('latin1'))?.[1] ?? mail.source.length}`;
    if (this.#delivered.has(key)) return true;
    try {
      await handOver(this.#setup.exchangePort, { from: mail.from, to: [mail.to] }, mail.source, 'lmtp');
      this.#delivered.add(key);
      return true;
    } catch {
      return false;
    }
  }

  async #toContinuity(mail: Held): Promise<void> {
    await handOver(this.#setup.continuityPort, { from: mail.from, to: [mail.to] }, mail.source, 'lmtp');
  }

  #retryLater(): void {
    if (this.#retry !== null || this.#isStopped) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#handOverAll();
    }, retryPause);
  }

  async #handOverAll(): Promise<void> {
    if (this.handsOver)
      while (this.#toHandOver[0] !== undefined && (await this.#toExchange(this.#toHandOver[0])))
        this.#toHandOver.shift();
    if (this.#toHandOver.length > 0) this.#retryLater();
  }
}
