import { type AppError, appError } from '../../../shared/errors.ts';
import type { Phase } from './evidence.ts';

/** Why there is no connection: what to tell, and at which step with which code it failed. */
export class NetworkError extends Error {
  readonly failure: AppError;
  readonly phase: Phase;
  readonly code: string;

  constructor(failure: AppError, phase: Phase, code: string) {
    super(`${failure.code} at ${phase}: ${code}`);
    this.name = 'NetworkError';
    this.failure = failure;
    this.phase = phase;
    this.code = code;
  }
}

/** What a thrown error says about the network, however often a library has wrapped it; null: nothing. */
export function networkFailureOf(thrown: unknown): AppError | null {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof NetworkError) return error.failure;
  }
  return null;
}

export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';

/** Thrown by our own check of a certificate whose key is none of those that the policy names. */
export const pinMismatch = 'RELEVO_PIN_MISMATCH';

/** A code of the system, met while looking a name up or connecting; null: none that is known. */
export function failureOfSystem(code: string): AppError | null {
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
      return appError('network.unreachable', 'later', { reason: 'nameUnknown' });
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return appError('network.unreachable', 'soon');
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EDNS':
      return appError('network.unreachable', 'soon', { reason: 'nameServer' });
    case 'ETIMEDOUT':
    case 'ETIMEOUT':
      return appError('network.timeout', 'soon');
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return appError('network.closed', 'soon');
    default:
      return null;
  }
}

/**
 * A code met in a TLS handshake; null: none of TLS. OpenSSL has dozens of codes for a certificate that does not verify
 * (https://docs.openssl.org/master/man1/openssl-verification-options, https://nodejs.org/api/tls.html#x509-certificate-error-codes):
 * those that a person can do something about have a sentence of their own.
 */
export function failureOfTls(code: string): AppError | null {
  switch (code) {
    case pinMismatch:
      return appError('network.certificatePin', 'afterUserAction');
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'ERR_TLS_CERT_ALTNAME_FORMAT':
    case 'HOSTNAME_MISMATCH':
      return appError('network.certificateHostname', 'afterUserAction');
    case 'CERT_HAS_EXPIRED':
      return appError('network.certificateExpired', 'afterUserAction');
    case 'CERT_NOT_YET_VALID':
      return appError('network.certificateNotYetValid', 'afterUserAction');
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return appError('network.certificateSelfSigned', 'afterUserAction');
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_UNTRUSTED':
      return appError('network.certificateUnknownAuthority', 'afterUserAction');
  }
  if (code.includes('ALERT')) return appError('network.tls', 'later', { reason: 'alert' });
  // What OpenSSL makes of a text where a TLS record should be.
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|BAD_RECORD_TYPE|RECORD_TOO_SMALL/.test(code))
    return appError('network.tlsStripped', 'afterUserAction');
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO')
    return appError('network.tls', 'afterUserAction', { reason: 'handshake' });
  if (/CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)|INVALID_(CA|PURPOSE)|CRL_/.test(code))
    return appError('network.tls', 'afterUserAction', { reason: 'certificate' });
  return null;
}
