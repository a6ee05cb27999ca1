import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../e2e/lab/ports.ts';
import { appError } from '../../../shared/errors.ts';
import { err } from '../../../shared/result.ts';
import { openFaultyLink } from '../failover/testing/faulty-link.ts';
import type { Address } from './dial.ts';
import type { Network } from './network.ts';
import { directNetwork } from './testing/direct-network.ts';

/** Longer than a busy machine takes for anything. */
const patientMs = 60_000;
const v4: Address = { address: '127.0.0.1', family: 4 };
const v6: Address = { address: '::1', family: 6 };
/** An address of TEST-NET-1 and one of the documentation prefix: nobody is there. */
const [nobody4, nobody6]: readonly Address[] = [
  { address: '192.0.2.1', family: 4 },
  { address: '2001:db8::1', family: 6 },
];

describe('the addresses of a host', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function listenOn(...addresses: readonly Address[]): Promise<number> {
    let port = 0;
    for (const { address } of addresses) {
      const server = createServer((socket) => socket.on('error', () => {}).resume());
      servers.push(server);
      server.listen({ port, host: address, ipv6Only: true });
      await once(server, 'listening');
      port = (server.address() as AddressInfo).port;
    }
    return port;
  }

  const resolvingTo = (...addresses: readonly (Address | undefined)[]): Network =>
    directNetwork([], { lookup: async () => addresses.filter((address) => address !== undefined) });

  async function reach(network: Network, port: number, totalMs = patientMs) {
    const target = { host: 'mail.corp.example', port, security: 'none', purpose: 'primary' } as const;
    const begun = performance.now();
    const opened = await network.open(target, { totalMs });
    if (opened.ok) opened.value.socket.destroy();
    const [met] = network.evidence();
    return { answer: opened.ok ? null : opened.error, ms: performance.now() - begun, met };
  }

  it('IPv6 only', async () => {
    const { met } = await reach(resolvingTo(v6), await listenOn(v6));
    expect(met).toMatchObject({ phase: 'open', family: 6, address: '::1', addresses: ['::1'] });
  });

  it('IPv4 only', async () => {
    const { met } = await reach(resolvingTo(v4), await listenOn(v4));
    expect(met).toMatchObject({ phase: 'open', family: 4, address: '127.0.0.1' });
  });

  it('both: the one that the system prefers', async () => {
    const port = await listenOn(v6, v4);
    expect((await reach(resolvingTo(v6, v4), port)).met).toMatchObject({ family: 6 });
    expect((await reach(resolvingTo(v4, v6), port)).met).toMatchObject({ family: 4 });
  });

  it('IPv6 that refuses: IPv4 at once', async () => {
    const { answer, met } = await reach(resolvingTo(v6, v4), await listenOn(v4));
    expect(answer).toBeNull();
    expect(met).toMatchObject({ family: 4, addresses: ['::1', '127.0.0.1'] });
  });

  it('IPv6 that leads nowhere: IPv4 beside it, long before anybody gives up', async () => {
    const { answer, met, ms } = await reach(resolvingTo(nobody6, nobody6, v4), await listenOn(v4), patientMs);
    expect(answer).toBeNull();
    expect(met).toMatchObject({ family: 4 });
    expect(ms).toBeLessThan(patientMs / 2);
  });

  it('IPv4 that leads nowhere: IPv6 beside it', async () => {
    const { met } = await reach(resolvingTo(nobody4, v6), await listenOn(v6));
    expect(met).toMatchObject({ family: 6 });
  });

  it('an address that swallows everything: the next one beside it', async () => {
    const link = await openFaultyLink(await freePort());
    try {
      await link.become('blackHole');
      const server = createServer((socket) => socket.on('error', () => {}).resume());
      servers.push(server);
      server.listen({ port: link.port, host: '::1', ipv6Only: true });
      await once(server, 'listening');
      const { met, ms } = await reach(resolvingTo(v4, v6), link.port, patientMs);
      expect(met).toMatchObject({ family: 6, address: '::1' });
      expect(ms).toBeGreaterThan(200);
      expect(ms).toBeLessThan(patientMs / 2);
    } finally {
      await link.close();
    }
  });

  it('all refused is refused', async () => {
    const { answer, met } = await reach(resolvingTo(v6, v4), await freePort());
    expect(answer).toEqual(appError('network.unreachable', 'soon'));
    expect(met).toMatchObject({ phase: 'tcp', code: 'ECONNREFUSED', family: null });
  });

  it('a name that is unknown, and a name server that is away, are told apart', async () => {
    const failing = (code: string) =>
      directNetwork([], { lookup: () => Promise.reject(Object.assign(new Error(code), { code })) });
    expect((await reach(failing('ENOTFOUND'), 993)).answer).toEqual(
      appError('network.unreachable', 'later', { reason: 'nameUnknown' }),
    );
    const { answer, met } = await reach(failing('EAI_AGAIN'), 993);
    expect(answer).toEqual(appError('network.unreachable', 'soon', { reason: 'nameServer' }));
    expect(met).toMatchObject({ phase: 'dns', code: 'EAI_AGAIN', addresses: [] });
  });

  it('a name server that never answers costs no more than the budget', async () => {
    const network = directNetwork([], { lookup: () => new Promise(() => {}) });
    const { answer, met } = await reach(network, 993, 200);
    expect(answer).toEqual(appError('network.timeout', 'soon'));
    expect(met).toMatchObject({ phase: 'dns', code: 'ETIMEDOUT' });
  });

  it('elsewhere than before are noticed: a VPN came or went', async () => {
    const port = await listenOn(v6, v4);
    let addresses: readonly Address[] = [v4];
    const network = directNetwork([], { lookup: async () => addresses });
    expect((await reach(network, port)).met).toMatchObject({ hasMoved: false });
    addresses = [v6];
    expect((await reach(network, port)).met).toMatchObject({ hasMoved: true, addresses: ['::1'] });
    expect((await reach(network, port)).met).toMatchObject({ hasMoved: false });
    addresses = [v6, v4];
    expect((await reach(network, port)).met).toMatchObject({ hasMoved: false });
  });

  it('are given up at once when nobody wants them any more', async () => {
    const network = directNetwork([], { lookup: () => new Promise(() => {}) });
    const controller = new AbortController();
    const target = { host: 'mail.corp.example', port: 993, security: 'tls', purpose: 'neutral' } as const;
    const opening = network.open(target, { signal: controller.signal });
    controller.abort();
    expect(await opening).toEqual(err(appError('network.closed', 'soon')));
  });
});
