import { mkdtemp, rm } from 'node:fs/promises';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { makeCertificates } from '../lab/certificates.ts';
import { domain } from './host/web-url.ts';
import { isRealElectron } from './launcher.ts';

/** Something in a window tried to reach the network. */
export type Attempt =
  /** Asked where a name leads: a request, a preconnect, a prefetch of DNS. */
  | { readonly kind: 'dns'; readonly host: string }
  /** Connected to an address; the host is the one that it then asked for by HTTP, if it did. */
  | { readonly kind: 'tcp'; host: string | null };

interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** The first byte of a TLS connection (RFC 8446, section 5.1: a handshake record). */
const tlsHandshake = 22;

/**
 * Where everything ends that the windows of an app send to the network. Names are asked of it over HTTPS (RFC 8484)
 * and do not exist; addresses, this machine's included, lead to it over TCP. UDP does not.
 */
export class NetworkSink {
  /** In the order in which they came. */
  readonly attempts: Attempt[] = [];
  readonly #dns: Server;
  readonly #tcp: Server;
  readonly #identity: Identity;
  readonly #folder: string;
  readonly #sockets = new Set<Socket>();

  private constructor(dns: Server, tcp: Server, identity: Identity, folder: string) {
    this.#dns = dns;
    this.#tcp = tcp;
    this.#identity = identity;
    this.#folder = folder;
    for (const server of [dns, tcp])
      server.on('connection', (socket: Socket) => {
        this.#sockets.add(socket);
        socket.on('close', () => this.#sockets.delete(socket));
      });
    tcp.on('connection', (socket: Socket) => this.#connected(socket));
  }

  static async open(): Promise<NetworkSink> {
    const folder = await mkdtemp(join(tmpdir(), 'network-sink-'));
    const { key, certificate } = makeCertificates(folder, 'sink');
    const identity = { key, cert: certificate };
    const asked: { by: (host: string) => void } = { by: () => {} };
    const dns = createSecureServer({ ...identity, allowHTTP1: true }, (request, response) => {
      void answer(request, response, (host) => asked.by(host));
    });
    const tcp = createServer();
    await Promise.all([listen(dns, resolverAddress), listen(tcp, '127.0.0.1')]);
    const sink = new NetworkSink(dns, tcp, identity, folder);
    asked.by = (host) => {
      // How the stand-in shows an app's own scheme to Chromium.
      if (!host.endsWith(`.${domain}`)) sink.attempts.push({ kind: 'dns', host });
    };
    return sink;
  }

  /** How an app must be started so that its windows reach nothing but this. */
  get launchOptions(): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
    const target = `127.0.0.1:${portOf(this.#tcp)}`;
    // Electron itself takes no resolver from outside; there, names lead here over TCP too.
    if (isRealElectron()) return { args: [`--host-resolver-rules=MAP * ${target}`], env: {} };
    // Whatever is not a name with a dot is an address, or as good as one.
    const names = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `EXCLUDE *.${letter}*`);
    return {
      args: [`--host-resolver-rules=MAP * ${target}, EXCLUDE ${resolverAddress}, ${names.join(', ')}`],
      env: { ELECTRON_STAND_IN_RESOLVER: `https://${resolverAddress}:${portOf(this.#dns)}/dns-query` },
    };
  }

  /** The hosts that were reached for, each once. */
  get hosts(): readonly string[] {
    return [...new Set(this.attempts.map(({ host }) => host ?? 'unknown'))];
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(
      [this.#dns, this.#tcp].map((server) => new Promise((resolve) => server.close(resolve))),
    );
    await rm(this.#folder, { recursive: true, force: true });
  }

  #connected(socket: Socket): void {
    const attempt: Attempt = { kind: 'tcp', host: null };
    this.attempts.push(attempt);
    socket.on('error', () => {});
    socket.once('data', (chunk: Buffer) => {
      if (chunk[0] !== tlsHandshake) return this.#heard(attempt, chunk, socket);
      socket.pause();
      socket.unshift(chunk);
      const secured = new TLSSocket(socket, { isServer: true, ...this.#identity });
      secured.on('error', () => {});
      secured.once('data', (request: Buffer) => this.#heard(attempt, request, socket));
    });
  }

  #heard(attempt: { host: string | null }, request: Buffer, socket: Socket): void {
    attempt.host = /^host: ([^\r\n]+)/im.exec(request.toString('latin1'))?.[1] ?? null;
    socket.destroy();
  }
}

/** A loopback address that nothing else uses, so that every other one can be led to the sink. */
const resolverAddress = '127.77.0.1';

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Answers a question of RFC 8484, by GET or POST: there is no such name. */
async function answer(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  onAsked: (host: string) => void,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const encoded = new URL(request.url, 'https://sink/').searchParams.get('dns') ?? '';
  const query = chunks.length > 0 ? Buffer.concat(chunks) : Buffer.from(encoded, 'base64url');
  const { host, end } = readQuestion(query);
  onAsked(host);
  const reply = Buffer.from(query.subarray(0, end));
  // RFC 1035, section 4.1.1: a response, recursion available, name error, one question and nothing else.
  reply.writeUInt16BE(0x8183, 2);
  reply.writeUInt16BE(1, 4);
  reply.fill(0, 6, 12);
  response.writeHead(200, { 'content-type': 'application/dns-message' });
  response.end(reply);
}

/** RFC 1035, section 4.1.2: labels, each after its length, ended by an empty one; then type and class. */
function readQuestion(query: Buffer): { readonly host: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { host: labels.join('.'), end: at + 5 };
}
