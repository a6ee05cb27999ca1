import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { CredentialSource, Credentials } from '../mail/types.ts';
import type { Clock, Logger, Secrets } from '../ports.ts';
import type { OAuthProvider, Tokens } from './oauth-provider.ts';
import type { Standing } from './standing.ts';

const minuteMs = 60_000;
/** Microsoft's backup authentication service serves those whom it has seen within three days. */
const dayMs = 24 * 60 * minuteMs;
/** A token this close to its end, or in the last tenth of its life, is shown to nobody while a new one can be had. */
const longestMarginMs = 5 * minuteMs;
/** Pauses while the provider is away. */
const firstPauseMs = 5_000;
const longestPauseMs = minuteMs;
/** How long settings that the provider refuses are left alone. */
const refusedPauseMs = 10 * minuteMs;

export interface AccessTokenSetup {
  readonly user: string;
  readonly provider: OAuthProvider;
  /** The refresh token's place in the key store. */
  readonly secret: { get(): ReturnType<Secrets['get']>; put(value: string): ReturnType<Secrets['put']> };
  readonly standing: Standing;
  readonly clock: Clock;
  readonly log: Logger;
  /** Credentials can be had again, after a time in which they could not. */
  readonly onUsable: () => void;
}

export interface AccessTokens {
  readonly source: CredentialSource;
  /** What the person has just signed in for. */
  adopt(tokens: Tokens): Promise<Result<null, AppError>>;
  /** A server has let in whoever showed the token. */
  letIn(): void;
  /** Somebody else has put another refresh token into the key store: whatever was refused is tried again. */
  secretChanged(): void;
  /** Timers have stood still: looks at what is due. */
  look(): void;
  start(): void;
  stop(): void;
}

interface Token {
  readonly credentials: Credentials;
  readonly gotAt: EpochMs;
  readonly endsAt: EpochMs;
  /** Got because a server had refused the one before. */
  readonly isSecondChance: boolean;
}

/** Why no renewal is tried; `until` null: until a person acts. */
interface Hold {
  readonly error: AppError;
  readonly until: EpochMs | null;
}

/**
 * Access tokens made from the refresh token in the key store. However many sessions ask, one renewal runs at a time. A
 * token is renewed at half its life, and at least daily, though nobody asks; when the provider is away, the old one is
 * shown to its end. The refresh token is replaced by the one that the provider gives for it, and never thrown away: an
 * explicit refusal only stops the attempts until the person has signed in or the key store has another one.
 */
