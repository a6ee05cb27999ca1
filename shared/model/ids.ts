declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Row ids of the offline copy. They mean nothing outside this laptop's database. */
export type AccountId = Branded<number, 'AccountId'>;
export type FolderId = Branded<number, 'FolderId'>;
export type MessageId = Branded<number, 'MessageId'>;
export type ConversationId = Branded<number, 'ConversationId'>;
export type AttachmentId = Branded<number, 'AttachmentId'>;
export type OutageId = Branded<number, 'OutageId'>;

/** Random ids (UUID v4) made when the person starts writing. */
export type DraftId = Branded<string, 'DraftId'>;
export type DraftAttachmentId = Branded<string, 'DraftAttachmentId'>;
export type OutgoingId = Branded<string, 'OutgoingId'>;

/** The Message-ID header's value without angle brackets (RFC 5322 section 3.6.4), as the sender wrote it. */
export type InternetMessageId = Branded<string, 'InternetMessageId'>;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;
