import { createSecretKey, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { errors, type JWK, Provider } from 'oidc-provider';
import { pages } from './pages.ts';
import type { Store } from './store.ts';

/** The application as the company's directory knows it: a native one, without a secret. */
export const clientId = 'relevo';
/** Whose access tokens these are. */
const exchange = 'https://outlook.office.com';
export const exchangeScopes = [
  `${exchange}/IMAP.AccessAsUser.All`,
  `${exchange}/SMTP.Send`,
  'offline_access',
  'openid',
] as const;

export interface OpenIdSetup {
  readonly url: string;
  readonly store: Store;
  /** The HS256 secret of the access tokens, which Exchange's servers know as well. */
  readonly secret: Uint8Array;
  /** Seconds that an access token lasts. */
  readonly tokenLifetime: () => number;
  readonly signsIn: (address: string, password: string) => boolean;
  /** Whether the provider wants to see the person again before this refresh token works. */
  readonly wantsToSee: (refreshToken: string) => boolean;
}

/** A whole OpenID provider: authorization code with PKCE, device code, refresh tokens, consent, revocation. */
export async function createOpenIdProvider(setup: OpenIdSetup): Promise<Provider> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const provider = new Provider(setup.url, {
    adapter: setup.store.adapter,
    clients: [
      {
        client_id: clientId,
        client_name: 'Relevo',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
        // Any port of it (RFC 8252 section 7.3).
        redirect_uris: ['http://127.0.0.1/'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    scopes: ['openid', 'offline_access'],
    jwks: { keys: [{ ...((await exportJWK(privateKey)) as JWK), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    findAccount: async (_context, accountId, token) => {
      if (token?.kind === 'RefreshToken' && setup.wantsToSee(token.jti))
        throw new errors.CustomOIDCProviderError('interaction_required', 'the person has to sign in again');
      return { accountId, claims: async () => ({ sub: accountId }) };
    },
    extraTokenClaims: (_context, token) => ('accountId' in token ? { email: token.accountId } : undefined),
    expiresWithSession: () => false,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: setup.tokenLifetime,
      RefreshToken: 90 * 86_400,
      Grant: 90 * 86_400,
      AuthorizationCode: 60,
      DeviceCode: 900,
      IdToken: 3600,
      Interaction: 3600,
      Session: 86_400,
    },
    formats: {
      customizers: {
        // Dovecot reads no other type.
        jwt: (_context, _token, jwt) => {
          jwt.header = { typ: 'JWT' };
        },
      },
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (context, form) => pages.show(context, form),
        userCodeConfirmSource: (context, form) => pages.show(context, form),
        successSource: (context) => pages.show(context, '<p>Signed in</p>'),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => exchange,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: exchangeScopes.filter((scope) => scope.startsWith(exchange)).join(' '),
          audience: exchange,
          accessTokenFormat: 'jwt',
          accessTokenTTL: setup.tokenLifetime(),
          jwt: { sign: { alg: 'HS256', key: createSecretKey(setup.secret) } },
        }),
      },
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    renderError: (context, { error }) => pages.show(context, `<p data-error="${error}">${error}</p>`),
  });
  // As Microsoft does, it gives refresh tokens to whoever asks for the scope, without the prompt that OpenID wants.
  provider.use(async (context, next) => {
    if (context.path === '/auth' && context.query.prompt === undefined)
      context.query = { ...context.query, prompt: 'consent' };
    await next();
  });
  provider.use(pages.interactions(provider, setup.signsIn));
  return provider;
}

/** A refresh token as a sign-in would have given it. */
export function grantRefreshToken(
  provider: Provider,
  address: string,
): { token: string; saved: Promise<unknown> } {
  const [grantId, token] = [randomBytes(24).toString('base64url'), randomBytes(32).toString('base64url')];
  const grant = new provider.Grant({ accountId: address, clientId, jti: grantId } as never);
  grant.addOIDCScope('openid offline_access');
  grant.addResourceScope(exchange, exchangeScopes.filter((scope) => scope.startsWith(exchange)).join(' '));
  const refreshToken = new provider.RefreshToken({
    accountId: address,
    clientId,
    grantId,
    jti: token,
    gty: 'authorization_code',
    resource: exchange,
    scope: exchangeScopes.join(' '),
    expiresWithSession: false,
  } as never);
  return { token, saved: Promise.all([grant.save(), refreshToken.save()]) };
}
