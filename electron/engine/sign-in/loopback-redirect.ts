import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How long the browser may take to read the page once the sign-in is over, in milliseconds. */
const lingerMs = 2_000;

/** Who connects and says nothing is put away after five seconds. */
const serverOptions = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};

export interface Arrival {
  /** With the code, or with what the provider said instead. */
  readonly url: URL;
  /** What the browser shows now; nothing listens any more after it. */
  show(page: string): void;
}

export interface LoopbackRedirect {
  readonly uri: string;
  readonly arrived: Promise<Arrival>;
  close(): void;
}

/**
 * Listens on the loopback interface for the one request by which the browser brings the person back (RFC 8252 section
 * 7.3). Only a GET to this very host, with this `state`, counts, and only the first; whatever else knocks, another
 * program of the laptop or a page that guesses the port, is turned away and changes nothing.
 */
export async function listenForRedirect(state: string): Promise<LoopbackRedirect> {
  let arrive: (arrival: Arrival) => void = () => {};
  const arrived = new Promise<Arrival>((resolve) => {
    arrive = resolve;
  });
  let hasArrived = false;
  const server = createServer(serverOptions, (request, response) => {
    const url = redirectOf(request, host, state);
    if (url === null || hasArrived) return turnAway(response);
    hasArrived = true;
    server.close();
    arrive({
      url,
      show: (page) => {
        answer(response, 200, page);
        setTimeout(() => server.closeAllConnections(), lingerMs).unref();
      },
    });
  });
  server.maxConnections = 100;
  server.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    uri: `http://${host}/`,
    arrived,
    close: () => {
      server.close();
      // Whoever has arrived is still owed a page.
      if (!hasArrived) server.closeAllConnections();
    },
  };
}

/** Null: not the browser that was sent to the provider. The host is looked at because of DNS rebinding. */
function redirectOf(
  { method, url: target, headers }: IncomingMessage,
  host: string,
  state: string,
): URL | null {
  if (method !== 'GET' || headers.host !== host) return null;
  const url = URL.parse(target ?? '', `http://${host}`);
  if (url === null || url.host !== host || url.pathname !== '/') return null;
  const shown = url.searchParams.getAll('state');
  return shown.length === 1 && isSame(shown[0] ?? '', state) ? url : null;
}

function isSame(shown: string, expected: string): boolean {
  const [one, other] = [Buffer.from(shown), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function turnAway(response: ServerResponse): void {
  answer(response, 404, '');
}

function answer(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(page);
}
