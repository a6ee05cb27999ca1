import * as v from 'valibot';
import type { OutgoingId } from '../model/ids.ts';
import { type Draft, draftKinds } from '../model/outgoing.ts';
import { accountId, address, draftId, messageId } from './fields.ts';
import { method } from './method.ts';

const emailAddress = v.pipe(v.string(), v.maxLength(500));
const recipients = v.pipe(v.array(address), v.maxLength(500));

export const drafts = {
  list: method<readonly Draft[]>()('engine', v.strictObject({ accountId })),
  /** Starts one, filled in: identity, signature, recipients, subject and quotation of a reply. `parentId` is needed unless `new`. */
  create: method<Draft>()(
    'engine',
    v.strictObject({ accountId, kind: v.picklist(draftKinds), parentId: v.nullable(messageId) }),
  ),
  /** Whoever `from` names: the text is never lost over it. Sending asks whether it may be (`identity.notAllowed`). */
  save: method<Draft>()(
    'engine',
    v.strictObject({
      draftId,
      from: emailAddress,
      to: recipients,
      cc: recipients,
      subject: v.pipe(v.string(), v.maxLength(2000)),
      text: v.pipe(v.string(), v.maxLength(5_000_000)),
    }),
  ),
  discard: method<null>()('engine', v.strictObject({ draftId })),
  /** Freezes the MIME bytes and queues them, in one transaction with the draft's end. Sending goes on by itself. */
  send: method<{ readonly outgoingId: OutgoingId }>()('engine', v.strictObject({ draftId })),
};
