import type { Address } from '../../../shared/model/address.ts';
import type { EpochMs, InternetMessageId } from '../../../shared/model/ids.ts';

export interface ParsedAttachment {
  readonly fileName: string;
  readonly contentType: string;
  readonly contentId: string | null;
  readonly isInline: boolean;
  readonly content: Uint8Array;
}

/** What a message says, made from untrusted bytes. Whatever they are, there is a ParsedMessage. */
export interface ParsedMessage {
  /** Made from a hash of the content when the message carries none. */
  readonly internetMessageId: InternetMessageId;
  /** X-Microsoft-Original-Message-ID, when a server renamed the message. */
  readonly originalMessageId: InternetMessageId | null;
  readonly inReplyTo: readonly InternetMessageId[];
  readonly references: readonly InternetMessageId[];
  readonly threadIndex: Uint8Array | null;
  readonly threadTopic: string | null;
  readonly from: Address;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly replyTo: readonly Address[];
  /** From the headers that delivering servers add: Delivered-To, X-Original-To, Envelope-To. */
  readonly deliveredTo: readonly string[];
  readonly subject: string;
  /** Null when the Date header is missing or makes no sense. */
  readonly sentAt: EpochMs | null;
  /** Plain text, made from the HTML if need be. */
  readonly text: string;
  readonly html: string | null;
  readonly attachments: readonly ParsedAttachment[];
}
