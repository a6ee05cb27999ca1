import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ImapFlow } from 'imapflow';
import * as oauth from 'openid-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../lab.ts';
import { clientId, exchangeScopes } from './openid-provider.ts';
import { enterDeviceCode, signInAt } from './person.ts';

const redirect = 'http://127.0.0.1:45123/';

describe('the identity provider', () => {
  let lab: Lab;
  let provider: oauth.Configuration;
  const alice = () => ({ address: 'alice@corp.example', password: lab.passwordOf('alice') });
  const renew = (refreshToken: string) => oauth.refreshTokenGrant(provider, refreshToken);

  beforeEach(async () => {
    lab = await startLab();
    setDefaultCACertificates([...getCACertificates('bundled'), ...lab.authorities]);
    provider = await oauth.discovery(new URL(lab.issuer.url), clientId, undefined, oauth.None());
  });
  afterEach(async () => {
    await lab.stop();
  });

  async function begin() {
    const verifier = oauth.randomPKCECodeVerifier();
    const url = oauth.buildAuthorizationUrl(provider, {
      redirect_uri: redirect,
      scope: exchangeScopes.join(' '),
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: 'state',
      nonce: 'nonce',
    });
    return { verifier, url: url.href };
  }

  it('gives tokens for a code and its PKCE verifier, which Exchange accepts, and a new refresh token for each use', async () => {
    const { verifier, url } = await begin();
    const redirected = await signInAt(url, alice());
    expect(redirected?.href).toMatch(/^http:\/\/127\.0\.0\.1:45123\/\?code=/);
    const tokens = await oauth.authorizationCodeGrant(provider, redirected ?? new URL(redirect), {
      pkceCodeVerifier: verifier,
      expectedState: 'state',
      expectedNonce: 'nonce',
    });
    const again = await renew(tokens.refresh_token ?? '');
    expect(again.refresh_token).not.toBe(tokens.refresh_token);
    const client = new ImapFlow({
      host: 'localhost',
      port: lab.exchange.imap.port,
      secure: true,
      tls: { rejectUnauthorized: false },
      auth: { user: 'alice@corp.example', accessToken: again.access_token },
      logger: false,
    });
    await client.connect();
    await client.logout();
    expect(await lab.issuer.verify(again.access_token)).toBe('alice@corp.example');
  });

  it('gives nothing for a code without its verifier, for a wrong password, or to a person who declines', async () => {
    const { url } = await begin();
    const redirected = await signInAt(url, alice());
    await expect(
      oauth.authorizationCodeGrant(provider, redirected ?? new URL(redirect), {
        pkceCodeVerifier: oauth.randomPKCECodeVerifier(),
        expectedState: 'state',
        expectedNonce: 'nonce',
      }),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(signInAt(url, { ...alice(), password: 'wrong' })).rejects.toThrow('without end');
    const declined = await signInAt(url, { ...alice(), declines: true });
    expect(declined?.searchParams.get('error')).toBe('access_denied');
  });

  it('lets somebody in by a device code', async () => {
    const started = await oauth.initiateDeviceAuthorization(provider, { scope: exchangeScopes.join(' ') });
    await enterDeviceCode(started.verification_uri, started.user_code, alice());
    const tokens = await oauth.pollDeviceAuthorizationGrant(provider, { ...started, interval: 1 });
    expect(await lab.issuer.verify(tokens.access_token)).toBe('alice@corp.example');
    await renew(tokens.refresh_token ?? '');
  });

  it('wants to see a person again, and takes back what it gave', async () => {
    const [first, second] = [lab.issuer.grant('alice@corp.example'), lab.issuer.grant('alice@corp.example')];
    const { refresh_token } = await renew(first);
    lab.issuer.wantsToSee('alice@corp.example');
    await expect(renew(refresh_token ?? '')).rejects.toMatchObject({ error: 'interaction_required' });
    await renew(lab.issuer.grant('alice@corp.example'));
    lab.issuer.revoke('alice@corp.example');
    await expect(renew(second)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.each(['fails', 'captivePortal', 'redirects', 'brokenJson'] as const)(
    '%s, and works again',
    async (mode) => {
      const refreshToken = lab.issuer.grant('alice@corp.example');
      lab.issuer.mode = mode;
      await expect(renew(refreshToken)).rejects.toThrow();
      lab.issuer.mode = 'works';
      await lab.issuer.dark();
      await expect(renew(refreshToken)).rejects.toThrow();
      await lab.issuer.comesBack();
      await renew(refreshToken);
    },
  );
});
