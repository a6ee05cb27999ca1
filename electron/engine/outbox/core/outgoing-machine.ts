import type { OutgoingDecision, OutgoingState } from '../../../../shared/model/outgoing.ts';
import type { Route } from '../../../../shared/model/route.ts';

/**
 * What can happen to an outgoing message.
 *
 * `released`        the time for which it was held is over.
 * `attemptStarted`  an attempt is written down; the network hears of it next.
 * `dotNext`         the whole message has left, and its final dot leaves next.
 * `accepted` `rejected` `deferred`  the server's answer. `deferred` also when it provably never heard the message.
 * `takenForSome`    the server took it, and put off some of its recipients (4xx): it goes on waiting for these alone.
 * `lost`            the connection ended, or time ran out, without an answer.
 * `restarted`       the engine starts and finds the message as a crash left it.
 * `foundInSent`     it stands in the Sent folder of a route: a server took it.
 * `answered` `bounced`  a message came that refers to it, which nobody could write who has not got it.
 * `logged`          the provider's delivery log says that submission took it.
 * `notFoundInSent`  it was looked for long enough, as far as a Sent folder could be reached, and not seen.
 * `decided`         the person chose.
 */
export type OutgoingEvent =
  | { readonly kind: 'released' }
  | { readonly kind: 'attemptStarted' }
  | { readonly kind: 'dotNext' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'rejected' }
  | { readonly kind: 'deferred' }
  | { readonly kind: 'takenForSome' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'restarted' }
  | { readonly kind: 'foundInSent'; readonly route: Route }
  | { readonly kind: 'answered' }
  | { readonly kind: 'bounced' }
  | { readonly kind: 'logged' }
  | { readonly kind: 'notFoundInSent' }
  | { readonly kind: 'decided'; readonly decision: OutgoingDecision };

type Happening = Exclude<OutgoingEvent['kind'], 'decided'> | OutgoingDecision;

/** What leaves a state. An event that is not named for a state means nothing in it. */
const transitions: Readonly<Record<OutgoingState, Partial<Readonly<Record<Happening, OutgoingState>>>>> = {
  // No server has heard of it. Time alone lets it go.
  held: { released: 'queued', sendNow: 'queued', discard: 'discarded' },

  // No server has it: free to go, free to be taken back.
  queued: { attemptStarted: 'sending', discard: 'discarded' },

  // Without the final dot no server can have taken it (RFC 5321 section 4.1.1.4), so that a crash costs nothing but
  // time. An answer to the message itself is believed even if nobody noted the dot, and so is its absence.
  sending: {
    dotNext: 'handedOver',
    accepted: 'accepted',
    rejected: 'rejected',
    deferred: 'queued',
    takenForSome: 'queued',
    lost: 'handedOver',
    restarted: 'queued',
  },

  // The server may have it. Only its own refusal ("4xx", RFC 5321 section 4.2.1: not taken, try again) lets the
  // message go once more; silence does not. A loss or a restart changes nothing: it is looked for in Sent.
  handedOver: {
    accepted: 'accepted',
    rejected: 'rejected',
    deferred: 'queued',
    takenForSome: 'queued',
    foundInSent: 'accepted',
    answered: 'accepted',
    bounced: 'accepted',
    logged: 'accepted',
    notFoundInSent: 'uncertain',
  },

  // The end. A Sent copy that turns up later, or a person who is sure, leads here.
  accepted: {},

  // Treating it as sent is not offered: the server has said that it is not.
  rejected: { sendAgain: 'queued', discard: 'discarded' },

  uncertain: {
    foundInSent: 'accepted',
    answered: 'accepted',
    bounced: 'accepted',
    logged: 'accepted',
    sendAgain: 'queued',
    treatAsSent: 'accepted',
    discard: 'discarded',
  },

  // The end.
  discarded: {},
};

/** Total: an event that means nothing in a state leaves it as it is. */
export function nextOutgoingState(state: OutgoingState, event: OutgoingEvent): OutgoingState {
  return transitions[state][event.kind === 'decided' ? event.decision : event.kind] ?? state;
}
