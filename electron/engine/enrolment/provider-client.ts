import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, EmbeddedJWK, type JWK } from 'jose';
import * as v from 'valibot';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { EnrolmentProvider } from '../../../shared/policy/enrolment-provider.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { networkFailureOf } from '../net/failure.ts';
import type { Fetch, FetchInit } from '../net/https-fetch.ts';
import type { Clock, Random } from '../ports.ts';
import {
  countersignatureAnswer,
  credentialAnswer,
  deliveriesAnswer,
  deviceAnswer,
  drillReportAnswer,
  enrolmentAnswer,
  errorAnswer,
  freshness,
  identitiesAnswer,
} from './answers.ts';

/** What this device shows at the provider's API (RFC 7617). */
export interface DeviceCredential {
  readonly deviceId: string;
  readonly secret: string;
}

export interface Redemption {
  readonly code: string;
  /** Made once for each code: asking again with it gives the same answer. */
  readonly redemption: string;
  readonly device: { readonly platform: string; readonly name: string };
}

/** Whose mailbox the code opened, with the device's credential. */
export type EnrolmentAnswer = v.InferOutput<typeof enrolmentAnswer>;
export type CredentialAnswer = v.InferOutput<typeof credentialAnswer>;
/** `isRotationDue`: by the provider's own clock. */
export type DeviceAnswer = v.InferOutput<typeof deviceAnswer> & { readonly isRotationDue: boolean };
export type IdentitiesAnswer = v.InferOutput<typeof identitiesAnswer>;
export type DeliveriesAnswer = v.InferOutput<typeof deliveriesAnswer>;

/**
 * The API of one continuity provider, as docs/provider.md specifies it. Only what the provider has signed, for this very
 * request, is believed; anything else comes from somebody between.
 *
 * Errors: `enrolment.invalidCode`, `enrolment.refused`; `auth.deviceRevoked`, `auth.refused` for the credential;
 * `server.throttled` with `waitMs`, in which nothing is asked again; `enrolment.unreachable`, or the network's own word
 * where a person can do something about it.
 */
export interface ProviderClient {
  redeem(redemption: Redemption): Promise<Result<EnrolmentAnswer, AppError>>;
  rotate(credential: DeviceCredential): Promise<Result<CredentialAnswer, AppError>>;
  /** Whether the credential is good; also what makes the provider forget the one before it. */
  device(credential: DeviceCredential): Promise<Result<DeviceAnswer, AppError>>;
  /** As whom the mailbox's person may write. */
  identities(credential: DeviceCredential): Promise<Result<IdentitiesAnswer, AppError>>;
  /** What became of a message that this account submitted. Optional: `enrolment.refused` where it is not offered. */
  deliveries(credential: DeviceCredential, messageId: string): Promise<Result<DeliveriesAnswer, AppError>>;
  /**
   * Has the head of a ledger countersigned; yields the answer as it was signed. Optional, like `deliveries`.
   * `server.refused`: the provider has seen another history of this device.
   */
  countersign(credential: DeviceCredential, head: string): Promise<Result<string, AppError>>;
  /** Tells how a drill went on this device. Optional, like `deliveries`. */
  reportDrill(credential: DeviceCredential, report: DrillReport): Promise<Result<null, AppError>>;
}

/** How a drill that everybody saw went on this device; times in seconds since 1970. */
export interface DrillReport {
  readonly matter: string;
  readonly window: { readonly from: number; readonly until: number };
  readonly outcome: 'worked' | 'couldNot';
  /** The code of what was in the way. */
  readonly error?: string;
}

interface Ports {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
}

/** The nonce proves that an answer is new. Clocks that differ by more would fail at the certificate already. */
const clockToleranceSeconds = 86_400;
const defaultWaitMs = 60_000;
const longestWaitMs = 3_600_000;
const longestAnswer = 256 * 1024;

