import type { ChildProcess } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { makeSharedFolder, type SharedFolder, spawnBesideDovecot } from '../../build/dovecot-host.ts';
import { freePort, listen } from './ports.ts';

export interface ProxySetup {
  /** HTTP CONNECT by tinyproxy, or SOCKS5 by microsocks. */
  readonly kind: 'http' | 'socks5';
  /** "user:password"; null: everybody is welcome. */
  readonly credentials?: string | null;
  /** The ports that CONNECT may lead to; null: any. tinyproxy answers 403 to the others. */
  readonly ports?: readonly number[] | null;
}

/** A real proxy on loopback, in a folder and a process group of its own. */
export class LabProxy {
  readonly port: number;
  #setup: ProxySetup;
  readonly #folder: SharedFolder = makeSharedFolder();
  #process: ChildProcess | null = null;

  private constructor(setup: ProxySetup, port: number) {
    this.#setup = setup;
    this.port = port;
  }

  static async start(setup: ProxySetup): Promise<LabProxy> {
    const proxy = new LabProxy(setup, await freePort());
    chmodSync(proxy.#folder.here, 0o755);
    await proxy.up();
    return proxy;
  }

  /** As a PAC file names it. */
  get way(): string {
    return `${this.#setup.kind === 'http' ? 'PROXY' : 'SOCKS5'} 127.0.0.1:${this.port}`;
  }

  /** As the policy names it. */
  get server(): string {
    return `${this.#setup.kind}://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    if (this.#process !== null) return;
    const { kind, credentials = null, ports = null } = this.#setup;
    if (kind === 'http') {
      const lines = [
        `Port ${this.port}`,
        'Listen 127.0.0.1',
        'Timeout 600',
        'DisableViaHeader Yes',
        ...(ports ?? []).map((port) => `ConnectPort ${port}`),
        ...(credentials === null ? [] : [`BasicAuth ${credentials.replace(':', ' ')}`]),
      ];
      writeFileSync(join(this.#folder.here, 'tinyproxy.conf'), `${lines.join('\n')}\n`);
      this.#process = spawnBesideDovecot(guarded('tinyproxy -d -c "$1/tinyproxy.conf"'), this.#folder.there);
    } else {
      const [user = '', password = ''] = credentials?.split(':') ?? [];
      const signIn = credentials === null ? '' : '-u "$3" -P "$4"';
      this.#process = spawnBesideDovecot(
        guarded(`microsocks -i 127.0.0.1 -p "$2" ${signIn}`),
        this.#folder.there,
        String(this.port),
        user,
        password,
      );
    }
    await becomes(this.port, true);
  }

  /** Ends it with every connection through it; nobody listens any more. */
  async down(): Promise<void> {
    const server = this.#process;
    this.#process = null;
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
    server.stdin?.end();
    await gone;
    await becomes(this.port, false);
  }

  /** As its administrator decides, from now on. */
  async changes(setup: Omit<ProxySetup, 'kind'>): Promise<void> {
    this.#setup = { ...this.#setup, ...setup };
    await this.down();
    await this.up();
  }

  async stop(): Promise<void> {
    await this.down();
    rmSync(this.#folder.here, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs a server in the foreground, and kills the process group when standard input ends, as it does with the lab. */
const guarded = (command: string): string => `
PATH=$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin
${command} >/dev/null 2>&1 &
cat >/dev/null
kill -9 0
`;

/** How long a proxy may take to listen, or to be gone, in milliseconds, on a busy machine. */
const changeMs = 30_000;

async function becomes(port: number, isListening: boolean): Promise<void> {
  const endsAt = performance.now() + changeMs;
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = net.connect({ port, host: '127.0.0.1' });
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen === isListening) return;
    if (performance.now() > endsAt) throw new Error(`The proxy on ${port} does not do as it is told`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Where a company keeps its PAC file; what it says can be changed. */
export class PacServer {
  readonly url: string;
  script: string;
  /** How often it was fetched. */
  fetches = 0;
  readonly #server: Server;

  private constructor(server: Server, port: number, script: string) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}/proxy.pac`;
    this.script = script;
  }

  static async start(script: string): Promise<PacServer> {
    const server = createServer((_request, answer) => {
      pac.fetches += 1;
      answer.setHeader('content-type', 'application/x-ns-proxy-autoconfig').end(pac.script);
    });
    const pac: PacServer = new PacServer(server, await listen(server), script);
    return pac;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
