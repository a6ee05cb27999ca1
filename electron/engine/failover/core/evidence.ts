import type { AppError } from '../../../../shared/errors.ts';
import type { SignKind } from '../../../../shared/model/evidence.ts';
import type { Fault } from '../../../../shared/model/failover.ts';

/**
 * `atOnce`: one fresh connection that meets it is enough, since the silence has cost two deadlines by then.
 * `repeated`: it has to go on for longer than a service takes to restart.
 * `slowly`: Exchange answers, and says that it cannot; that counts last.
 * `never`: it comes from an Exchange that works.
 * `other`: it is a sign of something else, which is in the network, the sign-in or this laptop.
 */
export type Weight = 'atOnce' | 'repeated' | 'slowly' | 'never' | 'other';

interface Sign {
  readonly weight: Weight;
  /** What an outage that shows itself so is put down to; null: it is no reason to switch. */
  readonly fault: Fault | null;
  /** By what it is known. */
  readonly seen: string;
  /** What it says about Exchange. */
  readonly means: string;
}

const counts = (weight: Weight, fault: Fault, seen: string, means: string): Sign => ({
  weight,
  fault,
  seen,
  means,
});
const nothing = (weight: 'never' | 'other', seen: string, means: string): Sign => ({
  weight,
  fault: null,
  seen,
  means,
});

/** The one table of what counts for what. Printed into docs/failover.md. */
export const signs: Readonly<Record<SignKind, Sign>> = {
  silent: counts(
    'atOnce',
    'hanging',
    'no answer to a SYN, in the handshake, no greeting, a command without an answer; a proxy’s 504; no byte of a download for 10 s',
    'Exchange hangs, or nothing reaches it',
  ),
  refused: counts(
    'repeated',
    'refused',
    'a refused connection, no route to the host; a proxy’s 502 or 503',
    'nobody listens: dead, or restarting',
  ),
  closed: counts('repeated', 'closed', 'RST or FIN, on a new connection or one that stands', 'cut off'),
  tls: counts('repeated', 'tls', 'a TLS alert in the handshake', 'Exchange cannot speak TLS'),
  nameGone: counts(
    'repeated',
    'name',
    'NXDOMAIN for a name that led to public addresses before, or is Exchange Online’s',
    'Exchange’s name is gone',
  ),
  nameServer: counts(
    'repeated',
    'name',
    'SERVFAIL, or a name server that does not answer, for Exchange’s name while others resolve',
    'Exchange’s name servers are away',
  ),
  proxyPassedBy: counts(
    'repeated',
    'proxy',
    'a proxy that is down, where the emergency route may pass it by (`network.emergencyDirect`)',
    'out of reach, whoever’s fault it is',
  ),
  notNow: counts(
    'slowly',
    'unavailable',
    '421, 451 4.7.x, `[UNAVAILABLE]`, “authenticated but not connected”',
    'Exchange says “not now”',
  ),
  goingDown: counts(
    'slowly',
    'unavailable',
    'BYE but for those of `throttled`',
    'Exchange says that it goes down',
  ),
  nonsense: counts('slowly', 'unavailable', 'no IMAP or SMTP, under Exchange’s own certificate', 'broken'),
  signInAway: nothing('other', 'an identity provider that does not answer', 'sign-in is down: see below'),
  credentials: nothing(
    'other',
    'a refused, expired or missing password or token, a sign-in that wants the person',
    'somebody has to sign in',
  ),
  stranger: nothing(
    'other',
    'a certificate that is not Exchange’s, expired or unverified; no TLS at all',
    'a captive portal, an interceptor, a wrong clock',
  ),
  proxy: nothing(
    'other',
    'a proxy that is down, refuses, or wants a password',
    'the company’s network is in the way',
  ),
  nameUnknown: nothing(
    'other',
    'NXDOMAIN for a name of which nothing is known yet',
    'a company’s inner name, asked outside its VPN',
  ),
  elsewhere: nothing(
    'other',
    'an Exchange on private addresses, in another network than it answered in last: its VPN is off',
    'this laptop is elsewhere',
  ),
  throttled: nothing(
    'never',
    '`Request is throttled`, `BYE Connection is closed. 13`, the BYE of an idle connection, 432 4.3.2',
    'routine',
  ),
  queued: nothing(
    'never',
    'silent, while 4 kB or more of mail have come from Exchange within two thirds of the deadline',
    'it waits its turn on a slow line',
  ),
  saysNo: nothing('never', 'any other NO, BAD, 4xx or 5xx', 'an answer to one command or message'),
  ours: nothing('other', 'a full disk, a key store that is shut', 'this laptop’s own trouble'),
};

