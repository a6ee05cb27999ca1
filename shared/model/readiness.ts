import type { AppError } from '../errors.ts';
import type { AccountId, EpochMs } from './ids.ts';

/** What must be in order today, so that an outage tomorrow is none. */
export const readinessChecks = [
  'continuitySignIn',
  'rehearsal',
  'copy',
  'keyStore',
  'domain',
  'certificates',
  'clock',
  'policy',
  'exchangeSignIn',
] as const;
export type ReadinessCheckName = (typeof readinessChecks)[number];

/** `good`; `attention`: works, and somebody should look at it; `bad`: in an outage this would fail. */
export type ReadinessLevel = 'good' | 'attention' | 'bad';

/** What the company's DNS lacks; see `readiness/core/domain.ts`. */
export const domainFindings = ['dmarc', 'spfBroken', 'spf', 'dkim', 'mx'] as const;
export type DomainFinding = (typeof domainFindings)[number];

/** Everything that can be done for readiness, and who has to. The sentence stands in `readiness.todo.<name>`. */
export const readinessTodos = {
  signInToContinuity: 'person',
  signInToExchange: 'person',
  rehearse: 'person',
  leaveOpen: 'person',
  setClock: 'person',
  restart: 'person',
  enrolAgain: 'it',
  continuityUnreachable: 'it',
  protectKeys: 'it',
  repairKeys: 'it',
  exchangeCertificate: 'it',
  dmarc: 'it',
  spfBroken: 'it',
  spf: 'it',
  dkim: 'it',
  mx: 'it',
  continuityCertificate: 'provider',
  drillNotArrived: 'provider',
  drillRefused: 'provider',
} as const satisfies Readonly<Record<string, 'person' | 'it' | 'provider'>>;
export type ReadinessTodo = keyof typeof readinessTodos;

export interface ReadinessCheck {
  readonly name: ReadinessCheckName;
  readonly level: ReadinessLevel;
  /** As of when: credentials accepted, rehearsal done, copy complete, key store opened, DNS read; null: never. */
  readonly at: EpochMs | null;
  /** What was met; null where there is nothing to say. */
  readonly error: AppError | null;
  /** What to do about it; null where it is good. */
  readonly todo: ReadinessTodo | null;
}

/** How a drill that everybody saw went on this laptop. */
export interface DrillOutcome {
  readonly matter: string;
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly outcome: 'worked' | 'couldNot';
  /** Why it could not; null: it worked. */
  readonly error: AppError | null;
}

/** What would work on this laptop if Exchange died now. The level is that of the worst check. */
export interface Readiness {
  readonly accountId: AccountId;
  readonly level: ReadinessLevel;
  /** The one thing to do first; null: everything is good. */
  readonly todo: ReadinessTodo | null;
  readonly checks: readonly ReadinessCheck[];
  /** The newest first. */
  readonly drills: readonly DrillOutcome[];
}
