import { AuthorizationResponseError, ResponseBodyError } from 'openid-client';
import { describe, expect, it } from 'vitest';
import { appError } from '../../../shared/errors.ts';
import { NetworkError } from '../net/failure.ts';
import { classifyRefusal } from './classify-refusal.ts';

const said = (status: number, cause: Readonly<Record<string, string>>): ResponseBodyError =>
  new ResponseBodyError('refused', {
    cause: cause as never,
    response: new Response(null, { status }),
  });

describe('what an identity provider says', () => {
  it.each([
    ['the refresh token is no good', 400, { error: 'invalid_grant' }, 'auth.expired'],
    [
      'it is no good, in Microsoft’s words',
      400,
      { error: 'invalid_grant', suberror: 'bad_token' },
      'auth.expired',
    ],
    ['a second factor', 400, { error: 'invalid_grant', suberror: 'basic_action' }, 'auth.interactionNeeded'],
    ['conditional access', 400, { error: 'interaction_required' }, 'auth.interactionNeeded'],
    ['consent is missing', 400, { error: 'consent_required' }, 'auth.interactionNeeded'],
    ['sign in again', 400, { error: 'login_required' }, 'auth.interactionNeeded'],
    ['unknown application', 401, { error: 'invalid_client' }, 'auth.refused'],
    ['something of its own', 400, { error: 'Weird! person@corp.example' }, 'auth.refused'],
    ['not now', 400, { error: 'temporarily_unavailable' }, 'auth.providerUnreachable'],
    ['too many', 429, { error: 'invalid_grant' }, 'auth.providerUnreachable'],
    ['it failed while refusing', 500, { error: 'invalid_grant' }, 'auth.providerUnreachable'],
    ['it failed', 503, { error: 'server_error' }, 'auth.providerUnreachable'],
  ] as const)('%s', (_what, status, body, code) => {
    expect(classifyRefusal(said(status, body)).code).toBe(code);
  });

  it('keeps the provider’s texts to itself', () => {
    expect(classifyRefusal(said(400, { error: 'Weird! person@corp.example' })).context).toEqual({
      reason: 'unknown',
    });
  });

  it('is read on the way back from the browser too', () => {
    const declined = new AuthorizationResponseError('declined', {
      cause: new URLSearchParams({ error: 'access_denied' }),
    });
    expect(classifyRefusal(declined)).toEqual(
      appError('auth.refused', 'afterUserAction', { reason: 'access_denied' }),
    );
  });

  it('names what the network met when it could not be asked', () => {
    const refused = new NetworkError(appError('network.proxyRefused', 'later'), 'proxy', '403');
    expect(classifyRefusal(new TypeError('fetch failed', { cause: refused }))).toEqual(
      appError('auth.providerUnreachable', 'later', { reason: 'network.proxyRefused' }),
    );
    expect(classifyRefusal(new Error('anything'))).toEqual(appError('auth.providerUnreachable', 'later'));
  });
});
