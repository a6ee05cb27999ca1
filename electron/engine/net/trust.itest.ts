import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createWebServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Certificates, type Flaw, makeCertificates, makeFlawed } from '../../../e2e/lab/certificates.ts';
import { type AppError, appError, type ErrorCode } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { probeGreeting } from '../failover/probes.ts';
import { openImapSession } from '../mail/imap-session.ts';
import { createSubmit } from '../mail/submission.ts';
import { realClock, silent } from '../testing/laptop.ts';
import { networkFailureOf } from './failure.ts';
import type { Network } from './network.ts';
import { directNetwork } from './testing/direct-network.ts';
import { pinOf } from './trust.ts';

const password = { kind: 'password', user: 'anna', password: 'secret' } as const;
const secret = Buffer.from(password.password).toString('base64').slice(0, 6);

type Protocol = 'imap' | 'submission' | 'https';
type Security = 'tls' | 'starttls';

describe('whom a connection trusts', () => {
  let folder: string;
  let company: Certificates;
  let stranger: Certificates;
  const closers: (() => unknown)[] = [];
  const heard: string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-trust-'));
    company = makeCertificates(folder, 'company');
    stranger = makeCertificates(folder, 'stranger');
  });
  afterEach(async () => {
    heard.length = 0;
    await Promise.all(closers.splice(0).map((close) => close()));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const flawed = new Map<Flaw, Certificates>();
  const flawedBy = (flaw: Flaw): Certificates => {
    const made = flawed.get(flaw) ?? makeFlawed(folder, 'company', flaw);
    flawed.set(flaw, made);
    return made;
  };

  /** A server that lets anybody in once it is spoken to by TLS. `inClear`: what it answers to STARTTLS; null: OK. */
  async function start(
    protocol: Protocol,
    security: Security,
    options: TlsOptions,
    inClear: string | null = null,
  ): Promise<number> {
    const sockets = new Set<Socket>();
    const speak = (socket: Socket): void => {
      let isInMessage = false;
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
      socket.on('data', (data) => {
        const line = data.toString('latin1');
        heard.push(line);
        const [tag] = line.split(' ');
        if (/STARTTLS/i.test(line) && inClear !== null)
          return void socket.write(protocol === 'imap' ? `${tag} ${inClear}\r\n` : `${inClear}\r\n`);
        if (/STARTTLS/i.test(line)) {
          socket.removeAllListeners('data');
          socket.write(protocol === 'imap' ? `${tag} OK go on\r\n` : '220 go on\r\n');
          const context = createSecureContext(options);
          return speak(new TLSSocket(socket, { ...options, isServer: true, secureContext: context }));
        }
        if (protocol === 'imap') {
          const capabilities = '* CAPABILITY IMAP4rev1 SASL-IR STARTTLS AUTH=PLAIN\r\n';
          return void socket.write(`${/CAPABILITY/.test(line) ? capabilities : ''}${tag} OK done\r\n`);
        }
        // A message is answered once it has ended.
        if (isInMessage && !line.endsWith('\r\n.\r\n') && line !== '.\r\n') return;
        isInMessage = line.startsWith('DATA');
        const answers = { EHLO: '250-STARTTLS\r\n250 AUTH PLAIN', AUTH: '235 welcome', DATA: '354 go on' };
        return void socket.write(`${answers[line.slice(0, 4) as 'EHLO'] ?? '250 ok'}\r\n`);
      });
    };
    const greet = (socket: Socket): void => {
      speak(socket);
      socket.write(protocol === 'imap' ? '* OK ready\r\n' : '220 ready\r\n');
    };
    const server =
      protocol === 'https'
        ? createWebServer(options, (_request, answer) => void answer.end('{}'))
        : security === 'tls'
          ? createTlsServer(options, greet)
          : createTcpServer(greet);
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => {
      (server as Partial<Server>).closeAllConnections?.();
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return (server.address() as AddressInfo).port;
  }

  /** Goes as far as signing in. */
  async function ask(
    network: Network,
    protocol: Protocol,
    security: Security,
    port: number,
    route: 'primary' | 'continuity' = 'primary',
  ): Promise<Result<null, AppError>> {
    const server = { host: 'localhost', port, security };
    switch (protocol) {
      case 'imap': {
        const credentials = async () => ok(password);
        const opened = await openImapSession({ network, route, server, credentials, log: silent });
        if (opened.ok) await opened.value.close();
        return opened.ok ? ok(null) : opened;
      }
      case 'submission': {
        const outcome = await createSubmit(network)({
          route,
          server,
          credentials: async () => ok(password),
          envelope: { from: 'anna@corp.example', to: ['bob@out.example'] },
          source: Buffer.from('Subject: Offer\r\n\r\nHello\r\n'),
          beforeData: async () => {},
        });
        return outcome.kind === 'accepted' ? ok(null) : err(outcome.error);
      }
      case 'https':
        return network
          .fetchFor(route)(`https://localhost:${port}/`)
          .then(
            () => ok(null),
            (error: unknown) => err(networkFailureOf(error) ?? appError('engine.failed', 'never')),
          );
    }
  }

  const shown = ({ key, certificate }: Certificates): TlsOptions => ({ key, cert: certificate });
  const doors: readonly (readonly [Protocol, Security])[] = [
    ['imap', 'tls'],
    ['imap', 'starttls'],
    ['submission', 'tls'],
    ['submission', 'starttls'],
    ['https', 'tls'],
  ];

  describe.each(doors)('%s by %s', (protocol, security) => {
    it('believes an authority of the policy', async () => {
      const port = await start(protocol, security, shown(company));
      expect(await ask(directNetwork([company.authority]), protocol, security, port)).toEqual(ok(null));
    });

    it.each([
      ['wrongHost', 'network.certificateHostname'],
      ['expired', 'network.certificateExpired'],
      ['notYetValid', 'network.certificateNotYetValid'],
      ['selfSigned', 'network.certificateSelfSigned'],
      [null, 'network.certificateUnknownAuthority'],
    ] as const)('says nothing to a server whose certificate is %s: %s', async (flaw, code) => {
      const bad = flaw === null ? stranger : flawedBy(flaw);
      const port = await start(protocol, security, shown(bad));
      const answer = await ask(directNetwork([company.authority]), protocol, security, port);
      expect(answer).toEqual(err({ code: code satisfies ErrorCode, retry: 'afterUserAction' }));
      expect(heard.join('')).not.toContain(secret);
    });

    it('speaks nothing older than TLS 1.2', async () => {
      const old: TlsOptions = {
        ...shown(company),
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      };
      const port = await start(protocol, security, old);
      const answer = await ask(directNetwork([company.authority]), protocol, security, port);
      expect(answer).toMatchObject({ ok: false, error: { code: 'network.tls' } });
    });

    it('believes continuity only under a pinned key, and Exchange under any', async () => {
      const port = await start(protocol, security, shown(company));
      const pinned = (pins: string[]) => directNetwork([company.authority], { policy: { pins } });
      const [own, other] = [pinOf(company.certificate), pinOf(stranger.certificate)];
      const at = (pins: string[], route: 'primary' | 'continuity') =>
        ask(pinned(pins), protocol, security, port, route);
      expect(await at([other, own], 'continuity')).toEqual(ok(null));
      expect(await at([other], 'continuity')).toEqual(
        err(appError('network.certificatePin', 'afterUserAction')),
      );
      expect(await at([other], 'primary')).toEqual(ok(null));
    });

    it('notices a server that answers in clear where TLS has to be', async () => {
      const server = createTcpServer((socket) => {
        socket.on('error', () => {}).on('data', () => {});
        socket.write('HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      closers.push(() => server.close());
      const { port } = server.address() as AddressInfo;
      const answer = await ask(directNetwork([company.authority]), protocol, security, port);
      expect(answer).toEqual(err(appError('network.tlsStripped', 'afterUserAction')));
    });
  });

  it.each([
    ['imap', 'BAD unknown command'],
    ['submission', '502 5.5.1 unknown command'],
    ['submission', '454 4.7.0 TLS not available'],
  ] as const)('%s that refuses STARTTLS by "%s" has been stripped of it', async (protocol, answer) => {
    const port = await start(protocol, 'starttls', shown(company), answer);
    const network = directNetwork([company.authority]);
    expect(await ask(network, protocol, 'starttls', port)).toMatchObject({
      ok: false,
      error: { code: 'network.tlsStripped' },
    });
    expect(heard.join('')).not.toContain(secret);
    const limits = { network, clock: realClock, stepMs: 30_000, signal: new AbortController().signal };
    const server = { host: 'localhost', port, security: 'starttls' } as const;
    expect(await probeGreeting(server, protocol, limits)).toMatchObject({
      ok: false,
      error: { code: 'network.tlsStripped' },
    });
  });
});
