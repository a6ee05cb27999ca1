import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { ServerSettings } from '../../../shared/policy/account-settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Clock } from '../ports.ts';

/** How many steps of silence a probe that makes slow progress may take in all. */
const stepsInAll = 4;

/** A greeting line longer than this is none. RFC 5321 section 4.5.3.1.5 allows 512. */
const longestReply = 8192;

export interface ProbeLimits {
  readonly clock: Clock;
  /**
   * How long each step (connect, handshake, reply) may be silent. A slow link makes many steps in time; a dead server
   * misses the first. Four times as long is allowed in all.
   */
  readonly stepMs: number;
  /** Ends the probe at once; its result no longer matters. */
  readonly signal: AbortSignal;
}

/** What stands behind the port: what it says first, and how it is asked for TLS. */
type Protocol = 'imap' | 'submission';

/**
 * Whether a server greets on a fresh connection: TCP, TLS with a verified certificate, the protocol's greeting; with
 * STARTTLS the greeting comes before the handshake. Nobody signs in.
 *
 * Errors: `network.unreachable` (refused, no route; with `reason: 'nameUnknown'` the name does not exist),
 * `network.timeout`, `network.closed`, `network.tls` (`reason`: `alert` the server broke the handshake off,
 * `certificate` it is not who it should be, `notTls` something else speaks there), `server.unavailable` (421, BYE),
 * `server.throttled` (Exchange's BYE 13 and 432), `server.protocol`.
 */
export async function probeGreeting(
  server: ServerSettings,
  protocol: Protocol,
  limits: ProbeLimits,
): Promise<Result<null, AppError>> {
  const { host, port, security } = server;
  return withDeadline(limits, async (line) => {
    if (security === 'tls') {
      await line.openTls(host, port);
      return judgeGreeting(protocol, await line.reply(protocol));
    }
    await line.open(host, port);
    const greeting = judgeGreeting(protocol, await line.reply(protocol));
    if (!greeting.ok) return greeting.error.code === 'server.protocol' ? err(notTls) : greeting;
    if (protocol === 'submission') {
      line.say('EHLO [127.0.0.1]');
      await line.reply(protocol);
    }
    line.say(protocol === 'imap' ? 'r STARTTLS' : 'STARTTLS');
    const answer = await line.reply(protocol, 'r ');
    if (!/^(r OK|220)/i.test(answer)) return err(notTls);
    await line.startTls(host);
    return ok(null);
  });
}

/**
 * Whether the network reaches beyond this laptop: true as soon as the first of `hosts` ("host:port", "[ipv6]:port")
 * answers. Port 443 has to show its certificate as well, because a captive portal accepts connections for everybody.
 */
export async function probeNeutralHosts(hosts: readonly string[], limits: ProbeLimits): Promise<boolean> {
  const reached = hosts.map(async (hostAndPort) => {
    const colon = hostAndPort.lastIndexOf(':');
    const host = hostAndPort.slice(0, colon).replace(/^\[|\]$/g, '');
    const port = Number(hostAndPort.slice(colon + 1));
    const result = await withDeadline(limits, async (line) => {
      await (port === 443 ? line.openTls(host, port) : line.open(host, port));
      return ok(null);
    });
    if (!result.ok) throw result.error;
  });
  return Promise.any(reached).then(
    () => true,
    () => false,
  );
}

const notTls = appError('network.tls', 'afterUserAction', { reason: 'notTls' });

function judgeGreeting(protocol: Protocol, greeting: string): Result<null, AppError> {
  if (protocol === 'imap') {
    if (/^\* (OK|PREAUTH)\b/i.test(greeting)) return ok(null);
    // Exchange's routine end of a connection, no sign of an outage.
    if (/^\* BYE Connection is closed\. 13/i.test(greeting))
      return err(appError('server.throttled', 'later'));
    return err(appError(/^\* BYE\b/i.test(greeting) ? 'server.unavailable' : 'server.protocol', 'later'));
  }
  if (/^220\b/.test(greeting)) return ok(null);
  // Exchange Online: more than three connections of one mailbox.
  if (/^432\b/.test(greeting)) return err(appError('server.throttled', 'later'));
  return err(appError(/^[45]\d\d\b/.test(greeting) ? 'server.unavailable' : 'server.protocol', 'later'));
}

/** A connection that is spoken to line by line. Every method rejects with an `AppError`. */
interface Line {
  open(host: string, port: number): Promise<void>;
  openTls(host: string, port: number): Promise<void>;
  startTls(host: string): Promise<void>;
  say(command: string): void;
  /** The last line of the next reply, past SMTP's "250-" lines and IMAP's untagged ones if a `tag` is waited for. */
  reply(protocol: Protocol, tag?: string): Promise<string>;
}

