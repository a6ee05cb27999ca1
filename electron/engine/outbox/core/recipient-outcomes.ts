import type { OutgoingEvent } from './outgoing-machine.ts';

/** What a submission ended with, as far as the rule looks at it. */
export interface Submitted {
  readonly kind: 'accepted' | 'rejected' | 'deferred' | 'unknown';
  readonly refused?: readonly {
    readonly address: string;
    readonly isPermanent: boolean;
    readonly response: string;
    readonly sentence: string;
  }[];
}

interface Outcome {
  readonly address: string;
  readonly outcome: 'taken' | 'putOff' | 'refused';
  readonly response: string | null;
  readonly sentence: string | null;
}

/**
 * What becomes of a message and of each of the recipients `to` whom it was offered.
 *
 * A recipient that is refused keeps it from nobody else. Who was taken never gets it again; who was put off (4xx) is
 * tried again alone; who was refused for good (5xx) is not tried again unless the person says so. When the message went
 * to nobody, those put off let it wait, and it is refused only when everybody is.
 */
export function settle(
  submitted: Submitted,
  to: readonly string[],
): { readonly recipients: readonly Outcome[]; readonly event: OutgoingEvent } {
  const { kind, refused = [] } = submitted;
  const told = new Map(refused.map((one) => [one.address, one]));
  const recipients = to.flatMap((address): readonly Outcome[] => {
    const one = told.get(address);
    if (one !== undefined) {
      const { response, sentence, isPermanent } = one;
      return [{ address, outcome: isPermanent ? 'refused' : 'putOff', response, sentence }];
    }
    return kind === 'accepted' ? [{ address, outcome: 'taken', response: null, sentence: null }] : [];
  });
  const isLeft = recipients.some(({ outcome }) => outcome === 'putOff');
  if (kind === 'accepted') return { recipients, event: { kind: isLeft ? 'takenForSome' : 'accepted' } };
  if (kind === 'unknown') return { recipients, event: { kind: 'lost' } };
  // Everybody refused for good: whatever the order of the answers, that is a refusal of the message.
  const isRefusedByAll =
    to.length > 0 && recipients.filter(({ outcome }) => outcome === 'refused').length === to.length;
  if (isRefusedByAll) return { recipients: [], event: { kind: 'rejected' } };
  return kind === 'rejected'
    ? { recipients: [], event: { kind: 'rejected' } }
    : { recipients, event: { kind: 'deferred' } };
}
