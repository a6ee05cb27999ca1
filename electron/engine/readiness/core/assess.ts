import { type AppError, appError } from '../../../../shared/errors.ts';
import type { AccountId, EpochMs } from '../../../../shared/model/ids.ts';
import {
  type DomainFinding,
  type DrillOutcome,
  type Readiness,
  type ReadinessCheck,
  type ReadinessLevel,
  type ReadinessTodo,
  readinessChecks,
} from '../../../../shared/model/readiness.ts';
import type { SignInStatus } from '../../../../shared/model/sign-in.ts';
import type { SyncStatus } from '../../../../shared/model/sync.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** An authority renews a month before; who has not two weeks before has forgotten it. */
const certificateWarningMs = 14 * dayMs;
/** What TLS, sign-ins and bulletins bear of a clock, and what they do not: a bulletin may be 24 hours off at most. */
const clockWarningMs = 5 * minuteMs;
const clockLimitMs = dayMs;

/** What is known of one account on this laptop. */
export interface ReadinessFacts {
  readonly accountId: AccountId;
  readonly signIn: Readonly<Record<'exchange' | 'continuity', Pick<SignInStatus, 'state' | 'acceptedAt'>>>;
  /** The last sign-in at continuity as an outage would do it; null: there was none yet. */
  readonly rehearsal: {
    readonly succeededAt: EpochMs | null;
    readonly error: AppError | null;
  } | null;
  readonly copy: Pick<SyncStatus, 'lastCompleteAt' | 'completeness' | 'error'>;
  readonly keyStore: {
    /** What was met when it was opened just now. */
    readonly error: AppError | null;
    readonly isProtected: boolean;
  };
  /** What DNS has said of the domain; null: it was not asked, or did not answer, or nothing is known to look for. */
  readonly domain: { readonly at: EpochMs; readonly findings: readonly DomainFinding[] } | null;
  /** When the servers' certificates end, as far as they have been met. */
  readonly certificates: Readonly<Record<'exchange' | 'continuity', EpochMs | null>>;
  /** By how much this laptop's clock is ahead of the provider's, in ms; null: the provider could not be asked. */
  readonly clock: { readonly at: EpochMs; readonly aheadMs: number } | null;
  /** Whether the account runs by what the policy says now. */
  readonly isPolicyInForce: boolean;
  readonly drills: readonly DrillOutcome[];
}

type Found = Omit<ReadinessCheck, 'name'>;

/** What would work if Exchange died now. */
export function assess(facts: ReadinessFacts, now: EpochMs): Readiness {
  const found: Readonly<Record<ReadinessCheck['name'], Found>> = {
    continuitySignIn: continuitySignIn(facts.signIn.continuity, now),
    rehearsal: rehearsal(facts.rehearsal, now),
    copy: copy(facts.copy, now),
    keyStore: keyStore(facts.keyStore, now),
    domain: domain(facts.domain),
    certificates: certificates(facts.certificates, now),
    clock: clock(facts.clock),
    policy: facts.isPolicyInForce ? good(now) : { level: 'attention', at: now, error: null, todo: 'restart' },
    exchangeSignIn: exchangeSignIn(facts.signIn.exchange),
  };
  const checks = readinessChecks.map((name) => ({ name, ...found[name] }));
  const level = worst(checks.map((check) => check.level));
  return {
    accountId: facts.accountId,
    level,
    // Of those that are as bad, the one that stands first helps most.
    todo: checks.find((check) => check.level === level)?.todo ?? null,
    checks,
    drills: facts.drills,
  };
}

const good = (at: EpochMs | null): Found => ({ level: 'good', at, error: null, todo: null });

function continuitySignIn(
  { state, acceptedAt }: ReadinessFacts['signIn']['continuity'],
  now: EpochMs,
): Found {
  const error = errorOf(state);
  if (error !== null) return { level: 'bad', at: acceptedAt, error, todo: signInTodo(error) };
  const isFresh = acceptedAt !== null && now - acceptedAt < 7 * dayMs;
  return isFresh ? good(acceptedAt) : { level: 'attention', at: acceptedAt, error, todo: 'rehearse' };
}

const signInTodo = ({ code }: AppError): ReadinessTodo =>
  code === 'auth.deviceRevoked' ? 'enrolAgain' : 'signInToContinuity';

