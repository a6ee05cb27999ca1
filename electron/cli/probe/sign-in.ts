import * as openid from 'openid-client';
import type { Fetch } from '../../engine/net/https-fetch.ts';

/** What a mail client asks Microsoft for; reading is enough for a probe. */
const microsoftScope = 'https://outlook.office.com/IMAP.AccessAsUser.All offline_access';

export interface DeviceCodeOptions {
  /** e.g. https://login.microsoftonline.com/<tenant>/v2.0 */
  readonly issuer: URL;
  /** The application's id at the issuer, registered as a public client that may use the device code flow. */
  readonly clientId: string;
  readonly scope: string | null;
  /** For an issuer by https. */
  readonly fetch: Fetch;
  readonly tell: (sentence: string) => void;
}

/** Signs in on another device or in another window, and yields an access token. Rejects when it is refused or too late. */
export async function signInByDeviceCode({
  issuer,
  clientId,
  scope,
  fetch,
  tell,
}: DeviceCodeOptions): Promise<string> {
  const isLocal = issuer.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(issuer.hostname);
  const configuration = await openid.discovery(issuer, clientId, undefined, openid.None(), {
    ...(isLocal ? { execute: [openid.allowInsecureRequests] } : { [openid.customFetch]: fetch }),
  });
  const started = await openid.initiateDeviceAuthorization(configuration, { scope: scope ?? microsoftScope });
  tell(`Open ${started.verification_uri} and enter the code ${started.user_code}`);
  const tokens = await openid.pollDeviceAuthorizationGrant(configuration, started);
  return tokens.access_token;
}
