import type { Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Clock, Logger } from '../ports.ts';
import { type Address, dial, type Lookup, resolve, systemLookup } from './dial.ts';
import { createEvidenceBook, type Evidence, type Phase } from './evidence.ts';
import { codeOf, failureOfSystem, failureOfTls, NetworkError } from './failure.ts';
import { createFetch, type Fetch } from './https-fetch.ts';
import { type ProxyWay, parseProxyList, proxyUrl } from './proxy-list.ts';
import { createTrust, type TrustPolicy } from './trust.ts';
import { openTunnel, type ProxyCredentials } from './tunnel.ts';

/**
 * Whose connection it is. `primary`: Exchange and its identity provider; `continuity`: the provider, its enrolment and
 * its directory, whose keys are pinned and who is reached directly when the proxy is down, if the policy says so;
 * `neutral`: neither, asked whether there is a network at all.
 */
export type Purpose = Route | 'neutral';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte. Otherwise in clear, and with `starttls` to be secured by `tlsOptions` or `upgrade`. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly purpose: Purpose;
}

export interface OpenLimits {
  /** Everything together, in milliseconds. */
  readonly totalMs?: number;
  /** Ends the attempt at once, with `network.closed`. */
  readonly signal?: AbortSignal;
  /** Called after each step, for those who count silence instead. */
  readonly onProgress?: () => void;
}

/** A connection that stands, and has been verified if it is by TLS. Nothing has been read from it. */
export interface Opened {
  readonly socket: Socket | TLSSocket;
  /** With what a library has to secure it by STARTTLS. */
  readonly tlsOptions: ConnectionOptions;
  /** Secures it by STARTTLS, for those who do so themselves. Failures are emitted as errors of the new socket. */
  upgrade(plain: Socket): TLSSocket;
  /** Notes that what stood behind it failed after all. */
  failed(phase: Phase, code: string): void;
}

/** Every connection of the product comes from here. */
export interface Network {
  /**
   * Errors: `network.unreachable` (with `reason` `nameUnknown`, `nameServer` or `beyondProxy`), `network.timeout`, `network.closed`,
   * `network.tls`, `network.tlsStripped`, `network.certificate…`, `network.proxy…`.
   */
  open(target: Target, limits?: OpenLimits): Promise<Result<Opened, AppError>>;
  /**
   * HTTPS as `fetch` speaks it: never in clear, and redirects are not followed. Rejects with a `NetworkError`; what a
   * library has made of that is read by `networkFailureOf`.
   */
  fetchFor(purpose: Purpose): Fetch;
  /** What the latest attempts met, by server. */
  evidence(): readonly Evidence[];
}

export interface NetworkPolicy extends TrustPolicy {
  /** Whether the emergency route goes direct when the proxy is down. */
  readonly isEmergencyDirect: boolean;
}

/** Says which proxies lead to a server. */
export interface ProxyChoice {
  /** In the form of a PAC answer, e.g. "PROXY p.example:8080; DIRECT"; null: not known yet. Never rejects. */
  proxiesFor(host: string, port: number): Promise<string | null>;
  /** What was answered has not worked; ask again. */
  forget(host: string, port: number): void;
  credentials(): Promise<ProxyCredentials | null>;
}

export interface NetworkSetup {
  readonly policy: NetworkPolicy;
  readonly proxies: ProxyChoice;
  readonly clock: Clock;
  readonly log: Logger;
  readonly lookup?: Lookup;
}

/** A connection that is opened by nobody's deadline is given this long. */
const defaultTotalMs = 15_000;
/** A proxy that did not answer is tried after the others for this long. */
const restMs = 30_000;

/** The whole laptop's network. */
export interface WholeNetwork extends Network {
  /** When the certificate that a server showed last ends; null: none was verified since the start. */
  certificateEndsAt(host: string): EpochMs | null;
}

