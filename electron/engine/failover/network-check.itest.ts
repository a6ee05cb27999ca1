import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Network } from '../net/network.ts';
import { directNetwork } from '../net/testing/direct-network.ts';
import type { Clock } from '../ports.ts';
import { realClock } from '../testing/laptop.ts';
import { createNetworkCheck } from './network-check.ts';
import { makeCertificate } from './testing/small-exchange.ts';

/** Neutral hosts of port 443, each behind a port of this machine. */
const names = ['one.example', 'two.example'] as const;
type Shows = 'its own certificate' | 'another’s certificate' | 'nothing' | 'refusal';

describe('a network in which somebody answers for the page that everybody knows', () => {
  const certificates = new Map([...names, 'portal.example'].map((name) => [name, makeCertificate(name)]));
  const servers: Server[] = [];
  const serve = async (server: Server): Promise<number> => {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const tls = (name: string): Promise<number> => {
    const { cert = '', key = '' } = certificates.get(name) ?? {};
    const server = createTlsServer({ cert, key }, (socket) => void socket.on('error', () => {}));
    return serve(server.on('tlsClientError', () => {}));
  };
  const own = new Map<string, number>();
  let another: number;
  let silent: number;
  let shut: number;
  let page: number;

  beforeAll(async () => {
    for (const name of names) own.set(name, await tls(name));
    another = await tls('portal.example');
    silent = await serve(createServer((socket) => void socket.on('error', () => {}).unref()));
    const gone = createServer();
    shut = await serve(gone);
    gone.close();
    page = await serve(
      createHttpServer((_, response) =>
        response.writeHead(302, { location: 'http://login.hotel.example/' }).end(),
      ),
    );
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });

  const met = (shows: readonly [Shows, Shows], port = 443) => {
    const behind = new Map(
      names.map((name, index) => {
        const ports = {
          'its own certificate': own.get(name) ?? 0,
          'another’s certificate': another,
          nothing: silent,
          refusal: shut,
        };
        return [name as string, ports[shows[index] ?? 'nothing']];
      }),
    );
    const direct = directNetwork(
      [...certificates.values()].map(({ cert }) => cert),
      {
        lookup: async () => [{ address: '127.0.0.1', family: 4 }],
      },
    );
    const network: Network = {
      ...direct,
      open: (target, limits) =>
        direct.open({ ...target, port: behind.get(target.host) ?? target.port }, limits),
    };
    const policy = {
      neutralHosts: names.map((name) => `${name}:${port}`),
      portalCheck: `http://page.example:${page}/success.txt`,
      portalCheckAnswer: 'success',
    };
    const stepMs = shows.includes('nothing') ? 500 : 60_000;
    const limits = { network, clock: realClock, stepMs, signal: new AbortController().signal };
    // The page is waited for, however busy this machine is.
    const patient: Clock = { now: realClock.now, after: () => () => {} };
    return createNetworkCheck(patient)(policy, limits);
  };

  it('lets mail through where every neutral host shows its own certificate', async () => {
    expect(await met(['its own certificate', 'its own certificate'])).toBe('reached');
  });

  it.each<Shows>(['another’s certificate', 'nothing', 'refusal'])(
    'is a captive portal’s where one of them shows %s',
    async (shows) => {
      expect(await met(['its own certificate', shows])).toBe('portal');
      expect(await met([shows, 'its own certificate'])).toBe('portal');
    },
  );

  it('is a captive portal’s where nobody has to show a certificate', async () => {
    expect(await met(['its own certificate', 'its own certificate'], 25)).toBe('portal');
  });
});