/** Runs one conversation and ends the connection, at the latest when a step is silent for too long. */
async function withDeadline<T>(
  limits: ProbeLimits,
  converse: (line: Line) => Promise<Result<T, AppError>>,
): Promise<Result<T, AppError>> {
  const { clock, stepMs, signal } = limits;
  let socket: Socket | TLSSocket | null = null;
  let fail: (error: AppError) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});

  const timedOut = (): void => fail(appError('network.timeout', 'soon'));
  const stopWhole = clock.after(stepMs * stepsInAll, timedOut);
  let stopStep = clock.after(stepMs, timedOut);
  const progress = (): void => {
    stopStep();
    stopStep = clock.after(stepMs, timedOut);
  };
  const abort = (): void => fail(appError('network.closed', 'soon'));
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();

  const use = <S extends Socket>(fresh: S, phase: 'connecting' | 'handshake'): S => {
    socket = fresh;
    fresh.on('error', (error) => fail(classify(error, phase)));
    fresh.on('close', () => fail(appError('network.closed', 'soon')));
    return fresh;
  };
  const event = (emitter: Socket, name: string): Promise<void> =>
    Promise.race([failed, new Promise<void>((resolve) => emitter.once(name, () => resolve()))]).then(
      progress,
    );
  const tcp = (host: string, port: number) => ({
    host,
    port,
    // Node gives each of a name's addresses 250 ms, too short for a slow link.
    autoSelectFamilyAttemptTimeout: Math.max(10, stepMs * 0.6),
  });
  const current = (): Socket => {
    if (socket === null) throw new Error('The line is not open');
    return socket;
  };

  const line: Line = {
    open: (host, port) => event(use(connect(tcp(host, port)), 'connecting'), 'connect'),
    openTls: async (host, port) => {
      const fresh = use(connectTls(tcp(host, port)), 'handshake');
      await event(fresh, 'connect');
      await event(fresh, 'secureConnect');
    },
    startTls: async (host) => {
      const plain = current();
      plain.removeAllListeners('close');
      const servername = isIP(host) === 0 ? host : '';
      await event(use(connectTls({ socket: plain, host, servername }), 'handshake'), 'secureConnect');
    },
    say: (command) => void current().write(`${command}\r\n`),
    reply: (protocol, tag) => {
      const emitter = current();
      const isLast = (text: string): boolean =>
        protocol === 'imap' ? tag === undefined || text.startsWith(tag) : !/^\d\d\d-/.test(text);
      const read = new Promise<string>((resolve) => {
        let unread = '';
        const onData = (chunk: Buffer): void => {
          progress();
          unread += chunk.toString('latin1');
          const lines = unread.split(/\r?\n/);
          unread = lines.pop() ?? '';
          const last = lines.find(isLast);
          if (last !== undefined) {
            emitter.off('data', onData);
            emitter.pause();
            resolve(last);
          } else if (unread.length > longestReply) {
            fail(appError('server.protocol', 'later'));
          }
        };
        emitter.on('data', onData);
        emitter.resume();
      });
      return Promise.race([failed, read]);
    },
  };

  try {
    return await converse(line);
  } catch (error) {
    return err(error as AppError);
  } finally {
    stopWhole();
    stopStep();
    signal.removeEventListener('abort', abort);
    (socket as Socket | null)?.destroy();
  }
}

/** `phase` tells what an unknown failure means: OpenSSL has dozens of codes for a certificate that does not verify. */
function classify(error: NodeJS.ErrnoException, phase: 'connecting' | 'handshake'): AppError {
  const code = error.code ?? '';
  switch (code) {
    case 'ENOTFOUND':
      return appError('network.unreachable', 'later', { reason: 'nameUnknown' });
    case 'ETIMEDOUT':
      return appError('network.timeout', 'soon');
    case 'ECONNRESET':
    case 'EPIPE':
      return appError('network.closed', 'soon');
  }
  // Not by `syscall`: the error of several addresses tried in a row has none.
  const isFromSystem = /^E(AI_)?[A-Z0-9]+$/.test(code) && code !== 'EPROTO';
  if (isFromSystem || phase === 'connecting') return appError('network.unreachable', 'soon');
  if (code.includes('ALERT')) return appError('network.tls', 'later', { reason: 'alert' });
  const isFromOpenSsl = code.startsWith('ERR_SSL_') || code === 'EPROTO';
  return appError('network.tls', 'afterUserAction', { reason: isFromOpenSsl ? 'notTls' : 'certificate' });
}