/** In an outage nobody asks for it; after one, everybody does. */
function exchangeSignIn({ state, acceptedAt }: ReadinessFacts['signIn']['exchange']): Found {
  const error = errorOf(state);
  return error === null && acceptedAt !== null
    ? good(acceptedAt)
    : { level: 'attention', at: acceptedAt, error, todo: 'signInToExchange' };
}

/** A refusal is certain, and so is a mail that did not come; another failure may have been the network's. */
function rehearsal(last: ReadinessFacts['rehearsal'], now: EpochMs): Found {
  const at = last?.succeededAt ?? null;
  const error = last?.error ?? null;
  const age = at === null ? Number.POSITIVE_INFINITY : now - at;
  if (error === null) return age < 3 * dayMs ? good(at) : { level: 'attention', at, error, todo: 'rehearse' };
  if (error.code.startsWith('auth.')) return { level: 'bad', at, error, todo: signInTodo(error) };
  if (error.code === 'drill.notArrived') return { level: 'bad', at, error, todo: 'drillNotArrived' };
  if (error.code === 'server.refused') return { level: 'bad', at, error, todo: 'drillRefused' };
  const isBad = age > 14 * dayMs;
  return {
    level: isBad ? 'bad' : 'attention',
    at,
    error,
    todo: isBad ? 'continuityUnreachable' : 'rehearse',
  };
}

/** Until every folder has been looked through, nobody knows what is missing. */
function copy({ lastCompleteAt: at, completeness, error }: ReadinessFacts['copy'], now: EpochMs): Found {
  const age = at === null ? Number.POSITIVE_INFINITY : now - at;
  if (age < dayMs && completeness?.missing === 0) return { ...good(at), error };
  return { level: age < 7 * dayMs ? 'attention' : 'bad', at, error, todo: 'leaveOpen' };
}

function keyStore({ error, isProtected }: ReadinessFacts['keyStore'], now: EpochMs): Found {
  if (error !== null) return { level: 'bad', at: null, error, todo: 'repairKeys' };
  return isProtected ? good(now) : { level: 'attention', at: now, error, todo: 'protectKeys' };
}

/** Mail that receivers refuse is no mail; what else is missing gets some of it into the junk, or keeps answers away. */
function domain(known: ReadinessFacts['domain']): Found {
  const [first] = known?.findings ?? [];
  if (first === undefined) return good(known?.at ?? null);
  return { level: first === 'dmarc' ? 'bad' : 'attention', at: known?.at ?? null, error: null, todo: first };
}

function certificates(ends: ReadinessFacts['certificates'], now: EpochMs): Found {
  const leftOf = (end: EpochMs | null): number => (end === null ? Number.POSITIVE_INFINITY : end - now);
  const { continuity, exchange } = { continuity: leftOf(ends.continuity), exchange: leftOf(ends.exchange) };
  const isKnown = ends.continuity !== null || ends.exchange !== null;
  if (continuity < certificateWarningMs)
    return {
      level: continuity < 0 ? 'bad' : 'attention',
      at: now,
      error: null,
      todo: 'continuityCertificate',
    };
  if (exchange < certificateWarningMs)
    return { level: 'attention', at: now, error: null, todo: 'exchangeCertificate' };
  return good(isKnown ? now : null);
}

function clock(known: ReadinessFacts['clock']): Found {
  const off = Math.abs(known?.aheadMs ?? 0);
  if (off < clockWarningMs) return good(known?.at ?? null);
  return {
    level: off < clockLimitMs ? 'attention' : 'bad',
    at: known?.at ?? null,
    error: null,
    todo: 'setClock',
  };
}

function errorOf(state: SignInStatus['state']): AppError | null {
  if (state.kind !== 'needed') return null;
  switch (state.reason) {
    case 'missing':
      return appError('auth.missing', 'afterUserAction');
    case 'refused':
      return appError('auth.refused', 'afterUserAction');
    case 'interaction':
      return appError('auth.interactionNeeded', 'afterUserAction');
    case 'revoked':
      return appError('auth.deviceRevoked', 'afterUserAction');
  }
}

/** From the best to the worst. */
const levels: readonly ReadinessLevel[] = ['good', 'attention', 'bad'];

function worst(found: readonly ReadinessLevel[]): ReadinessLevel {
  return levels.findLast((level) => found.includes(level)) ?? 'good';
}
