import type { Address } from './address.ts';
import type { AccountId, AttachmentId, ConversationId, EpochMs, MessageId } from './ids.ts';
import type { MessageNature } from './message-nature.ts';
import type { OutgoingState } from './outgoing.ts';
import type { Route } from './route.ts';

/** What a person filters the list by. `all` is everything but `putAway`: what was deleted, and junk. */
export const mailboxViews = ['inbox', 'sent', 'all', 'putAway'] as const;
export type MailboxView = (typeof mailboxViews)[number];

/** What the person may narrow a list down to. */
export const listFilters = ['unread', 'flagged', 'attachments', 'toMe'] as const;
export type ListFilter = (typeof listFilters)[number];

export interface ConversationSummary {
  readonly id: ConversationId;
  readonly accountId: AccountId;
  /** The subject without reply prefixes. Empty when the mail has none. */
  readonly topic: string;
  /** Everybody who wrote in it, oldest first, each once; the account's own person included. */
  readonly participants: readonly Address[];
  /** First words of the newest message, plain text, at most 200 characters. */
  readonly snippet: string;
  readonly latestAt: EpochMs;
  readonly messageCount: number;
  readonly unreadCount: number;
  readonly hasAttachments: boolean;
  readonly isFlagged: boolean;
  readonly isInInbox: boolean;
  /** The person keeps it whole, by itself. */
  readonly isPinned: boolean;
  /** All of it is in Deleted Items or Junk: where its received mail is. Null: it is not. */
  readonly putAway: 'trash' | 'junk' | null;
  /** Set while the newest message of the person's own is not yet accepted by a server. */
  readonly outgoing: OutgoingState | null;
  /** Something in it came by the continuity mailbox, and Exchange does not have it, or not yet. */
  readonly isByContinuity: boolean;
}

export interface AttachmentSummary {
  readonly id: AttachmentId;
  readonly fileName: string;
  readonly contentType: string;
  /** Decoded size in bytes. */
  readonly size: number;
  /** False: only this entry is in the copy. The size is about what the server says then. */
  readonly isHere: boolean;
  /** Without angle brackets; null when the part has none. */
  readonly contentId: string | null;
  readonly isInline: boolean;
}

/** A message that is fetched since the person asked for an attachment of it. */
export interface FetchProgress {
  readonly messageId: MessageId;
  /** Bytes, as they travel. */
  readonly received: number;
  /** About. */
  readonly total: number;
}

export interface MessageView {
  readonly id: MessageId;
  readonly from: Address;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly sentAt: EpochMs;
  readonly subject: string;
  readonly isSeen: boolean;
  readonly isFlagged: boolean;
  readonly isFromMe: boolean;
  readonly isAnswered: boolean;
  /** By a message that was written here. */
  readonly isForwarded: boolean;
  /** Plain text; made from the HTML when the mail carries only HTML. */
  readonly text: string;
  /** As received, hostile until sanitized; null when the mail carries only text. */
  readonly html: string | null;
  readonly attachments: readonly AttachmentSummary[];
  /** Routes on which a copy exists, in the order in which they were first seen. Empty: only on this laptop. */
  readonly routes: readonly Route[];
  /** Where it stands in Exchange: one and the same by what it says, wherever it came from. */
  readonly copies: readonly MessageCopy[];
  /** The person wants to see each copy by itself. */
  readonly isApart: boolean;
  /** Set for a message written here. */
  readonly outgoing: OutgoingState | null;
  /** Null: nothing but a message. */
  readonly nature: MessageNature | null;
}

/** What is known of who wrote a message. */
export interface SenderFacts {
  /** Where answers go instead; empty: to the sender. */
  readonly replyTo: readonly Address[];
  /** Neither was anything of theirs here before, nor did the person write to them. */
  readonly isFirstContact: boolean;
  /** Of those that the person writes to, in lower case. */
  readonly knownDomains: readonly string[];
}

export interface MessageCopy {
  /** The folder's full name. */
  readonly folder: string;
  readonly role: 'inbox' | 'sent' | 'drafts' | 'archive' | 'trash' | 'junk' | 'other';
  readonly uid: number;
  readonly arrivedAt: EpochMs;
}

export interface ConversationDetail {
  readonly summary: ConversationSummary;
  /** Oldest first. */
  readonly messages: readonly MessageView[];
}

export interface SearchHit {
  readonly conversation: ConversationSummary;
  readonly messageId: MessageId;
  /** Text around the hit, plain, at most 200 characters. */
  readonly excerpt: string;
}

/** Where a person may put a conversation; `delete` is to Deleted Items, `destroy` for good. */
export type PlacementKind = 'archive' | 'move' | 'delete' | 'junk' | 'notJunk' | 'destroy';

/** What was done at once, so that it can be undone at once; null: there was nothing to do. */
export interface Action {
  readonly actionId: string | null;
}

/** A folder of Exchange that mail can be moved to. */
export interface MailFolder {
  /** Its full name, as Exchange has it. */
  readonly path: string;
  readonly role: 'inbox' | 'archive' | 'trash' | 'junk' | 'other';
}

/**
 * Why something is not as the person wanted it: somebody moved it elsewhere, where it stays; it was deleted elsewhere
 * and is back; it is gone; the folder is; it was flagged meanwhile and is kept; Exchange refuses.
 */
export type DecisionCode =
  | 'movedElsewhere'
  | 'broughtBack'
  | 'gone'
  | 'folderGone'
  | 'flaggedMeanwhile'
  | 'refused';

/** What was decided where Exchange and the person had it otherwise. */
export interface Decision {
  readonly id: number;
  readonly code: DecisionCode;
  /** Of the message's conversation. */
  readonly topic: string;
}
