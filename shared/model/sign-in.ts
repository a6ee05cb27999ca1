import type { ProviderName } from './account.ts';
import type { AccountId, EpochMs } from './ids.ts';

/** What a person enters elsewhere, on any device, when the browser here cannot be used (RFC 8628 section 3.2). */
export interface DeviceCode {
  readonly userCode: string;
  readonly verificationUrl: string;
  readonly expiresAt: EpochMs;
}

/**
 * Where the sign-in at one provider of an account stands.
 * `good`     credentials are there and nobody has refused them.
 * `needed`   the person has to do something: `missing` there are none; `refused` they were refused; `interaction` the
 *            identity provider wants to see the person again; `revoked` this device was shut out.
 * `waiting`  the person was sent to the browser, or shown a code.
 */
export type SignInState =
  | { readonly kind: 'good' }
  | { readonly kind: 'needed'; readonly reason: 'missing' | 'refused' | 'interaction' | 'revoked' }
  | { readonly kind: 'waiting'; readonly deviceCode: DeviceCode | null };

export interface SignInStatus {
  readonly accountId: AccountId;
  readonly provider: ProviderName;
  /** `browser`: OAuth; `password`: typed here; `enrolment`: a code or link of the IT department. */
  readonly method: 'browser' | 'password' | 'enrolment';
  readonly state: SignInState;
  /** When the provider last accepted the credentials; null: never since the app was set up. */
  readonly acceptedAt: EpochMs | null;
}
