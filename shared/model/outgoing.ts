import type { Address } from './address.ts';
import type {
  AccountId,
  ConversationId,
  DraftAttachmentId,
  DraftId,
  EpochMs,
  InternetMessageId,
  MessageId,
  OutgoingId,
} from './ids.ts';
import type { Route } from './route.ts';

/**
 * The life of an outgoing message. These comments are the specification; `docs/sending.md` tells the same at length.
 *
 * A draft that is sent is frozen: bytes, Message-ID, Date, envelope and identity are committed before any network.
 * `held`       it waits for a time, not for a way: to be taken back (undo), or for the hour that the person chose. Then
 *              it is `queued`. Taken back: `discarded`, and the draft is there again.
 * `queued`     it leaves as soon as there is a way; no server has it, or the last try provably ended before the final
 *              dot, or it is still to go to those recipients that were put off. Tried for ever, with pauses. Free to be
 *              taken back.
 * `sending`    an attempt is written down and running, and the final dot has not left: whether DATA has begun or not,
 *              no server has it, and a crash or a lost connection is safe to try again.
 * `handedOver` DATA has begun, everything has left, and it is written down that the final dot leaves next; its answer is
 *              outstanding. A crash or a lost connection leaves it open whether the server took it: it is looked for.
 * `accepted`   the server answered 2xx to the final dot, or evidence shows that one took it. Those recipients that were
 *              refused are shown until the person knows (`refused`). Then it is filed in Sent, and that is the end.
 * `rejected`   the server refused it for good (5xx) and nobody has it: the person changes it, tries again or gives up.
 * `uncertain`  looked for and not seen: the final dot may have been read and no answer came. Never sent again silently,
 *              by no route; evidence that turns up settles it (Sent, a reply, a bounce, the delivery log), or the person does.
 * `discarded`  taken back or given up before any server was known to have it. The end.
 */
export const outgoingStates = [
  'held',
  'queued',
  'sending',
  'handedOver',
  'accepted',
  'rejected',
  'uncertain',
  'discarded',
] as const;
export type OutgoingState = (typeof outgoingStates)[number];

/** `undo`: for the seconds in which it can be taken back. `scheduled`: until the hour that the person chose. */
export interface HeldMessage {
  readonly hold: 'undo' | 'scheduled';
  readonly heldUntil: EpochMs;
}

/** What the continuity provider's delivery log says of a message (docs/provider.md). */
export interface DeliveryReport {
  /** `unknown`: the log does not know. */
  readonly outcome: 'taken' | 'notTaken' | 'unknown';
  readonly takenAt: EpochMs | null;
  readonly recipients: readonly DeliveredTo[];
}
export interface DeliveredTo {
  readonly address: string;
  readonly state: 'delivered' | 'waiting' | 'failed';
  /** Of the server that said so, e.g. "550 5.1.1". */
  readonly response: string | null;
}

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
  /** Since when it is in this state. */
  readonly since: EpochMs;
  readonly reason: OutgoingReason;
  /** When it is tried or looked for next by itself; null: not at a time, but upon the event that `reason` names. */
  readonly nextAttemptAt: EpochMs | null;
  /** Until when it is `held`. */
  readonly heldUntil: EpochMs | null;
  /** Whom a server refused for good, while others got it or may still get it. */
  readonly refused: readonly RefusedRecipient[];
  /** Whether some of its recipients have it already. */
  readonly isTakenForSome: boolean;
  /** Whether the draft behind it can come back into the composer. */
  readonly canTakeBack: boolean;
  /** The route of the newest attempt; null before the first. */
  readonly route: Route | null;
  readonly attempts: number;
  /** When the newest attempt began and ended. */
  readonly lastAttemptAt: EpochMs | null;
  /** The server's last answer, without addresses, e.g. "550 5.7.1"; null when there was none. */
  readonly lastResponse: string | null;
  /** The server's last answer in its own words, which may name addresses. */
  readonly lastSentence: string | null;
  /** What the provider's delivery log said last; null: never asked, or not offered. */
  readonly deliveryLog: LoggedDelivery | null;
}