export function createNetwork(setup: NetworkSetup): WholeNetwork {
  const { policy, proxies, clock, log, lookup = systemLookup } = setup;
  const trust = createTrust(policy);
  const book = createEvidenceBook(() => clock.now());
  const restingUntil = new Map<string, number>();

  const isResting = (proxy: ProxyWay): boolean => (restingUntil.get(proxyUrl(proxy)) ?? 0) > clock.now();

  /** The ways to try in this order, null for the direct one; none while it is not known which proxies there are. */
  async function waysTo({ host, port, purpose }: Target): Promise<Ways> {
    const answer = await proxies.proxiesFor(host, port);
    const listed = parseProxyList(answer ?? '');
    const isRested = (way: ProxyWay | null): boolean => way === null || !isResting(way);
    const ways = [...listed.filter(isRested), ...listed.filter((way) => !isRested(way))];
    const mayGoDirect = policy.isEmergencyDirect && purpose !== 'primary' && !ways.includes(null);
    return { ways: mayGoDirect ? [...ways, null] : ways, isKnown: answer !== null };
  }

  const optionsFor = ({ host, purpose }: Target): ConnectionOptions =>
    trust.optionsFor(host, purpose === 'continuity');

  /** One attempt, directly or through one proxy. Rejects with a `NetworkError`. */
  async function attempt(target: Target, way: ProxyWay | null, limits: StepLimits): Promise<Opened> {
    let phase: Phase = 'dns';
    let socket: Socket | null = null;
    let addresses: readonly Address[] = [];
    const record = (reached: Phase, code: string | null): void => {
      const isDirect = way === null;
      const evidence = book.add({
        host: target.host,
        port: target.port,
        purpose: target.purpose,
        addresses: isDirect ? addresses.map(({ address }) => address) : [],
        address: (isDirect && socket?.remoteAddress) || null,
        family: isDirect && socket?.remoteAddress ? (socket.remoteFamily === 'IPv6' ? 6 : 4) : null,
        proxy: isDirect ? null : proxyUrl(way),
        phase: reached,
        code,
      });
      if (code === null && !evidence.hasMoved) return;
      const { family, hasMoved } = evidence;
      log.info('connection', { purpose: target.purpose, phase: reached, code, family, isDirect, hasMoved });
    };
    const step = async <T>(next: Phase, work: Promise<T>): Promise<T> => {
      phase = next;
      const done = await limits.race(work);
      limits.onProgress();
      return done;
    };

    try {
      const { host, port } = way ?? target;
      addresses = await step('dns', resolve(host, lookup));
      socket = await step('tcp', dial(addresses, port, limits.signal));
      if (way !== null) {
        if (way.kind === 'https')
          socket = await step('tcp', secure(connectTls({ ...trust.optionsFor(host, false), socket })));
        const credentials = await proxies.credentials();
        const ask = { host: target.host, port: target.port, credentials, signal: limits.signal };
        await step('proxy', openTunnel(way, socket, ask));
      }
      if (target.security === 'tls')
        socket = await step('tls', secure(connectTls({ ...optionsFor(target), socket })));
      record('open', null);
    } catch (error) {
      socket?.destroy();
      const failure = classify(error, phase, way);
      record(failure.phase, failure.code);
      throw failure;
    }
    const tlsOptions = optionsFor(target);
    return {
      socket,
      tlsOptions,
      upgrade: (plain) => connectTls({ ...tlsOptions, socket: plain }),
      failed: record,
    };
  }

  async function open(target: Target, limits: OpenLimits): Promise<Opened> {
    const endsAt = performance.now() + (limits.totalMs ?? defaultTotalMs);
    const remaining = (): number => Math.max(0, endsAt - performance.now());
    const { ways, isKnown } = await within(remaining(), limits, ({ race }) => race(waysTo(target)));
    let failure = isKnown ? noWay() : notKnown();
    for (const [index, way] of ways.entries()) {
      try {
        // A proxy that is silent leaves time for those after it.
        return await within(remaining() / (ways.length - index), limits, (step) =>
          attempt(target, way, step),
        );
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        failure = error;
        if (way === null) break;
        if (error.phase !== 'tls') proxies.forget(target.host, target.port);
        if (error.failure.code !== 'network.proxyUnreachable') break;
        restingUntil.set(proxyUrl(way), clock.now() + restMs);
      }
    }
    // Exchange stays behind its proxy; who asks has to know that the emergency route does not.
    if (failure.failure.code === 'network.proxyUnreachable' && isKnown && policy.isEmergencyDirect)
      throw new NetworkError(goneRound, failure.phase, failure.code);
    throw failure;
  }

  return {
    open: (target, limits = {}) =>
      open(target, limits).then(ok, (error: unknown) => {
        if (error instanceof NetworkError) return err(error.failure);
        throw error;
      }),
    fetchFor: (purpose) => createFetch((target, limits) => open({ ...target, purpose }, limits)),
    evidence: () => book.latest(),
    certificateEndsAt: trust.endsAt,
  };
}

