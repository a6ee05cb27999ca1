import * as v from 'valibot';
import type {
  AccountId,
  AttachmentId,
  ConversationId,
  DraftAttachmentId,
  DraftId,
  MessageId,
  OutageId,
  OutgoingId,
} from '../model/ids.ts';

const rowId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const uuid = v.pipe(v.string(), v.uuid());

export const accountId = v.custom<AccountId>((value) => v.is(rowId, value));
export const messageId = v.custom<MessageId>((value) => v.is(rowId, value));
export const conversationId = v.custom<ConversationId>((value) => v.is(rowId, value));
export const attachmentId = v.custom<AttachmentId>((value) => v.is(rowId, value));
export const outageId = v.custom<OutageId>((value) => v.is(rowId, value));
export const draftId = v.custom<DraftId>((value) => v.is(uuid, value));
export const draftAttachmentId = v.custom<DraftAttachmentId>((value) => v.is(uuid, value));
export const outgoingId = v.custom<OutgoingId>((value) => v.is(uuid, value));

/** A recipient as typed. The address is checked for being one when it is sent, not while it is being written. */
export const address = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(500)),
  address: v.pipe(v.string(), v.maxLength(500)),
});

export const nothing = v.strictObject({});
