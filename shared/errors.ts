/**
 * When it makes sense to try again.
 * `soon`: within seconds; `later`: with growing pauses; `afterUserAction`: a person must do something first;
 * `never`: the same attempt cannot succeed.
 */
export type Retry = 'soon' | 'later' | 'afterUserAction' | 'never';

/**
 * Every failure the product knows, by area. The sentence a person reads stands in `shared/messages` under
 * `error.<code>.title` (what happened) and `error.<code>.next` (what happens next).
 */
export const errorCodes = [
  'network.unreachable',
  'network.timeout',
  'network.closed',
  'network.tls',
  'server.protocol',
  'server.unavailable',
  'server.throttled',
  'server.refused',
  'exchange.forbidden',
  'auth.refused',
  'auth.expired',
  'auth.missing',
  'auth.providerUnreachable',
  'auth.interactionNeeded',
  'auth.deviceRevoked',
  'enrolment.invalidCode',
  'enrolment.refused',
  'enrolment.unreachable',
  'network.proxyUnreachable',
  'network.proxyRefused',
  'network.proxyAuthentication',
  'network.certificateUnknownAuthority',
  'network.certificateSelfSigned',
  'network.certificateHostname',
  'network.certificateExpired',
  'network.certificateNotYetValid',
  'network.certificatePin',
  'network.tlsStripped',
  'drill.notArrived',
  'identity.notAllowed',
  'mail.malformed',
  'mail.tooLarge',
  'mailbox.full',
  'database.wrongKey',
  'database.fromTheFuture',
  'database.damaged',
  'storage.full',
  'storage.failed',
  'keystore.unavailable',
  'keystore.unreadable',
  'keystore.unprotected',
  'keystore.changed',
  'policy.invalid',
  'policy.noAccount',
  'engine.restarting',
  'engine.failed',
  'input.invalid',
  'notFound',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * An expected failure, safe to show and to log: `context` never holds an address, a subject, a body or a secret.
 * Adapters classify once, where the failure is met; nobody matches error texts afterwards.
 */
export interface AppError {
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly context?: Readonly<Record<string, string | number | boolean>>;
}

export function appError(code: ErrorCode, retry: Retry, context?: AppError['context']): AppError {
  return context === undefined ? { code, retry } : { code, retry, context };
}
