import * as v from 'valibot';
import { type ConversationDetail, type ConversationSummary, mailboxViews } from '../model/conversation.ts';
import { accountId, attachmentId, conversationId } from './fields.ts';
import { method } from './method.ts';

export interface ConversationPage {
  readonly items: readonly ConversationSummary[];
  /** How many there are in all in this view. */
  readonly total: number;
}

export const conversations = {
  /** Newest first. */
  list: method<ConversationPage>()(
    'engine',
    v.strictObject({
      accountId,
      view: v.picklist(mailboxViews),
      offset: v.pipe(v.number(), v.integer(), v.minValue(0)),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
    }),
  ),
  open: method<ConversationDetail>()('engine', v.strictObject({ conversationId })),
  /** Marks every message of it as seen, here at once and on the server as soon as it can be told. */
  markSeen: method<null>()('engine', v.strictObject({ conversationId })),
  setFlagged: method<null>()('engine', v.strictObject({ conversationId, isFlagged: v.boolean() })),
  /** Asks for a place and writes the attachment there. Yields whether the person chose one. */
  saveAttachment: method<{ readonly isSaved: boolean }>()('main', v.strictObject({ attachmentId })),
};
