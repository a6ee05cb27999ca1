import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Certificates, makeCertificates } from '../../../e2e/lab/certificates.ts';
import { freePort } from '../../../e2e/lab/ports.ts';
import { LabProxy, type ProxySetup } from '../../../e2e/lab/proxy.ts';
import { appError } from '../../../shared/errors.ts';
import { err, ok } from '../../../shared/result.ts';
import { openImapSession } from '../mail/imap-session.ts';
import { createSubmit } from '../mail/submission.ts';
import { type ScriptedServer, startScriptedServer } from '../mail/testing/scripted-server.ts';
import { silent } from '../testing/laptop.ts';
import { networkFailureOf } from './failure.ts';
import type { Network } from './network.ts';
import { directNetwork, fixedProxies } from './testing/direct-network.ts';

const password = { kind: 'password', user: 'anna', password: 'secret' } as const;

describe('a connection through a proxy', () => {
  let folder: string;
  let certificates: Certificates;
  let imap: ScriptedServer;
  let submission: ScriptedServer;
  let web: Server;
  let webPort: number;
  const proxies: LabProxy[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-proxies-'));
    certificates = makeCertificates(folder, 'servers');
    const tls = { cert: certificates.certificate, key: certificates.key };
    imap = await startScriptedServer(tls, {
      connected: (socket) => void socket.write('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n'),
      said: (line, socket) => void socket.write(`${line.split(' ')[0]} OK done\r\n`),
    });
    submission = await startScriptedServer(tls, {
      connected: (socket) => void socket.write('220 ready\r\n'),
      said: (line, socket) => {
        const answers = { EHLO: '250-here\r\n250 AUTH PLAIN', AUTH: '235 welcome', DATA: '354 go on' };
        const isData = !/^(EHLO|AUTH|MAIL|RCPT|DATA|QUIT|\.$)/.test(line);
        if (!isData) socket.write(`${answers[line.slice(0, 4) as 'EHLO'] ?? '250 ok'}\r\n`);
      },
    });
    web = createServer(tls, (_request, answer) => void answer.end('{"is":"here"}'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    webPort = (web.address() as AddressInfo).port;
  });
  afterEach(async () => {
    await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()));
  });
  afterAll(() => {
    imap.close();
    submission.close();
    web.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(setup: ProxySetup): Promise<LabProxy> {
    const proxy = await LabProxy.start(setup);
    proxies.push(proxy);
    return proxy;
  }

  const through = (answer: string, credentials: string | null = null, isEmergencyDirect = false): Network =>
    directNetwork([certificates.authority], {
      proxies: fixedProxies(answer, credentials),
      policy: { isEmergencyDirect },
    });

  const openImap = async (
    network: Network,
    port = imap.port,
    route: 'primary' | 'continuity' = 'primary',
  ) => {
    const opened = await openImapSession({
      network,
      route,
      server: { host: 'localhost', port, security: 'tls' },
      credentials: async () => ok(password),
      log: silent,
    });
    if (opened.ok) await opened.value.close();
    return opened.ok ? ok(null) : opened;
  };

  const submit = (network: Network) =>
    createSubmit(network)({
      route: 'primary',
      server: { host: 'localhost', port: submission.port, security: 'tls' },
      credentials: async () => ok(password),
      envelope: { from: 'anna@corp.example', to: ['bob@out.example'] },
      source: Buffer.from('Subject: Offer\r\n\r\nHello\r\n'),
      beforeData: async () => {},
    });

  const askWeb = async (network: Network) => {
    const answer = await network.fetchFor('primary')(`https://localhost:${webPort}/`);
    return answer.json();
  };

  describe.each([['http'], ['socks5']] as const)('of the kind %s', (kind) => {
    it('carries IMAP, submission and HTTPS, and the name is looked up by the proxy', async () => {
      const proxy = await start({ kind });
      const network = through(proxy.way);
      expect(await openImap(network)).toEqual(ok(null));
      expect(await submit(network)).toMatchObject({ kind: 'accepted' });
      expect(await askWeb(network)).toEqual({ is: 'here' });
      const evidence = network.evidence();
      expect(evidence).toHaveLength(3);
      for (const met of evidence)
        expect(met).toMatchObject({
          phase: 'open',
          proxy: `${kind}://127.0.0.1:${proxy.port}`,
          addresses: [],
          family: null,
        });
    });

    it('is signed in to with the user and password of the key store', async () => {
      const proxy = await start({ kind, credentials: 'laptop:right' });
      expect(await openImap(through(proxy.way, 'laptop:right'))).toEqual(ok(null));
    });

    it.each([[null], ['laptop:wrong']])(
      'asks in vain for a password when there is %s',
      async (credentials) => {
        const proxy = await start({ kind, credentials: 'laptop:right' });
        const network = through(proxy.way, credentials);
        const refused = err(expect.objectContaining({ code: 'network.proxyAuthentication' }));
        expect(await openImap(network)).toEqual(refused);
        expect(await submit(network)).toMatchObject({
          kind: 'deferred',
          error: { code: 'network.proxyAuthentication' },
        });
        const failure = await askWeb(network).catch(networkFailureOf);
        expect(failure).toMatchObject({ code: 'network.proxyAuthentication' });
      },
    );

    it('that is down is not the server being down', async () => {
      const proxy = await start({ kind });
      await proxy.down();
      const network = through(proxy.way);
      expect(await openImap(network)).toEqual(err(appError('network.proxyUnreachable', 'soon')));
      expect(network.evidence()).toMatchObject([{ phase: 'proxy', code: 'ECONNREFUSED' }]);
      await proxy.up();
      expect(await openImap(network)).toEqual(ok(null));
    });

    it('says when the server behind it does not listen', async () => {
      const proxy = await start({ kind });
      const answer = await openImap(through(proxy.way), await freePort());
      expect(answer).toMatchObject(err({ code: 'network.unreachable', context: { reason: 'beyondProxy' } }));
    });

    it('that is down leaves the emergency route open, where the policy says so, and that one alone', async () => {
      const proxy = await start({ kind });
      await proxy.down();
      const network = through(proxy.way, null, true);
      expect(await openImap(network, imap.port, 'continuity')).toEqual(ok(null));
      expect(await openImap(network)).toEqual(
        err(appError('network.proxyUnreachable', 'soon', { reason: 'goneRound' })),
      );
      expect(await openImap(through(proxy.way), imap.port, 'continuity')).toMatchObject(
        err({ code: 'network.proxyUnreachable' }),
      );
    });
  });

  it('that lets only port 443 through refuses mail with its status, and HTTPS goes on', async () => {
    const proxy = await start({ kind: 'http', ports: [webPort] });
    const network = through(proxy.way, null, true);
    const refused = appError('network.proxyRefused', 'later', { status: 403 });
    expect(await openImap(network)).toEqual(err(refused));
    expect(await openImap(network, imap.port, 'continuity')).toEqual(err(refused));
    expect(await submit(network)).toMatchObject({ kind: 'deferred', error: refused });
    expect(await askWeb(network)).toEqual({ is: 'here' });
    expect(network.evidence()).toContainEqual(
      expect.objectContaining({ port: imap.port, purpose: 'primary', phase: 'proxy', code: '403' }),
    );
  });

  it('is tried after those of the list that are down, and is the first one next time', async () => {
    const [down, up] = [await start({ kind: 'http' }), await start({ kind: 'socks5' })];
    await down.down();
    const network = through(`${down.way}; ${up.way}; DIRECT`);
    expect(await openImap(network)).toEqual(ok(null));
    expect(network.evidence()).toMatchObject([{ proxy: `socks5://127.0.0.1:${up.port}` }]);
  });

  it('is spoken to by TLS where the list says so, and verified then', async () => {
    const proxy = await start({ kind: 'http' });
    const shown = { cert: certificates.certificate, key: certificates.key };
    const front = createTlsServer(shown, (socket) => {
      const behind = connect(proxy.port, '127.0.0.1');
      for (const end of [socket, behind]) end.on('error', () => {});
      socket.pipe(behind).pipe(socket);
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    const { port } = front.address() as AddressInfo;
    try {
      expect(await openImap(through(`HTTPS localhost:${port}`))).toEqual(ok(null));
      const stranger = directNetwork([], { proxies: fixedProxies(`HTTPS localhost:${port}`) });
      expect(await openImap(stranger)).toEqual(err(appError('network.proxyUnreachable', 'soon')));
    } finally {
      front.close();
    }
  });

  it('verifies the server, not the proxy', async () => {
    const proxy = await start({ kind: 'http' });
    const network = directNetwork([], { proxies: fixedProxies(proxy.way) });
    expect(await openImap(network)).toEqual(
      err(appError('network.certificateUnknownAuthority', 'afterUserAction')),
    );
  });

  it('is no reason to blame the server, or to go around, while it is not known which proxy there is', async () => {
    const undecided = { ...fixedProxies(''), proxiesFor: () => Promise.resolve(null) };
    const network = (isEmergencyDirect: boolean) =>
      directNetwork([certificates.authority], { proxies: undecided, policy: { isEmergencyDirect } });
    expect(await openImap(network(false))).toEqual(
      err(appError('network.proxyUnreachable', 'soon', { reason: 'notKnown' })),
    );
    expect(await openImap(network(true), imap.port, 'continuity')).toEqual(ok(null));
  });

  it('never goes around the proxy when nothing in the answer is understood', async () => {
    expect(await openImap(through('SOCKS 127.0.0.1:9; QUIC 127.0.0.1:9'))).toEqual(
      err(appError('network.proxyRefused', 'later', { reason: 'noWay' })),
    );
  });
});