export function createProviderClient(provider: EnrolmentProvider, ports: Ports): ProviderClient {
  const { fetch, clock, random } = ports;
  const keys = new Set(provider.signingKeys);
  let throttledUntil: EpochMs = 0;

  const call = async <Schema extends v.GenericSchema>(
    kind: string,
    schema: Schema,
    request: {
      readonly method: 'GET' | 'POST';
      readonly path: string;
      readonly credential?: DeviceCredential;
      readonly content?: unknown;
    },
  ): Promise<Result<Signed<v.InferOutput<Schema>>, AppError>> => {
    const waitMs = throttledUntil - clock.now();
    if (waitMs > 0) return err(appError('server.throttled', 'later', { waitMs }));
    const nonce = Buffer.from(random.bytes(24)).toString('base64url');
    const asked = await ask(fetch, `${provider.url}/v1/${request.path}`, {
      method: request.method,
      headers: {
        accept: 'application/jose',
        'relevo-nonce': nonce,
        ...(request.content === undefined ? {} : { 'content-type': 'application/json' }),
        ...(request.credential === undefined ? {} : { authorization: basic(request.credential) }),
      },
      ...(request.content === undefined ? {} : { body: JSON.stringify(request.content) }),
    });
    if (!asked.ok) return asked;
    const answer = asked.value;
    if (answer.status === 429) {
      const seconds = Number(answer.headers.get('retry-after'));
      const pause = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : defaultWaitMs;
      throttledUntil = clock.now() + Math.min(pause, longestWaitMs);
      return err(appError('server.throttled', 'later', { waitMs: throttledUntil - clock.now() }));
    }
    const opened = await openAnswer(answer, keys);
    if (!opened.ok) return opened;
    const { type, payload } = opened.value;
    const fresh = v.safeParse(freshness, payload);
    if (!fresh.success || fresh.output.nonce !== nonce) return err(refused('stale'));
    if (Math.abs(fresh.output.iat - clock.now() / 1000) > clockToleranceSeconds) return err(refused('clock'));
    if (type === 'relevo-error+jws') return err(saidNo(payload));
    const parsed = v.safeParse(schema, payload);
    if (type !== `relevo-${kind}+jws` || !parsed.success)
      return err(appError('server.protocol', 'later', { reason: 'answer' }));
    return ok({ content: parsed.output, iat: fresh.output.iat, jws: answer.body.trim() });
  };

  return {
    redeem: async (content) =>
      contentOf(await call('enrolment', enrolmentAnswer, { method: 'POST', path: 'enrolments', content })),
    rotate: async (credential) =>
      contentOf(
        await call('credential', credentialAnswer, { method: 'POST', path: 'device/credential', credential }),
      ),
    device: async (credential) => {
      const answer = await call('device', deviceAnswer, { method: 'GET', path: 'device', credential });
      if (!answer.ok) return answer;
      const { content, iat } = answer.value;
      return ok({ ...content, isRotationDue: content.credential.rotateAfter <= iat });
    },
    identities: async (credential) =>
      contentOf(
        await call('identities', identitiesAnswer, { method: 'GET', path: 'identities', credential }),
      ),
    deliveries: async (credential, messageId) => {
      const answer = await call('deliveries', deliveriesAnswer, {
        method: 'GET',
        path: `deliveries?messageId=${encodeURIComponent(messageId)}`,
        credential,
      });
      if (answer.ok && answer.value.content.messageId !== messageId) return err(otherAnswer);
      return contentOf(answer);
    },
    countersign: async (credential, head) => {
      const answer = await call('countersignature', countersignatureAnswer, {
        method: 'POST',
        path: 'ledger-heads',
        credential,
        content: { head },
      });
      if (!answer.ok) return answer;
      const { content, jws } = answer.value;
      const isOfThis =
        content.head === createHash('sha256').update(head).digest('base64url') &&
        content.deviceId === credential.deviceId;
      return isOfThis ? ok(jws) : err(otherAnswer);
    },
    reportDrill: async (credential, content) => {
      const answer = await call('drill-report', drillReportAnswer, {
        method: 'POST',
        path: 'drill-reports',
        credential,
        content,
      });
      if (!answer.ok) return answer;
      return answer.value.content.matter === content.matter ? ok(null) : err(otherAnswer);
    },
  };
}

