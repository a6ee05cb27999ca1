import type { Address } from '../../../shared/model/address.ts';
import type { EpochMs, InternetMessageId } from '../../../shared/model/ids.ts';
import type {
  MessageProtection,
  ReportedRecipient,
  ReportKind,
} from '../../../shared/model/message-nature.ts';

export interface ParsedAttachment {
  /** Safe to show and to save under (file-name.ts); empty when the part has no name. */
  readonly fileName: string;
  readonly contentType: string;
  readonly contentId: string | null;
  /** It stands in the HTML, by `cid:` and its Content-ID. Whatever the HTML does not show is listed. */
  readonly isInline: boolean;
  readonly content: Uint8Array;
  /** Decoded bytes, about, of content that was not fetched; `content` is empty then. */
  readonly absentSize?: number;
}

/** What a mail system or program says about a message that was sent (RFC 3464, RFC 8098, RFC 5965). */
export interface MessageReport {
  readonly kind: ReportKind;
  /** Of the message that it is about; null when the report does not say. */
  readonly originalMessageId: InternetMessageId | null;
  readonly recipients: readonly ReportedRecipient[];
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
  /** Mail-Followup-To: whom an answer to all goes to, as the sender asks. */
  readonly followupTo?: readonly Address[];
  /** From the headers that delivering servers add: Delivered-To, X-Original-To, Envelope-To. */
  readonly deliveredTo: readonly string[];
  readonly subject: string;
  /** Null when the Date header is missing or makes no sense. */
  readonly sentAt: EpochMs | null;
  /** Plain text, made from the HTML if need be. */
  readonly text: string;
  readonly html: string | null;
  readonly attachments: readonly ParsedAttachment[];
  readonly protection: MessageProtection | null;
  readonly report: MessageReport | null;
  /** What its calendar part asks for (RFC 5546, e.g. "REQUEST", "CANCEL"); null without one. */
  readonly calendarMethod: string | null;
}