/** Which of the signs a failure is. Whoever met it has classified it already; here it is only looked up. */
export function signOf(error: AppError): SignKind {
  const reason = error.context?.reason;
  if (reason === 'elsewhere' || reason === 'queued') return reason;
  switch (error.code) {
    case 'network.unreachable':
      if (reason === 'nameUnknown' || reason === 'nameGone' || reason === 'nameServer') return reason;
      return 'refused';
    case 'network.timeout':
      return 'silent';
    case 'network.closed':
      return 'closed';
    case 'network.tls':
      return reason === 'alert' ? 'tls' : 'stranger';
    case 'network.tlsStripped':
    case 'network.certificateUnknownAuthority':
    case 'network.certificateSelfSigned':
    case 'network.certificateHostname':
    case 'network.certificateExpired':
    case 'network.certificateNotYetValid':
    case 'network.certificatePin':
      return 'stranger';
    case 'network.proxyUnreachable':
      return reason === 'goneRound' ? 'proxyPassedBy' : 'proxy';
    case 'network.proxyRefused':
    case 'network.proxyAuthentication':
      return 'proxy';
    case 'server.unavailable':
      return reason === 'bye' ? 'goingDown' : 'notNow';
    case 'server.protocol':
      return 'nonsense';
    case 'server.throttled':
      return 'throttled';
    case 'server.refused':
    case 'exchange.forbidden':
    case 'notFound':
    case 'mail.malformed':
    case 'mail.tooLarge':
    case 'mailbox.full':
      return 'saysNo';
    case 'auth.providerUnreachable':
      return 'signInAway';
    case 'auth.refused':
    case 'auth.expired':
    case 'auth.missing':
    case 'auth.interactionNeeded':
      return 'credentials';
    default:
      return 'ours';
  }
}

/** What a failure is put down to; null: it is no reason to switch. */
export const causeOf = (error: AppError): Fault | null => signs[signOf(error)].fault;

/** Exchange greeted, and the sign-in failed for a reason of ours: it is back, though a person has to act. */
export function isUpToUs(error: AppError): boolean {
  const sign = signOf(error);
  return sign === 'credentials' || sign === 'throttled';
}

/**
 * What else of Exchange was tried when a connection failed: its other door (submission beside IMAP, IMAP beside
 * submission) and its health pages. `shut`: they fail as well. `open`: one of them answers.
 */
export type OtherDoors = 'shut' | 'open' | 'unknown';

/**
 * How many fresh connections in a row have to fail before it is an outage. They are `failover.probeSeconds` apart, half
 * of it between two refusals that may be enough, and twice as far and more where Exchange says "not now".
 *
 * A service that restarts refuses for three seconds, and so does one that is dead. Nothing tells them apart but time, so
 * that it is spent where it costs nobody anything: four refusals are needed, more than a restart takes. Two are enough
 * for somebody who waits, since a message could not leave, where every door is shut without a word before it. When what
 * was away then answers "not now", it may be starting, and is given longer than one that was there.
 */
export function failuresNeeded(
  sign: SignKind,
  doors: OtherDoors,
  {
    wasAnnounced = false,
    wasDown = false,
    isAwaited = false,
  }: { readonly wasAnnounced?: boolean; readonly wasDown?: boolean; readonly isAwaited?: boolean },
): number {
  switch (signs[sign].weight) {
    case 'atOnce':
      return 1;
    case 'slowly':
      return wasDown ? 5 : 3;
    default:
      return sign === 'refused' && doors === 'shut' && isAwaited && !wasAnnounced ? 2 : 4;
  }
}
