import { request } from 'node:https';
import { appError } from '../../../shared/errors.ts';
import { codeOf, failureOfSystem, NetworkError } from './failure.ts';
import type { Opened, OpenLimits, Target } from './network.ts';

/** What of `RequestInit` is understood; the rest has no meaning here. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly body?: unknown;
  readonly signal?: AbortSignal | null | undefined;
}

export type Fetch = (url: string | URL, init?: FetchInit) => Promise<Response>;

/** Neither sign-in nor provider ever answers as much, in bytes. */
const largestAnswer = 8 * 1024 * 1024;
/** From the first byte of the request to the last of the answer, in milliseconds, unless `signal` ends it earlier. */
const longestMs = 30_000;

type OpenTls = (target: Omit<Target, 'purpose'>, limits: OpenLimits) => Promise<Opened>;

/** HTTPS over connections that `open` makes, one for each request. */
export function createFetch(open: OpenTls): Fetch {
  return async (input, init = {}) => {
    const url = new URL(input);
    if (url.protocol !== 'https:')
      throw new NetworkError(appError('network.tlsStripped', 'afterUserAction'), 'tls', 'notHttps');
    // Normalizes method, headers and every kind of body.
    const { method = 'GET', headers = {}, body } = init;
    const asked = new Request(url, {
      method,
      headers,
      ...(body === undefined || body === null
        ? {}
        : { body: body as ConstructorParameters<typeof Response>[0], duplex: 'half' }),
    } as RequestInit);
    const bytes = Buffer.from(await asked.arrayBuffer());
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? 443 : Number(url.port);
    const signal = init.signal ?? undefined;
    const { socket, failed } = await open(
      { host, port, security: 'tls' },
      { totalMs: longestMs, ...(signal === undefined ? {} : { signal }) },
    );
    try {
      return await exchange(url, asked, bytes, socket, signal);
    } catch (error) {
      if (error instanceof NetworkError) failed('greeting', error.code);
      throw error;
    } finally {
      socket.destroy();
    }
  };
}

function exchange(
  url: URL,
  asked: Request,
  body: Buffer,
  socket: Opened['socket'],
  signal: AbortSignal | undefined,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const fail = (code: string): void =>
      reject(
        new NetworkError(
          failureOfSystem(code) ?? appError('server.protocol', 'later', { reason: 'http' }),
          'greeting',
          code,
        ),
      );
    const timer = setTimeout(() => fail('ETIMEDOUT'), longestMs);
    const abort = (): void => reject(signal?.reason);
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });

    const headers = Object.fromEntries(asked.headers);
    const sent = request(
      url,
      {
        method: asked.method,
        headers: {
          ...headers,
          'accept-encoding': 'identity',
          connection: 'close',
          'content-length': body.length,
        },
        createConnection: () => socket,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > largestAnswer) fail('tooLarge');
          else chunks.push(chunk);
        });
        answer.on('error', (error) => fail(codeOf(error)));
        answer.on('end', () => {
          const { statusCode: status = 0, statusMessage: statusText = '' } = answer;
          const fields = new Headers();
          for (const [name, values = []] of Object.entries(answer.headersDistinct))
            for (const value of values) fields.append(name, value);
          const isEmpty = status === 204 || status === 205 || status === 304;
          resolve(
            new Response(isEmpty ? null : new Uint8Array(Buffer.concat(chunks)), {
              status,
              statusText,
              headers: fields,
            }),
          );
        });
      },
    );
    sent.on('error', (error) => fail(codeOf(error)));
    sent.on('close', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      fail('ECONNRESET');
    });
    sent.end(body);
  });
}