export interface LoggedDelivery extends DeliveryReport {
  readonly askedAt: EpochMs;
  /** Known not to have been taken, long after the connection ended: sending it again doubles nothing. */
  readonly isSafeToSendAgain: boolean;
}

/**
 * Why an outgoing message stands where it stands, and with it what happens next.
 *
 * `held`: `undo`, `scheduled`. It leaves at `heldUntil`.
 * `queued`: `noWay` there is no route, it leaves with the next one. `exchangeOnly` the continuity provider may not send
 * for its identity, `tooLargeForContinuity` the provider takes none so large: both leave by Exchange. `network` the last
 * try did not reach the server, `putOff` the server asked to try later, `signIn` the server wants a sign-in, `storage`
 * this computer could not write: tried at `nextAttemptAt`. `restPutOff` some have it, the others were put off.
 * `turn` it is the next, or waits for those before it.
 * `sending`: `connecting`. `handedOver`: `answerAwaited` the connection stands, `lookedFor` the connection is gone.
 * `uncertain`: `undecided`. `rejected`: `refused`. `accepted`: `refusedForSome`, else `done`. `discarded`: `done`.
 */
export const outgoingReasons = [
  'undo',
  'scheduled',
  'noWay',
  'exchangeOnly',
  'tooLargeForContinuity',
  'network',
  'putOff',
  'signIn',
  'storage',
  'restPutOff',
  'turn',
  'connecting',
  'answerAwaited',
  'lookedFor',
  'undecided',
  'refused',
  'refusedForSome',
  'done',
] as const;
export type OutgoingReason = (typeof outgoingReasons)[number];

/** A recipient that a server will not take the message for, and its words. */
export interface RefusedRecipient {
  readonly address: string;
  /** E.g. "550 5.1.1". */
  readonly response: string;
  readonly sentence: string;
}

/**
 * What the person may decide. `sendNow`: a `held` one leaves at once. `sendAgain`, `treatAsSent`, `discard`: about a
 * `rejected` or `uncertain` one; `discard` also while it is held or queued. `noteRefused`: the person knows who was refused.
 */
export const outgoingDecisions = ['sendNow', 'sendAgain', 'treatAsSent', 'discard', 'noteRefused'] as const;
export type OutgoingDecision = (typeof outgoingDecisions)[number];

export const draftKinds = ['new', 'reply', 'replyAll', 'forward'] as const;
export type DraftKind = (typeof draftKinds)[number];

/**
 * As what a draft is begun. `forwardAttached`: the message goes along as a file, as it is. `resend`: a message of one's own,
 * or the one that a report of failure is about, once more, to those whom it did not reach.
 */
export const draftStarts = [...draftKinds, 'forwardAttached', 'resend'] as const;
export type DraftStart = (typeof draftStarts)[number];

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
  /** Told to the server and to nobody else: it stands in no byte of the message. */
  readonly bcc: readonly Address[];
  readonly subject: string;
  /** Plain text, the quotation included; of a rich one, the same words. */
  readonly text: string;
  /** What is written richly, without the quotation and without whatever acts or loads; null: plain text. */
  readonly html: string | null;
  /** Whether what it quotes is HTML, which `drafts.quotation` yields. */
  readonly quotesHtml: boolean;
  readonly attachments: readonly DraftAttachment[];
  /** Names of files of a forwarded message that do not go along: taken out, or not in this copy. */
  readonly notPassedOn: readonly string[];
  readonly updatedAt: EpochMs;
}

/** A draft that stands in Exchange's Drafts and was begun in another program, or on another computer. */
export interface DraftElsewhere {
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  readonly to: readonly Address[];
  readonly subject: string;
  /** Its first words. */
  readonly snippet: string;
  readonly savedAt: EpochMs;
}

/** A file that goes along. Its bytes are in the database, whatever becomes of the file. */
export interface DraftAttachment {
  readonly id: DraftAttachmentId;
  readonly fileName: string;
  readonly contentType: string;
  /** In bytes. */
  readonly size: number;
  /** By which the HTML shows it as a picture; null: it goes along as a file. */
  readonly contentId: string | null;
}