interface Ways {
  readonly ways: readonly (ProxyWay | null)[];
  readonly isKnown: boolean;
}

interface StepLimits {
  readonly signal: AbortSignal;
  readonly race: <T>(work: Promise<T>) => Promise<T>;
  readonly onProgress: () => void;
}

/** Gives `run` until `ms` have passed or the caller's signal aborts. */
async function within<T>(ms: number, limits: OpenLimits, run: (step: StepLimits) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const { promise: ended, reject: end } = Promise.withResolvers<never>();
  ended.catch(() => {});
  signal.addEventListener('abort', () => end(signal.reason), { once: true });
  const timer = setTimeout(() => controller.abort(timedOut()), ms);
  const abort = (): void => controller.abort(givenUp());
  limits.signal?.addEventListener('abort', abort, { once: true });
  if (limits.signal?.aborted === true) abort();
  try {
    return await run({
      signal,
      race: (work) => Promise.race([ended, work]),
      onProgress: () => limits.onProgress?.(),
    });
  } finally {
    clearTimeout(timer);
    limits.signal?.removeEventListener('abort', abort);
  }
}

const goneRound = appError('network.proxyUnreachable', 'soon', { reason: 'goneRound' });
const noWay = () =>
  new NetworkError(appError('network.proxyRefused', 'later', { reason: 'noWay' }), 'proxy', 'noWay');
const notKnown = () =>
  new NetworkError(appError('network.proxyUnreachable', 'soon', { reason: 'notKnown' }), 'proxy', 'notKnown');
const timedOut = () => new NetworkError(appError('network.timeout', 'soon'), 'tcp', 'ETIMEDOUT');
const givenUp = () => new NetworkError(appError('network.closed', 'soon'), 'tcp', 'ABORTED');

/** Resolves when the handshake is over and the certificate is verified. */
function secure(socket: TLSSocket): Promise<TLSSocket> {
  return new Promise((done, fail) => {
    // Stays, so that an error before the connection is put to use ends nothing but the connection.
    socket.on('error', fail);
    socket.once('close', () => fail(Object.assign(new Error('Closed'), { code: 'ECONNRESET' })));
    socket.once('secureConnect', () => done(socket));
  });
}

function classify(error: unknown, phase: Phase, way: ProxyWay | null): NetworkError {
  const isTowardsProxy = way !== null && (phase === 'dns' || phase === 'tcp');
  const code = error instanceof NetworkError ? error.code : codeOf(error) || 'unknown';
  if (isTowardsProxy && code !== 'ABORTED')
    return new NetworkError(appError('network.proxyUnreachable', 'soon'), 'proxy', code);
  if (error instanceof NetworkError) return new NetworkError(error.failure, phase, code);
  const failure =
    phase === 'tls'
      ? (failureOfTls(code) ??
        failureOfSystem(code) ??
        appError('network.tls', 'afterUserAction', { reason: 'handshake' }))
      : (failureOfSystem(code) ?? appError('network.unreachable', 'soon'));
  return new NetworkError(failure, phase, code);
}