export function createAccessTokens(setup: AccessTokenSetup): AccessTokens {
  const { user, provider, secret, standing, clock, log } = setup;
  let token: Token | null = null;
  let renewal: Promise<Result<Token, AppError>> | null = null;
  let hold: Hold | null = null;
  let failures = 0;
  /** The provider accepts the person, and the server does not: another mailbox's, or one without IMAP. */
  let isRefusedByServer = false;
  /** Grows with each sign-in: what was asked for before no longer counts. */
  let generation = 0;
  /** Rotated, and not taken by the key store yet. */
  let unsaved: string | null = null;
  let cancelTimer = (): void => {};
  let isStopped = false;

  const keep = async (refreshToken: string): Promise<Result<null, AppError>> => {
    unsaved = refreshToken;
    const kept = await secret.put(refreshToken);
    if (kept.ok && unsaved === refreshToken) unsaved = null;
    if (!kept.ok) log.warn('refresh token not kept', { code: kept.error.code });
    return kept;
  };

  const take = (tokens: Tokens, isSecondChance: boolean): Token => {
    const gotAt = clock.now();
    const wasHeld = hold !== null;
    const credentials: Credentials = { kind: 'accessToken', user, accessToken: tokens.accessToken };
    token = {
      credentials,
      gotAt,
      endsAt: gotAt + tokens.lifetimeMs,
      isSecondChance: isSecondChance || isRefusedByServer,
    };
    hold = null;
    failures = 0;
    if (!isRefusedByServer) standing.accepted();
    schedule();
    if (wasHeld) setup.onUsable();
    return token;
  };

  const fail = (error: AppError): Result<never, AppError> => {
    failures += 1;
    log.warn('access token not renewed', { code: error.code, failures });
    if (error.code === 'auth.expired') standing.needed('refused');
    if (error.code === 'auth.interactionNeeded') standing.needed('interaction');
    if (error.code === 'auth.missing') standing.needed('missing');
    hold = { error, until: null };
    if (['auth.expired', 'auth.interactionNeeded', 'auth.missing'].includes(error.code)) return err(error);
    const pauseMs =
      error.code === 'auth.refused'
        ? refusedPauseMs
        : Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 10));
    // Shortened by up to a third, so that the laptops of a company do not come back together.
    const spreadMs = pauseMs * (1 - Math.random() / 3);
    hold = { error, until: clock.now() + spreadMs };
    schedule();
    return err(error);
  };

  const renew = async (isSecondChance: boolean): Promise<Result<Token, AppError>> => {
    const begunIn = generation;
    const outdated = (): Promise<Result<Token, AppError>> | null => {
      if (generation === begunIn) return null;
      return token === null ? renewOnce(false) : Promise.resolve(ok(token));
    };
    const stored: Result<string, AppError> = unsaved === null ? await secret.get() : ok(unsaved);
    if (!stored.ok) return outdated() ?? fail(stored.error);
    const renewed = await provider.renew(stored.value);
    const overtaken = outdated();
    if (overtaken !== null) return overtaken;
    if (!renewed.ok) return fail(renewed.error);
    const { refreshToken, lifetimeMs } = renewed.value;
    if (unsaved !== null || (refreshToken !== null && refreshToken !== stored.value))
      await keep(refreshToken ?? stored.value);
    log.info('access token renewed', { lifetimeMs });
    return outdated() ?? ok(take(renewed.value, isSecondChance));
  };

  const renewOnce = (isSecondChance: boolean): Promise<Result<Token, AppError>> => {
    if (renewal !== null) return renewal;
    const mine = renew(isSecondChance).finally(() => {
      if (renewal === mine) renewal = null;
    });
    renewal = mine;
    return mine;
  };

  /** A clock set back must not hold anything up: nothing waits longer than a day. */
  const isPast = (time: EpochMs): boolean => time <= clock.now() || time > clock.now() + dayMs;

  const mayRenew = (): boolean => hold === null || (hold.until !== null && isPast(hold.until));

  /** When to renew though nobody asks; null: not by itself. */
  const dueAt = (): EpochMs | null => {
    if (hold !== null) return hold.until;
    if (token !== null) return token.gotAt + Math.min((token.endsAt - token.gotAt) / 2, dayMs);
    const { acceptedAt } = standing.status();
    return acceptedAt === null ? clock.now() : acceptedAt + dayMs;
  };

  const look = (): void => {
    const due = dueAt();
    if (due === null || isStopped) return;
    if (isPast(due)) void renewOnce(false);
    else schedule();
  };

  function schedule(): void {
    cancelTimer();
    const due = dueAt();
    if (due !== null && !isStopped) cancelTimer = clock.after(Math.max(0, due - clock.now()), look);
  }

  const isGood = (candidate: Token | null): candidate is Token => {
    if (candidate === null) return false;
    const margin = Math.min(longestMarginMs, (candidate.endsAt - candidate.gotAt) / 10);
    return clock.now() < candidate.endsAt - margin;
  };

  return {
    source: async (refused) => {
      const isRefused = refused !== undefined && token?.credentials === refused;
      if (isRefused && token?.isSecondChance === true) {
        isRefusedByServer = true;
        standing.needed('refused');
        return err(appError('auth.refused', 'afterUserAction', { reason: 'server' }));
      }
      if (!isRefused && isGood(token)) return ok(token.credentials);
      const before = token;
      const renewed =
        mayRenew() || renewal !== null
          ? await renewOnce(isRefused)
          : err(hold?.error ?? appError('auth.missing', 'afterUserAction'));
      if (renewed.ok) return ok(renewed.value.credentials);
      const livesOn = !isRefused && before !== null && clock.now() < before.endsAt;
      return livesOn ? ok(before.credentials) : renewed;
    },

    adopt: async (tokens) => {
      if (tokens.refreshToken === null)
        return err(appError('auth.refused', 'afterUserAction', { reason: 'noRefreshToken' }));
      generation += 1;
      const isNews = isRefusedByServer && hold === null;
      isRefusedByServer = false;
      const kept = keep(tokens.refreshToken);
      take(tokens, false);
      if (isNews) setup.onUsable();
      return kept;
    },

    letIn: () => {
      if (!isRefusedByServer) return;
      isRefusedByServer = false;
      standing.accepted();
    },

    secretChanged: () => {
      generation += 1;
      token = null;
      renewal = null;
      unsaved = null;
      failures = 0;
      isRefusedByServer = false;
      void renewOnce(false);
    },

    look,

    start: look,

    stop: () => {
      isStopped = true;
      cancelTimer();
    },
  };
}
