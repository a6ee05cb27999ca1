import * as oauth from 'openid-client';
import { type AppError, appError } from '../../../shared/errors.ts';
import { networkFailureOf } from '../net/failure.ts';

/** OpenID Connect Core section 3.1.2.6: the person has to be seen, whatever the refresh token is worth. */
const wantsThePerson = new Set([
  'interaction_required',
  'login_required',
  'consent_required',
  'account_selection_required',
]);
/**
 * What Microsoft says beside `invalid_grant` when the refresh token is good and the person has to be seen all the same
 * (https://learn.microsoft.com/entra/msal/dotnet/advanced/exceptions/msal-error-handling).
 */
const wantsThePersonAtMicrosoft = new Set([
  'basic_action',
  'additional_action',
  'message_only',
  'consent_required',
  'user_password_expired',
]);
/** Said with 4xx too, and about the provider, not about the person. */
const notNow = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

/**
 * What an identity provider's refusal, or its silence, means. Only these close the matter until a person acts:
 * `auth.expired`, an explicit `invalid_grant`; `auth.interactionNeeded`. `auth.refused` is about this application or its
 * settings. Anything else is `auth.providerUnreachable`: 5xx, a timeout, a broken answer, a captive portal, with the
 * network's own word as `reason`.
 */
export function classifyRefusal(error: unknown): AppError {
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError) {
    const suberror = 'suberror' in error.cause ? String(error.cause.suberror) : '';
    const status = 'status' in error ? error.status : 400;
    if (status < 500 && status !== 429 && !notNow.has(error.error)) {
      if (wantsThePerson.has(error.error)) return interactionNeeded;
      if (error.error === 'invalid_grant')
        return wantsThePersonAtMicrosoft.has(suberror)
          ? interactionNeeded
          : appError('auth.expired', 'afterUserAction');
      return appError('auth.refused', 'afterUserAction', {
        reason: /^[a-z_]{1,40}$/.test(error.error) ? error.error : 'unknown',
      });
    }
  }
  const network = networkFailureOf(error);
  return network === null
    ? appError('auth.providerUnreachable', 'later')
    : appError('auth.providerUnreachable', 'later', { reason: network.code });
}

const interactionNeeded = appError('auth.interactionNeeded', 'afterUserAction');
