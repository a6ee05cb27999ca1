import { isIP, type Socket } from 'node:net';
import { type AppError, appError } from '../../../shared/errors.ts';
import { NetworkError } from './failure.ts';
import type { ProxyWay } from './proxy-list.ts';

/** What the proxy is told about who asks. */
export interface ProxyCredentials {
  readonly user: string;
  readonly password: string;
}

/** More than this before the end of a proxy's answer is none. */
const longestAnswer = 16 * 1024;

interface Ask {
  readonly host: string;
  readonly port: number;
  readonly credentials: ProxyCredentials | null;
  readonly signal: AbortSignal;
}

/**
 * Asks a proxy that is connected for a tunnel. Afterwards `socket` speaks to `host`, which the proxy looks up itself.
 *
 * Rejects with `network.proxyAuthentication`, `network.proxyRefused` (it does not let this port through; `status`),
 * or, when the proxy could not get any further either, `network.unreachable` and `network.timeout`.
 */
export function openTunnel(proxy: ProxyWay, socket: Socket, ask: Ask): Promise<void> {
  return proxy.kind === 'socks5' ? askSocks5(socket, ask) : askHttp(socket, ask);
}

/** HTTP CONNECT, RFC 9110 section 9.3.6, with Basic authentication, RFC 7617. */
async function askHttp(socket: Socket, { host, port, credentials, signal }: Ask): Promise<void> {
  const place = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const lines = [`CONNECT ${place} HTTP/1.1`, `Host: ${place}`];
  if (credentials !== null) {
    const basic = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64');
    lines.push(`Proxy-Authorization: Basic ${basic}`);
  }
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const status = await read(socket, signal, (bytes) => {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return null;
    const match = /^HTTP\/1\.[01] (\d{3})\b/.exec(bytes.toString('latin1', 0, end));
    return { value: Number(match?.[1] ?? 0), used: end + 4 };
  });
  if (status < 200 || status > 299) throw refusal(failureOfStatus(status), String(status));
}

function failureOfStatus(status: number): AppError {
  // tinyproxy answers 401 to a password that is wrong.
  if (status === 407 || status === 401)
    return appError('network.proxyAuthentication', 'afterUserAction', { status });
  if (status === 504) return appError('network.timeout', 'soon', { reason: 'beyondProxy', status });
  // Squid answers 503, tinyproxy 500, others 502 when the server does not take the connection.
  if (status >= 500) return appError('network.unreachable', 'soon', { reason: 'beyondProxy', status });
  return appError('network.proxyRefused', 'later', { status });
}

const noAuthentication = 0;
const userAndPassword = 2;

/** RFC 1928, with user and password by RFC 1929. */
async function askSocks5(socket: Socket, { host, port, credentials, signal }: Ask): Promise<void> {
  const take = (count: number): Promise<Buffer> =>
    read(socket, signal, (bytes) =>
      bytes.length < count ? null : { value: bytes.subarray(0, count), used: count },
    );

  const methods = credentials === null ? [noAuthentication] : [noAuthentication, userAndPassword];
  socket.write(Buffer.from([5, methods.length, ...methods]));
  const [version, method] = await take(2);
  if (version !== 5)
    throw refusal(appError('network.proxyRefused', 'later', { reason: 'notSocks' }), 'socks');
  const unwelcome = appError('network.proxyAuthentication', 'afterUserAction');
  if (method === userAndPassword && credentials !== null) {
    const [user, password] = [Buffer.from(credentials.user), Buffer.from(credentials.password)];
    socket.write(Buffer.from([1, user.length, ...user, password.length, ...password]));
    if ((await take(2))[1] !== 0) throw refusal(unwelcome, 'socksLogin');
  } else if (method !== noAuthentication) throw refusal(unwelcome, 'socksMethod');

  const name = Buffer.from(host);
  socket.write(Buffer.from([5, 1, 0, 3, name.length, ...name, port >> 8, port & 255]));
  const [, reply = 1, , addressKind, length = 0] = await take(5);
  // Of the address it has bound, one byte has been read: an IPv4, a name, or an IPv6.
  await take((addressKind === 1 ? 3 : addressKind === 3 ? length : 15) + 2);
  if (reply !== 0) throw refusal(failureOfReply(reply), `socks${reply}`);
}

/** RFC 1928 section 6. */
function failureOfReply(reply: number): AppError {
  if (reply === 2) return appError('network.proxyRefused', 'later', { status: reply });
  if (reply === 6) return appError('network.timeout', 'soon', { reason: 'beyondProxy', status: reply });
  if (reply <= 5) return appError('network.unreachable', 'soon', { reason: 'beyondProxy', status: reply });
  return appError('network.proxyRefused', 'later', { status: reply });
}

const refusal = (failure: AppError, code: string): NetworkError => new NetworkError(failure, 'proxy', code);

/** Reads until `take` has what it wants, and leaves what comes after it for others. */
function read<T>(
  socket: Socket,
  signal: AbortSignal,
  take: (bytes: Buffer) => { readonly value: T; readonly used: number } | null,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const finish = (end: () => void): void => {
      socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd);
      signal.removeEventListener('abort', onAbort);
      end();
    };
    const onReadable = (): void => {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      bytes = Buffer.concat([bytes, chunk]);
      const taken = take(bytes);
      if (taken !== null) {
        if (taken.used < bytes.length) socket.unshift(bytes.subarray(taken.used));
        finish(() => resolve(taken.value));
      } else if (bytes.length > longestAnswer) finish(() => reject(silentRefusal('tooLong')));
    };
    const onEnd = (): void => finish(() => reject(silentRefusal('closed')));
    const onAbort = (): void => finish(() => reject(signal.reason));
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd);
    onReadable();
  });
}

const silentRefusal = (reason: string): NetworkError =>
  refusal(appError('network.proxyRefused', 'later', { reason }), reason);
