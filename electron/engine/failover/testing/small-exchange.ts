import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, TLSSocket } from 'node:tls';
import { appError } from '../../../../shared/errors.ts';
import { err, ok } from '../../../../shared/result.ts';
import type { ControlSession, OpenControlSession } from '../control-watch.ts';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that is its own authority. */
export function makeCertificate(name = 'localhost'): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'relevo-certificate-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const names = ['-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
    execFileSync('openssl', [...request, '-keyout', key, '-out', cert, ...names], { stdio: 'pipe' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface SmallServer {
  readonly port: number;
  close(): void;
}

/** IMAP over TLS, just enough to be greeted, signed in to, asked NOOP, and to download without end. */
export async function startSmallImap(
  certificate: Certificate,
  greeting = '* OK The Microsoft Exchange IMAP4 service is ready.',
): Promise<SmallServer> {
  const sockets = new Set<TLSSocket>();
  const server = createServer(certificate, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.write(`${greeting}\r\n`);
    socket.on('data', (data) => {
      const [tag, command] = data.toString().trim().split(' ');
      if (command !== 'FETCH') return socket.write(`${tag} OK done\r\n`);
      const pour = (): void => {
        while (socket.writable && socket.write(Buffer.alloc(16_384)));
      };
      socket.on('drain', pour);
      return pour();
    });
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const dialogues = {
  imap: { greeting: '* OK ready', others: '* CAPABILITY IMAP4 STARTTLS', ready: 'r OK Begin TLS' },
  submission: { greeting: '220 ready', others: '250-localhost\r\n250 STARTTLS', ready: '220 2.0.0 ready' },
};

/** A server as far as STARTTLS. */
export async function startSmallStarttls(
  certificate: Certificate,
  protocol: 'imap' | 'submission',
): Promise<SmallServer> {
  const { greeting, others, ready } = dialogues[protocol];
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.write(`${greeting}\r\n`);
    const hear = (data: Buffer): void => {
      if (!data.toString().includes('STARTTLS')) {
        socket.write(`${others}\r\n`);
        return;
      }
      socket.off('data', hear);
      socket.write(`${ready}\r\n`);
      new TLSSocket(socket, { isServer: true, ...certificate }).on('error', () => {}).resume();
    };
    socket.on('data', hear);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

/** Accepts, says `greeting` if there is one, and nothing else. */
export async function startPlainServer(greeting = ''): Promise<SmallServer> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.unref();
    if (greeting !== '') socket.write(greeting);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

/** Signs in to `port` and asks NOOP. */
export const smallControl =
  (port: number, ca: string): OpenControlSession =>
  async () => {
    const socket = connect({ port, host: 'localhost', ca });
    const closed = new Promise<ReturnType<typeof appError>>((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) =>
        resolve(appError(error.code === 'ECONNREFUSED' ? 'network.unreachable' : 'network.closed', 'soon')),
      );
      socket.on('close', () => resolve(appError('network.closed', 'soon')));
    });
    const say = async (command: string | null, deadlineMs: number) => {
      if (command !== null) socket.write(command);
      const timer = new AbortController();
      const late = once(timer.signal, 'abort').then(() => err(appError('network.timeout', 'soon')));
      const timeout = setTimeout(() => timer.abort(), deadlineMs);
      const answer = await Promise.race([once(socket, 'data').then(() => ok(null)), late, closed.then(err)]);
      clearTimeout(timeout);
      if (!answer.ok) socket.destroy();
      return answer;
    };
    const greeting = await say(null, 15_000);
    const signedIn = greeting.ok ? await say('a LOGIN anna secret\r\n', 15_000) : greeting;
    if (!signedIn.ok) return signedIn;
    const session: ControlSession = {
      closed,
      noop: (deadlineMs) => say('b NOOP\r\n', deadlineMs),
      close: async () => void socket.destroy(),
    };
    return ok(session);
  };

/** Downloads without end from `port`. */
export function startDownload(port: number, ca: string): { readonly received: () => number; stop(): void } {
  let received = 0;
  const socket = connect({ port, host: 'localhost', ca }, () => socket.write('a FETCH 1:* BODY[]\r\n'));
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    received += chunk.length;
  });
  return { received: () => received, stop: () => void socket.destroy() };
}