interface Signed<T> {
  readonly content: T;
  /** Seconds since 1970 by the provider's clock. */
  readonly iat: number;
  /** The answer as it was signed. */
  readonly jws: string;
}

const contentOf = <T>(answer: Result<Signed<T>, AppError>): Result<T, AppError> =>
  answer.ok ? ok(answer.value.content) : answer;

/** It answers another question than the one asked. */
const otherAnswer = appError('server.protocol', 'later', { reason: 'answer' });

const basic = ({ deviceId, secret }: DeviceCredential): string =>
  `Basic ${Buffer.from(`${deviceId}:${secret}`).toString('base64')}`;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

async function ask(fetch: Fetch, url: string, init: FetchInit): Promise<Result<Answer, AppError>> {
  try {
    const response = await fetch(url, init);
    return ok({ status: response.status, headers: response.headers, body: await response.text() });
  } catch (error) {
    return err(unreachable(networkFailureOf(error) ?? appError('network.closed', 'soon')));
  }
}

/** Checks the signature (RFC 7515, RFC 8037) and that its key is one of the provider's. */
async function openAnswer(
  answer: Answer,
  keys: ReadonlySet<string>,
): Promise<Result<{ readonly type: string; readonly payload: unknown }, AppError>> {
  const isSigned = /^application\/jose\b/i.test(answer.headers.get('content-type') ?? '');
  // A proxy, a portal, or a provider that is down.
  if (!isSigned || answer.body.length > longestAnswer)
    return err(appError('enrolment.unreachable', 'later', { status: answer.status }));
  try {
    const { payload, protectedHeader } = await compactVerify(answer.body.trim(), EmbeddedJWK, {
      algorithms: ['EdDSA'],
    });
    const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk as JWK);
    if (!keys.has(thumbprint)) return err(refused('key'));
    return ok({ type: protectedHeader.typ ?? '', payload: JSON.parse(new TextDecoder().decode(payload)) });
  } catch {
    return err(refused('signature'));
  }
}

const refused = (reason: 'signature' | 'key' | 'stale' | 'clock'): AppError =>
  appError('enrolment.refused', 'afterUserAction', { reason });

function saidNo(payload: unknown): AppError {
  const parsed = v.safeParse(errorAnswer, payload);
  const code = parsed.success ? parsed.output.error.code : '';
  switch (code) {
    case 'code.unknown':
      return appError('enrolment.invalidCode', 'afterUserAction', { reason: 'unknown' });
    case 'code.expired':
      return appError('enrolment.invalidCode', 'afterUserAction', { reason: 'expired' });
    case 'code.used':
      return appError('enrolment.refused', 'afterUserAction', { reason: 'used' });
    case 'device.revoked':
      return appError('auth.deviceRevoked', 'afterUserAction');
    case 'credential.refused':
      return appError('auth.refused', 'afterUserAction');
    case 'ledger.contradicts':
      return appError('server.refused', 'never', { reason: 'ledger' });
    case 'server.busy':
      return appError('enrolment.unreachable', 'later', { reason: 'busy' });
    default:
      return appError('enrolment.refused', 'afterUserAction', { reason: 'protocol' });
  }
}

/** A wrong certificate or a proxy that refuses has a sentence of its own; the rest is a provider out of reach. */
function unreachable(error: AppError): AppError {
  const isPlain = ['network.unreachable', 'network.timeout', 'network.closed'].includes(error.code);
  return isPlain ? appError('enrolment.unreachable', 'later', { reason: error.code }) : error;
}
