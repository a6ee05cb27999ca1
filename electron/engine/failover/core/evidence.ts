import type { AppError } from '../../../../shared/errors.ts';
import type { Fault } from '../../../../shared/model/failover.ts';

/**
 * What a failure says about Exchange; null: nothing, it is no reason to switch.
 *
 * Counts: nobody listens, nobody answers, the connection is cut, TLS breaks with an alert, the service says "not now"
 * or speaks nonsense under its own certificate.
 *
 * Does not count, since it comes from an Exchange that answers, from somebody else, or from this laptop:
 * - throttling and Exchange's routine `BYE Connection is closed. 13`;
 * - refused, expired or missing credentials, and an identity provider that is away: tokens outlive it;
 * - a certificate that does not verify, or no TLS at all: a captive portal or an interceptor answers in Exchange's
 *   name (an Exchange whose certificate expired looks the same: that is for a bulletin to declare);
 * - a proxy that is down, lets no mail through or wants a password: that is the company's network. One that is down
 *   counts where the emergency route may go without it (`network.emergencyDirect`), and what a proxy says about an
 *   Exchange behind it counts like the same thing met directly;
 * - a name that does not exist: a company's inner name, asked outside its VPN. A name server that cannot be reached
 *   counts.
 */
export function causeOf(error: AppError): Fault | null {
  switch (error.code) {
    case 'network.unreachable':
      return error.context?.reason === 'nameUnknown' ? null : 'refused';
    case 'network.timeout':
      return 'hanging';
    case 'network.closed':
      return 'closed';
    case 'network.tls':
      return error.context?.reason === 'alert' ? 'tls' : null;
    case 'network.proxyUnreachable':
      return error.context?.reason === 'goneRound' ? 'proxy' : null;
    case 'server.unavailable':
    case 'server.protocol':
      return 'unavailable';
    default:
      return null;
  }
}

/** Exchange greeted, and the sign-in failed for a reason of ours: it is back, though a person has to act. */
export function isUpToUs(error: AppError): boolean {
  switch (error.code) {
    case 'auth.refused':
    case 'auth.expired':
    case 'auth.interactionNeeded':
    case 'auth.missing':
    case 'server.throttled':
      return true;
    default:
      return false;
  }
}

/**
 * How many fresh connections in a row have to fail before it is an outage. Silence has already cost two deadlines when
 * the first one counts; a restarting service refuses for a moment; "not now" is an answer and counts slowest.
 */
export const failuresNeeded: Readonly<Record<Fault, number>> = {
  hanging: 1,
  refused: 2,
  closed: 2,
  tls: 2,
  submission: 2,
  proxy: 2,
  unavailable: 3,
};
