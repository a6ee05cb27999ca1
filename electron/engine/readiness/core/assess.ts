import { type AppError, appError } from '../../../../shared/errors.ts';
import type { AccountId, EpochMs } from '../../../../shared/model/ids.ts';
import {
  type Readiness,
  type ReadinessCheck,
  type ReadinessLevel,
  readinessChecks,
} from '../../../../shared/model/readiness.ts';
import type { SignInStatus } from '../../../../shared/model/sign-in.ts';
import type { SyncStatus } from '../../../../shared/model/sync.ts';

const dayMs = 86_400_000;

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
}

/** What would work if Exchange died now. */
export function assess(facts: ReadinessFacts, now: EpochMs): Readiness {
  const found: Readonly<Record<ReadinessCheck['name'], Omit<ReadinessCheck, 'name'>>> = {
    continuitySignIn: continuitySignIn(facts.signIn.continuity, now),
    rehearsal: rehearsal(facts.rehearsal, now),
    copy: copy(facts.copy, now),
    keyStore: keyStore(facts.keyStore, now),
    exchangeSignIn: exchangeSignIn(facts.signIn.exchange),
  };
  const checks = readinessChecks.map((name) => ({ name, ...found[name] }));
  return { accountId: facts.accountId, level: worst(checks.map(({ level }) => level)), checks };
}

function continuitySignIn({ state, acceptedAt }: ReadinessFacts['signIn']['continuity'], now: EpochMs) {
  const error = errorOf(state);
  if (error !== null) return { level: 'bad', at: acceptedAt, error } as const;
  const isFresh = acceptedAt !== null && now - acceptedAt < 7 * dayMs;
  return { level: isFresh ? 'good' : 'attention', at: acceptedAt, error } as const;
}

/** In an outage nobody asks for it; after one, everybody does. */
function exchangeSignIn({ state, acceptedAt }: ReadinessFacts['signIn']['exchange']) {
  const error = errorOf(state);
  return {
    level: error === null && acceptedAt !== null ? 'good' : 'attention',
    at: acceptedAt,
    error,
  } as const;
}

/** A refusal is certain; a failure may have been the network's. */
function rehearsal(last: ReadinessFacts['rehearsal'], now: EpochMs) {
  const at = last?.succeededAt ?? null;
  const error = last?.error ?? null;
  const age = at === null ? Number.POSITIVE_INFINITY : now - at;
  if (error === null && age < 3 * dayMs) return { level: 'good', at, error } as const;
  const isRefused = error?.code.startsWith('auth.') ?? false;
  const isBad = isRefused || (last !== null && age > 14 * dayMs);
  return { level: isBad ? 'bad' : 'attention', at, error } as const;
}

/** Until every folder has been looked through, nobody knows what is missing. */
function copy({ lastCompleteAt: at, completeness, error }: ReadinessFacts['copy'], now: EpochMs) {
  const age = at === null ? Number.POSITIVE_INFINITY : now - at;
  const isWhole = completeness?.missing === 0;
  return {
    level: age < dayMs && isWhole ? 'good' : age < 7 * dayMs ? 'attention' : 'bad',
    at,
    error,
  } as const;
}

function keyStore({ error, isProtected }: ReadinessFacts['keyStore'], now: EpochMs) {
  if (error !== null) return { level: 'bad', at: null, error } as const;
  return { level: isProtected ? 'good' : 'attention', at: now, error } as const;
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
