import * as oauth from 'openid-client';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { AuthenticationSettings } from '../../../shared/policy/account-settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Clock, Logger, SecretName, Secrets } from '../ports.ts';
import type { CredentialSource, Credentials } from './types.ts';

/** An access token this close to its end is renewed before it is shown to anybody. */
const renewBeforeEndMs = 5 * 60_000;
/** When the provider does not say how long a token lasts. */
const assumedLifetimeSeconds = 600;
const requestTimeoutSeconds = 10;

interface CredentialSetup {
  readonly settings: AuthenticationSettings;
  readonly secret: SecretName;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Credentials of one account at one provider: a password as it stands in the key store, or an access token made from
 * the refresh token that stands there (RFC 6749 section 6). However many ask, one renewal runs at a time; a rotated
 * refresh token goes back into the key store. The refresh token is never thrown away.
 *
 * Errors: `auth.missing`, and those of the key store; `auth.expired` when the provider refuses the refresh token;
 * `auth.providerUnreachable` when it cannot be asked or answers nonsense.
 */
export function createCredentialSource(setup: CredentialSetup): CredentialSource {
  const { settings, secret, secrets } = setup;
  if (settings.kind === 'oauth') return createTokenSource(setup, settings);
  return async () => {
    const password = await secrets.get(secret);
    return password.ok
      ? ok({ kind: 'password', user: settings.user, password: password.value })
      : err(password.error);
  };
}

type OAuthSettings = Extract<AuthenticationSettings, { kind: 'oauth' }>;

interface Token {
  readonly credentials: Credentials;
  readonly endsAt: EpochMs;
}

function createTokenSource(setup: CredentialSetup, settings: OAuthSettings): CredentialSource {
  const { clock, log } = setup;
  let token: Token | null = null;
  let renewal: Promise<Result<Token, AppError>> | null = null;
  let provider: oauth.Configuration | null = null;

  const discover = async (): Promise<oauth.Configuration> => {
    provider ??= await oauth.discovery(new URL(settings.issuer), settings.clientId, undefined, oauth.None(), {
      timeout: requestTimeoutSeconds,
    });
    return provider;
  };

  const renew = async (): Promise<Result<Token, AppError>> => {
    const refreshToken = await setup.secrets.get(setup.secret);
    if (!refreshToken.ok) return refreshToken;
    let answer: Awaited<ReturnType<typeof oauth.refreshTokenGrant>>;
    try {
      const scope = settings.scopes.join(' ');
      answer = await oauth.refreshTokenGrant(
        await discover(),
        refreshToken.value,
        scope === '' ? {} : { scope },
      );
    } catch (error) {
      const failure = classifyRenewal(error);
      log.warn('access token not renewed', { code: failure.code });
      return err(failure);
    }
    if (answer.refresh_token !== undefined && answer.refresh_token !== refreshToken.value) {
      const kept = await setup.secrets.put(setup.secret, answer.refresh_token);
      if (!kept.ok) log.warn('rotated refresh token not kept', { code: kept.error.code });
    }
    const lifetimeMs = (answer.expires_in ?? assumedLifetimeSeconds) * 1000;
    log.info('access token renewed', { lifetimeMs });
    return ok({
      credentials: { kind: 'accessToken', user: settings.user, accessToken: answer.access_token },
      endsAt: clock.now() + lifetimeMs,
    });
  };

  return async (refused) => {
    const isRefused = refused?.kind === 'accessToken' && token?.credentials === refused;
    if (token !== null && !isRefused && clock.now() < token.endsAt - renewBeforeEndMs)
      return ok(token.credentials);
    renewal ??= renew().finally(() => {
      renewal = null;
    });
    const renewed = await renewal;
    if (!renewed.ok) return renewed;
    token = renewed.value;
    return ok(token.credentials);
  };
}

function classifyRenewal(error: unknown): AppError {
  if (error instanceof oauth.ResponseBodyError && error.status < 500) {
    if (error.error === 'invalid_grant' || error.error === 'interaction_required')
      return appError('auth.expired', 'afterUserAction');
    return appError('auth.refused', 'afterUserAction', { status: error.status });
  }
  return appError('auth.providerUnreachable', 'later');
}
