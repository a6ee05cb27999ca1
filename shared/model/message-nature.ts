import type { MessageId } from './ids.ts';

/** What a message is protected by, as it says itself: nothing has been verified. */
export type MessageProtection = 'smimeSigned' | 'smimeEncrypted' | 'pgpSigned' | 'pgpEncrypted';

/** What a mail system or program says about a message that was sent (RFC 3464, RFC 8098, RFC 5965). */
export type ReportKind = 'failed' | 'delayed' | 'delivered' | 'read' | 'deleted' | 'complaint';

export interface ReportedRecipient {
  readonly address: string;
  /** RFC 3463, e.g. "5.1.1"; empty when it is not said. */
  readonly status: string;
  /** The words of the server that refused or kept it; empty when it is not said. */
  readonly reason: string;
}

/** What a message is beyond its words. Anybody can write a message that says so: it is shown, and nothing comes of it. */
export interface MessageNature {
  readonly protection: MessageProtection | null;
  readonly report: {
    readonly kind: ReportKind;
    /** The message that it is about, where that stands in the same conversation; null where it is not here. */
    readonly originalId: MessageId | null;
    readonly recipients: readonly ReportedRecipient[];
  } | null;
  /** What its calendar part asks for (RFC 5546, e.g. "REQUEST", "CANCEL"); null without one. */
  readonly calendarMethod: string | null;
}
