import type { Address } from './address.ts';
import type {
  AccountId,
  ConversationId,
  DraftId,
  EpochMs,
  InternetMessageId,
  MessageId,
  OutgoingId,
} from './ids.ts';
import type { Route } from './route.ts';

/**
 * The life of an outgoing message. These comments are the specification.
 *
 * `queued`     frozen and committed; no server has heard of it, or the last try provably ended before DATA.
 * `sending`    an attempt is running and DATA has not begun: a crash here is safe to try again.
 * `handedOver` DATA has begun and the answer to the final dot is outstanding: a crash or a lost connection here
 *              leaves it open whether the server took it.
 * `accepted`   the server answered 2xx to the final dot.
 * `rejected`   the server refused for good (5xx); the person decides.
 * `uncertain`  it stays open whether it was taken; never retried silently, the person decides on the evidence.
 * `discarded`  the person took it back before any server accepted it.
 */
export const outgoingStates = [
  'queued',
  'sending',
  'handedOver',
  'accepted',
  'rejected',
  'uncertain',
  'discarded',
] as const;
export type OutgoingState = (typeof outgoingStates)[number];

export interface OutgoingSummary {
  readonly id: OutgoingId;
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly messageId: MessageId;
  readonly internetMessageId: InternetMessageId;
  readonly state: OutgoingState;
  readonly to: readonly Address[];
  readonly subject: string;
  readonly createdAt: EpochMs;
  /** The route of the newest attempt; null before the first. */
  readonly route: Route | null;
  readonly attempts: number;
  /** When the newest attempt began and ended. */
  readonly lastAttemptAt: EpochMs | null;
  /** The server's last answer, without addresses, e.g. "550 5.7.1"; null when there was none. */
  readonly lastResponse: string | null;
  /** Set while it is queued and there is a way, but not this one: the provider may not send for its identity. */
  readonly waitsFor: 'exchange' | null;
}

/** What the person may decide about a `rejected` or `uncertain` message. */
export const outgoingDecisions = ['sendAgain', 'treatAsSent', 'discard'] as const;
export type OutgoingDecision = (typeof outgoingDecisions)[number];

export const draftKinds = ['new', 'reply', 'replyAll', 'forward'] as const;
export type DraftKind = (typeof draftKinds)[number];

export interface Draft {
  readonly id: DraftId;
  readonly accountId: AccountId;
  readonly kind: DraftKind;
  /** The message replied to or forwarded; null for a new one. */
  readonly parentId: MessageId | null;
  readonly conversationId: ConversationId | null;
  /** The address of the identity that it is written as. */
  readonly from: string;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly subject: string;
  /** Plain text, the quotation included. */
  readonly text: string;
  readonly updatedAt: EpochMs;
}
