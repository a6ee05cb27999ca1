import * as v from 'valibot';
import {
  type Action,
  type ConversationDetail,
  type ConversationSummary,
  type Decision,
  listFilters,
  type MailFolder,
  mailboxViews,
} from '../model/conversation.ts';
import { accountId, attachmentId, conversationId } from './fields.ts';
import { method } from './method.ts';

const folderPath = v.pipe(v.string(), v.minLength(1), v.maxLength(1000));

export interface ConversationPage {
  readonly items: readonly ConversationSummary[];
  /** How many there are in all in this view. */
  readonly total: number;
}

export const conversations = {
  /** Newest first. `folder`: of Exchange, in place of the view; `since`: nothing older. */
  list: method<ConversationPage>()(
    'engine',
    v.strictObject({
      accountId,
      view: v.picklist(mailboxViews),
      filter: v.optional(v.picklist(listFilters)),
      since: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
      folder: v.optional(folderPath),
      offset: v.pipe(v.number(), v.integer(), v.minValue(0)),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
    }),
  ),
  open: method<ConversationDetail>()('engine', v.strictObject({ conversationId })),
  /** Marks every message of it as seen, here at once and on the server as soon as it can be told. */
  markSeen: method<null>()('engine', v.strictObject({ conversationId })),
  setFlagged: method<Action>()('engine', v.strictObject({ conversationId, isFlagged: v.boolean() })),
  /** The same, said by the person, who may take it back. */
  markRead: method<Action>()('engine', v.strictObject({ conversationId })),
  markUnread: method<Action>()('engine', v.strictObject({ conversationId })),
  /** What stands in the Inbox goes to Archive. Shown at once, as all of these, and carried out once Exchange is there. */
  archive: method<Action>()('engine', v.strictObject({ conversationId })),
  /** All of it goes to Deleted Items. */
  delete: method<Action>()('engine', v.strictObject({ conversationId })),
  /** What stands in Deleted Items and Junk goes for good, after the time in which it can be undone. */
  deleteForGood: method<Action>()('engine', v.strictObject({ conversationId })),
  junk: method<Action>()('engine', v.strictObject({ conversationId })),
  notJunk: method<Action>()('engine', v.strictObject({ conversationId })),
  /** All of it but what is in Sent. */
  move: method<Action>()('engine', v.strictObject({ conversationId, folder: folderPath })),
  /** Takes back what was done lately; `notFound` when that cannot be done any more. */
  undo: method<null>()('engine', v.strictObject({ actionId: v.pipe(v.string(), v.uuid()) })),
  /** The folders that mail can be moved to. */
  folders: method<readonly MailFolder[]>()('engine', v.strictObject({ accountId })),
  /** What was decided otherwise than the person wanted, and they were not told yet. */
  decisions: method<readonly Decision[]>()('engine', v.strictObject({ accountId })),
  /** The person was told of these, and of all before. */
  decisionsTold: method<null>()(
    'engine',
    v.strictObject({ accountId, upTo: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }),
  ),
  /** Asks for a place and writes the attachment there. Yields whether the person chose one. */
  saveAttachment: method<{ readonly isSaved: boolean }>()('main', v.strictObject({ attachmentId })),
};
