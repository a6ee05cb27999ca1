import type { Socket } from 'node:net';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { ServerSettings } from '../../../shared/policy/account-settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { codeOf, failureOfSystem, failureOfTls } from '../net/failure.ts';
import type { Network, Opened, Target } from '../net/network.ts';
import type { Clock } from '../ports.ts';

/** How many steps of silence a probe that makes slow progress may take in all. */
const stepsInAll = 4;

/** A greeting line longer than this is none. RFC 5321 section 4.5.3.1.5 allows 512. */
const longestReply = 8192;

export interface ProbeLimits {
  readonly network: Network;
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
 * Errors: those of `Network.open`, `network.tlsStripped` too when something else speaks there or no STARTTLS is
 * offered; `server.unavailable` (421, BYE), `server.throttled` (Exchange's BYE 13 and 432), `server.protocol`.
 */
export async function probeGreeting(
  server: ServerSettings,
  protocol: Protocol,
  limits: ProbeLimits,
): Promise<Result<null, AppError>> {
  const { host, port, security } = server;
  return withDeadline(limits, async (line) => {
    await line.open({ host, port, security, purpose: 'primary' });
    if (security === 'tls') {
      const greeted = judgeGreeting(protocol, await line.reply(protocol));
      if (!greeted.ok) return greeted;
      // A front can greet for a service behind it that is dead.
      line.say(protocol === 'imap' ? 'r CAPABILITY' : 'EHLO [127.0.0.1]');
      return judgeCapability(protocol, await line.reply(protocol, 'r '));
    }
    const greeting = judgeGreeting(protocol, await line.reply(protocol));
    if (!greeting.ok) return greeting.error.code === 'server.protocol' ? err(stripped) : greeting;
    if (protocol === 'submission') {
      line.say('EHLO [127.0.0.1]');
      await line.reply(protocol);
    }
    line.say(protocol === 'imap' ? 'r STARTTLS' : 'STARTTLS');
    const answer = await line.reply(protocol, 'r ');
    if (!/^(r OK|220)/i.test(answer)) return err(stripped);
    await line.startTls();
    return ok(null);
  });
}

/**
 * Whether a host of neither provider answers ("host:port", "[ipv6]:port"). Port 443 has to show its certificate as well,
 * because a captive portal accepts connections for everybody.
 */
export function probeNeutralHost(hostAndPort: string, limits: ProbeLimits): Promise<Result<null, AppError>> {
  const colon = hostAndPort.lastIndexOf(':');
  const host = hostAndPort.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(hostAndPort.slice(colon + 1));
  return withDeadline(limits, async (line) => {
    await line.open({ host, port, security: port === 443 ? 'tls' : 'none', purpose: 'neutral' });
    return ok(null);
  });
}

/** A door that takes longer says nothing. */
const doorMs = 1000;

/** Whether anybody takes connections there, whoever it is. */
export async function probeDoor(
  network: Network,
  { host, port }: ServerSettings,
  signal: AbortSignal,
): Promise<'open' | 'shut' | 'unknown'> {
  const met = await network.open(
    { host, port, security: 'none', purpose: 'primary' },
    { totalMs: doorMs, signal },
  );
  if (met.ok) {
    met.value.socket.destroy();
    return 'open';
  }
  return met.error.code === 'network.unreachable' ? 'shut' : 'unknown';
}

const stripped = appError('network.tlsStripped', 'afterUserAction');

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

function judgeCapability(protocol: Protocol, answer: string): Result<null, AppError> {
  if (protocol === 'submission') return judgeGreeting(protocol, answer.replace(/^250/, '220'));
  return /^r (OK|NO|BAD)\b/i.test(answer) ? ok(null) : err(appError('server.protocol', 'later'));
}

/** A connection that is spoken to line by line. Every method rejects with an `AppError`. */
interface Line {
  open(target: Target): Promise<void>;
  startTls(): Promise<void>;
  say(command: string): void;
  /** The last line of the next reply, past SMTP's "250-" lines and IMAP's untagged ones if a `tag` is waited for. */
  reply(protocol: Protocol, tag?: string): Promise<string>;
}

/** Runs one conversation and ends the connection, at the latest when a step is silent for too long. */
async function withDeadline<T>(
  limits: ProbeLimits,
  converse: (line: Line) => Promise<Result<T, AppError>>,
): Promise<Result<T, AppError>> {
  const { network, clock, stepMs, signal } = limits;
  let opened: Opened | null = null;
  let socket: Socket | null = null;
  let fail: (error: AppError) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});
  const ending = new AbortController();

  const silence = appError('network.timeout', 'soon');
  // A laptop that stood still reads what has arrived meanwhile before it calls a server silent.
  let steps = 0;
  const timedOut = (): void => {
    const known = steps;
    setImmediate(() => known === steps && fail(silence));
  };
  const stopWhole = clock.after(stepMs * stepsInAll, () => fail(silence));
  let stopStep = clock.after(stepMs, timedOut);
  const progress = (): void => {
    steps += 1;
    stopStep();
    stopStep = clock.after(stepMs, timedOut);
  };
  const abort = (): void => fail(appError('network.closed', 'soon'));
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();

  const use = <S extends Socket>(fresh: S): S => {
    socket = fresh;
    fresh.on('error', (error) => {
      const code = codeOf(error);
      fail(failureOfTls(code) ?? failureOfSystem(code) ?? appError('network.closed', 'soon'));
    });
    fresh.on('close', () => fail(appError('network.closed', 'soon')));
    return fresh;
  };
  const current = (): Socket => {
    if (socket === null) throw new Error('The line is not open');
    return socket;
  };

  const line: Line = {
    open: async (target) => {
      const opening = network.open(target, {
        signal: ending.signal,
        totalMs: stepMs * stepsInAll,
        onProgress: progress,
      });
      const outcome = await Promise.race([failed, opening]);
      if (!outcome.ok) throw outcome.error;
      opened = outcome.value;
      use(opened.socket);
    },
    startTls: async () => {
      const plain = current();
      plain.removeAllListeners('close');
      const secured = use((opened as Opened).upgrade(plain));
      const isSecure = new Promise<void>((resolve) => secured.once('secureConnect', () => resolve()));
      await Promise.race([failed, isSecure]);
      progress();
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
    const failure = error as AppError;
    (opened as Opened | null)?.failed('greeting', failure.code);
    return err(failure);
  } finally {
    ending.abort();
    stopWhole();
    stopStep();
    signal.removeEventListener('abort', abort);
    (socket as Socket | null)?.destroy();
  }
}
