import type { EpochMs } from '../../../../shared/model/ids.ts';
import type { OutgoingReason, OutgoingState } from '../../../../shared/model/outgoing.ts';
import type { Route } from '../../../../shared/model/route.ts';
import type { Wait } from './way-out.ts';

/** What is known about an outgoing message and its way. */
export interface OutgoingFacts {
  readonly state: OutgoingState;
  readonly hold: 'undo' | 'scheduled' | null;
  readonly heldUntil: EpochMs | null;
  readonly notBefore: EpochMs;
  /** The route that mail leaves by at present. */
  readonly route: Route | null;
  readonly waitsFor: Wait | null;
  /** The error of the newest attempt, a code of `shared/errors.ts`; null: none, or no attempt. */
  readonly lastError: string | null;
  readonly isAttemptOpen: boolean;
  readonly isTakenForSome: boolean;
  readonly hasUnnotedRefusals: boolean;
}

/** What a message goes on with. `time`: by itself, at the latest at `at`. `person`: it waits for a decision. */
export type NextStep =
  | { readonly kind: 'time'; readonly at: EpochMs }
  | { readonly kind: 'route' | 'answer' | 'evidence' | 'person' | 'nothing' };

/** Why it stands where it stands, and what happens next. Total: there is no message about which nothing can be said. */
export function explain(facts: OutgoingFacts): { readonly reason: OutgoingReason; readonly next: NextStep } {
  switch (facts.state) {
    case 'held':
      return { reason: facts.hold ?? 'undo', next: { kind: 'time', at: facts.heldUntil ?? facts.notBefore } };
    case 'queued':
      return waiting(facts);
    case 'sending':
      return { reason: 'connecting', next: { kind: 'answer' } };
    case 'handedOver':
      return facts.isAttemptOpen
        ? { reason: 'answerAwaited', next: { kind: 'answer' } }
        : { reason: 'lookedFor', next: { kind: 'evidence' } };
    case 'uncertain':
      return { reason: 'undecided', next: { kind: 'person' } };
    case 'rejected':
      return { reason: 'refused', next: { kind: 'person' } };
    case 'accepted':
      return facts.hasUnnotedRefusals
        ? { reason: 'refusedForSome', next: { kind: 'person' } }
        : { reason: 'done', next: { kind: 'nothing' } };
    case 'discarded':
      return { reason: 'done', next: { kind: 'nothing' } };
  }
}

function waiting(facts: OutgoingFacts): { readonly reason: OutgoingReason; readonly next: NextStep } {
  if (facts.route === null) return { reason: 'noWay', next: { kind: 'route' } };
  if (facts.waitsFor !== null) return { reason: facts.waitsFor, next: { kind: 'route' } };
  const next: NextStep = { kind: 'time', at: facts.notBefore };
  if (facts.isTakenForSome) return { reason: 'restPutOff', next };
  const { lastError } = facts;
  if (lastError === null) return { reason: 'turn', next };
  if (lastError.startsWith('network.')) return { reason: 'network', next };
  if (lastError.startsWith('auth.')) return { reason: 'signIn', next };
  return { reason: lastError.startsWith('storage.') ? 'storage' : 'putOff', next };
}
