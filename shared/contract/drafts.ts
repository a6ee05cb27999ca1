import * as v from 'valibot';
import type { EpochMs, OutgoingId } from '../model/ids.ts';
import { type Draft, type DraftElsewhere, draftStarts } from '../model/outgoing.ts';
import { accountId, address, draftAttachmentId, draftId, messageId } from './fields.ts';
import { method } from './method.ts';

const emailAddress = v.pipe(v.string(), v.maxLength(500));
const recipients = v.pipe(v.array(address), v.maxLength(500));

export const drafts = {
  list: method<readonly Draft[]>()('engine', v.strictObject({ accountId })),
  /** Those that stand in Exchange's Drafts and are not being written here. */
  elsewhere: method<readonly DraftElsewhere[]>()('engine', v.strictObject({ accountId })),
  /** Goes on with one of those. `notFound`: it is gone meanwhile. */
  continue: method<Draft>()('engine', v.strictObject({ accountId, messageId })),
  /** Starts one, filled in: identity, signature, recipients, subject and quotation of a reply. `parentId` is needed unless `new`. */
  create: method<Draft>()(
    'engine',
    v.strictObject({ accountId, kind: v.picklist(draftStarts), parentId: v.nullable(messageId) }),
  ),
  /** Whoever `from` names: the text is never lost over it. Sending asks whether it may be (`identity.notAllowed`). */
  save: method<Draft>()(
    'engine',
    v.strictObject({
      draftId,
      from: emailAddress,
      to: recipients,
      cc: recipients,
      bcc: recipients,
      subject: v.pipe(v.string(), v.maxLength(2000)),
      text: v.pipe(v.string(), v.maxLength(5_000_000)),
    }),
  ),
  discard: method<null>()('engine', v.strictObject({ draftId })),
  /**
   * Freezes the MIME bytes and queues them, in one transaction with the draft's end. Sending goes on by itself, at once
   * or at `leavesAt`. Until `heldUntil` it is certain that no server has it. See `outbox.takeBack`.
   */
  send: method<{ readonly outgoingId: OutgoingId; readonly heldUntil: EpochMs | null }>()(
    'engine',
    v.strictObject({ draftId, leavesAt: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0))) }),
  ),
  attach: method<Draft>()(
    'engine',
    v.strictObject({
      draftId,
      fileName: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
      contentType: v.pipe(v.string(), v.maxLength(255)),
      content: v.instance(Uint8Array),
    }),
  ),
  detach: method<Draft>()('engine', v.strictObject({ draftId, attachmentId: draftAttachmentId })),
};
