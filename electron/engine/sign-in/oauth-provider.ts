import * as oauth from 'openid-client';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { DeviceCode } from '../../../shared/model/sign-in.ts';
import type { AuthenticationSettings } from '../../../shared/policy/account-settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Fetch } from '../net/https-fetch.ts';
import type { Clock } from '../ports.ts';
import { classifyRefusal } from './classify-refusal.ts';

export type OAuthSettings = Extract<AuthenticationSettings, { kind: 'oauth' }>;

const requestTimeoutSeconds = 10;
/** When the provider does not say how long a token lasts. */
const assumedLifetimeSeconds = 600;
/** An ID token only proves that an answer belongs to its question; a laptop's clock may be wrong by this many seconds. */
const clockToleranceSeconds = 86_400;

/** Of a provider that does not say. Its ID tokens come over TLS, which vouches for them (OpenID Connect Core 3.1.3.7). */
const idTokenAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];

export interface Tokens {
  readonly accessToken: string;
  readonly lifetimeMs: number;
  /** Null: the one that was shown goes on being good, or there is none. */
  readonly refreshToken: string | null;
}

/** A sign-in in the browser that has begun. */
export interface BrowserSignIn {
  /** Where the person goes. */
  readonly url: string;
  /** Makes tokens of the address that the person came back to. */
  finish(redirected: URL): Promise<Result<Tokens, AppError>>;
}

export interface DeviceSignIn {
  readonly deviceCode: DeviceCode;
  /** Asks until the person has entered the code, refused, or run out of time. */
  finish(signal: AbortSignal): Promise<Result<Tokens, AppError>>;
}

/** What the product asks of an identity provider. No method throws. Errors: see `classifyRefusal`. */
export interface OAuthProvider {
  /** RFC 6749 section 6. */
  renew(refreshToken: string): Promise<Result<Tokens, AppError>>;
  /** Authorization code with PKCE and `state`, and a nonce where there will be an ID token. */
  beginInBrowser(redirectUri: string, state: string): Promise<Result<BrowserSignIn, AppError>>;
  /** RFC 8628. */
  beginByDeviceCode(): Promise<Result<DeviceSignIn, AppError>>;
}

export function createOAuthProvider(settings: OAuthSettings, fetch: Fetch, clock: Clock): OAuthProvider {
  const { issuer, clientId, endpoints } = settings;
  const scope = settings.scopes.join(' ');
  const metadata = { [oauth.clockTolerance]: clockToleranceSeconds };
  let known: oauth.Configuration | null = null;

  const configuration = async (): Promise<oauth.Configuration> => {
    if (known !== null) return known;
    if (endpoints === undefined) {
      known = await oauth.discovery(new URL(issuer), clientId, metadata, oauth.None(), {
        timeout: requestTimeoutSeconds,
        [oauth.customFetch]: fetch,
      });
      return known;
    }
    const { authorization, token, deviceAuthorization } = endpoints;
    known = new oauth.Configuration(
      {
        issuer,
        authorization_endpoint: authorization,
        token_endpoint: token,
        id_token_signing_alg_values_supported: idTokenAlgorithms,
        ...(deviceAuthorization === undefined ? {} : { device_authorization_endpoint: deviceAuthorization }),
      },
      clientId,
      metadata,
      oauth.None(),
    );
    known.timeout = requestTimeoutSeconds;
    known[oauth.customFetch] = fetch;
    return known;
  };

  const ask = async <T>(run: (provider: oauth.Configuration) => Promise<T>): Promise<Result<T, AppError>> => {
    try {
      return ok(await run(await configuration()));
    } catch (error) {
      const failure = classifyRefusal(error);
      // What was discovered may be out of date.
      if (failure.code === 'auth.providerUnreachable') known = null;
      return err(failure);
    }
  };

  return {
    renew: (refreshToken) =>
      ask(async (provider) =>
        tokensOf(await oauth.refreshTokenGrant(provider, refreshToken, scope === '' ? {} : { scope })),
      ),

    beginInBrowser: (redirectUri, state) =>
      ask(async (provider) => {
        const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
        const nonce = settings.scopes.includes('openid') ? oauth.randomNonce() : null;
        const url = oauth.buildAuthorizationUrl(provider, {
          redirect_uri: redirectUri,
          scope,
          state,
          code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
          code_challenge_method: 'S256',
          login_hint: settings.user,
          ...(nonce === null ? {} : { nonce }),
        });
        const checks = {
          pkceCodeVerifier,
          expectedState: state,
          ...(nonce === null ? {} : { expectedNonce: nonce, idTokenExpected: true }),
        };
        return {
          url: url.href,
          finish: (redirected: URL) =>
            ask(async (current) => tokensOf(await oauth.authorizationCodeGrant(current, redirected, checks))),
        };
      }),

    beginByDeviceCode: () =>
      ask(async (provider) => {
        const started = await oauth.initiateDeviceAuthorization(provider, { scope });
        const expiresAt = clock.now() + started.expires_in * 1000;
        return {
          deviceCode: { userCode: started.user_code, verificationUrl: started.verification_uri, expiresAt },
          finish: (signal: AbortSignal) => poll(ask, started, expiresAt, clock, signal),
        };
      }),
  };
}

type Ask = <T>(run: (provider: oauth.Configuration) => Promise<T>) => Promise<Result<T, AppError>>;

/** A lost connection only makes it ask again (RFC 8628 section 3.5). */
async function poll(
  ask: Ask,
  started: Awaited<ReturnType<typeof oauth.initiateDeviceAuthorization>>,
  expiresAt: EpochMs,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<Tokens, AppError>> {
  for (;;) {
    const polled = await ask(async (provider) =>
      tokensOf(await oauth.pollDeviceAuthorizationGrant(provider, started, {}, { signal })),
    );
    if (polled.ok || signal.aborted || polled.error.code !== 'auth.providerUnreachable') return polled;
    if (clock.now() >= expiresAt)
      return err(appError('auth.refused', 'afterUserAction', { reason: 'expired' }));
  }
}

function tokensOf(answer: {
  readonly access_token: string;
  readonly expires_in?: number | undefined;
  readonly refresh_token?: string | undefined;
}): Tokens {
  return {
    accessToken: answer.access_token,
    lifetimeMs: (answer.expires_in ?? assumedLifetimeSeconds) * 1000,
    refreshToken: answer.refresh_token ?? null,
  };
}
