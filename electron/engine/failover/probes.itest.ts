import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, describe, expect, it } from 'vitest';
import { err, ok } from '../../../shared/result.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import type { Clock } from '../ports.ts';
import { createNetworkCheck } from './network-check.ts';
import { probeGreeting } from './probes.ts';
import { openFaultyLink } from './testing/faulty-link.ts';
import {
  makeCertificate,
  startPlainServer,
  startSmallImap,
  startSmallStarttls,
} from './testing/small-exchange.ts';

const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
const certificate = makeCertificate();
const network = directNetwork([certificate.cert]);
const limits = (stepMs = 30_000, signal = new AbortController().signal) => ({
  network,
  clock,
  stepMs,
  signal,
});
const tls = (port: number) => ({ host: 'localhost', port, security: 'tls' as const });
const starttls = (port: number) => ({ host: 'localhost', port, security: 'starttls' as const });
const failure = (code: string, reason?: string) =>
  err(expect.objectContaining(reason === undefined ? { code } : { code, context: { reason } }));

describe('probes', () => {
  const closers: (() => unknown)[] = [];
  const keep = <T extends { close(): unknown }>(server: T): T => {
    closers.push(() => server.close());
    return server;
  };
  afterAll(async () => {
    await Promise.all(closers.map((close) => close()));
  });

  it('an IMAP server that greets over TLS', async () => {
    const imap = keep(await startSmallImap(certificate));
    expect(await probeGreeting(tls(imap.port), 'imap', limits())).toEqual(ok(null));
  });

  it('an IMAP server that greets and upgrades', async () => {
    const imap = keep(await startSmallStarttls(certificate, 'imap'));
    expect(await probeGreeting(starttls(imap.port), 'imap', limits())).toEqual(ok(null));
    const interceptor = keep(await startSmallStarttls(makeCertificate(), 'imap'));
    expect(await probeGreeting(starttls(interceptor.port), 'imap', limits())).toEqual(
      failure('network.certificateSelfSigned'),
    );
  });

  it('a submission server that greets and upgrades', async () => {
    const server = new SMTPServer({ ...certificate, logger: false });
    const listener = server.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    keep({ close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
    const { port } = listener.address() as AddressInfo;
    expect(await probeGreeting(starttls(port), 'submission', limits())).toEqual(ok(null));
    expect(await probeGreeting(starttls(port), 'imap', limits())).toEqual(failure('network.tlsStripped'));
  });

  it.each([
    ['* BYE Server Unavailable. 15', 'server.unavailable'],
    ['* BYE Connection is closed. 13', 'server.throttled'],
    ['220 what is this', 'server.protocol'],
  ])('the greeting "%s" is %s', async (greeting, code) => {
    const imap = keep(await startSmallImap(certificate, greeting));
    expect(await probeGreeting(tls(imap.port), 'imap', limits())).toEqual(failure(code));
  });

  it.each([
    ['421 4.3.2 Service not available', 'server.unavailable'],
    ['432 4.3.2 STOREDRV; concurrent connection limit exceeded', 'server.throttled'],
  ])('the submission greeting "%s" is %s', async (greeting, code) => {
    const submission = keep(await startPlainServer(`${greeting}\r\n`));
    expect(await probeGreeting(starttls(submission.port), 'submission', limits())).toEqual(failure(code));
  });

  it('a certificate of somebody else', async () => {
    const interceptor = keep(await startSmallImap(makeCertificate()));
    const result = await probeGreeting(tls(interceptor.port), 'imap', limits());
    expect(result).toEqual(failure('network.certificateSelfSigned'));
  });

  it('a name the certificate does not have', async () => {
    const imap = keep(await startSmallImap(certificate));
    const result = await probeGreeting({ ...tls(imap.port), host: '127.0.0.1' }, 'imap', limits());
    expect(result).toEqual(failure('network.certificateHostname'));
  });

  it('a captive portal that speaks HTTP', async () => {
    const portal = keep(await startPlainServer('HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n'));
    expect(await probeGreeting(tls(portal.port), 'imap', limits())).toEqual(failure('network.tlsStripped'));
    const plain = await probeGreeting(starttls(portal.port), 'imap', limits());
    expect(plain).toEqual(failure('network.tlsStripped'));
  });

  it('a refused, a reset and a silent connection', async () => {
    const link = keep(await openFaultyLink(keep(await startSmallImap(certificate)).port));
    expect(await probeGreeting(tls(link.port), 'imap', limits())).toEqual(ok(null));
    await link.become('refuse');
    expect(await probeGreeting(tls(link.port), 'imap', limits())).toEqual(failure('network.unreachable'));
    await link.become('reset');
    expect(await probeGreeting(tls(link.port), 'imap', limits())).toEqual(failure('network.closed'));
    await link.become('silent');
    expect(await probeGreeting(tls(link.port), 'imap', limits(300))).toEqual(failure('network.timeout'));
    await link.become('none');
    expect(await probeGreeting(tls(link.port), 'imap', limits())).toEqual(ok(null));
  });

  it('a black hole', async () => {
    const link = keep(await openFaultyLink(keep(await startSmallImap(certificate)).port));
    await link.become('blackHole');
    expect(await probeGreeting(tls(link.port), 'imap', limits(300))).toEqual(failure('network.timeout'));
    await link.become('none');
    expect(await probeGreeting(tls(link.port), 'imap', limits())).toEqual(ok(null));
  });

  it('a slow link is no dead one: each step has its own deadline', async () => {
    const imap = keep(await startSmallImap(certificate));
    const link = keep(await openFaultyLink(imap.port, { delayMs: 1500 }));
    const begun = performance.now();
    expect(await probeGreeting(tls(link.port), 'imap', limits(4500))).toEqual(ok(null));
    expect(performance.now() - begun).toBeGreaterThan(4500);
  });

  it('a name that does not exist', async () => {
    const server = { ...tls(993), host: 'no..such.name' };
    expect(await probeGreeting(server, 'imap', limits())).toEqual(
      failure('network.unreachable', 'nameUnknown'),
    );
  });

  it('an aborted probe ends at once', async () => {
    const link = keep(await openFaultyLink(keep(await startPlainServer()).port));
    const controller = new AbortController();
    const probe = probeGreeting(tls(link.port), 'imap', limits(60_000, controller.signal));
    controller.abort();
    expect(await probe).toEqual(failure('network.closed'));
  });

  it('one neutral host that answers is enough', async () => {
    const closed = await openFaultyLink(1);
    await closed.close();
    const neutral = keep(await startPlainServer());
    const hosts = [`127.0.0.1:${closed.port}`, `127.0.0.1:${neutral.port}`];
    const check = (neutralHosts: readonly string[]) =>
      createNetworkCheck(clock)({ neutralHosts, portalCheck: null, portalCheckAnswer: '-' }, limits());
    expect(await check(hosts)).toBe('reached');
    expect(await check(hosts.slice(0, 1))).toBe('none');
    expect(await check([])).toBe('none');
  });
});
