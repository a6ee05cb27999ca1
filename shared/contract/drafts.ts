import * as v from 'valibot';
import type { EpochMs, OutgoingId } from '../model/ids.ts';
import { type Draft, type DraftElsewhere, draftStarts } from '../model/outgoing.ts';
import { accountId, address, draftAttachmentId, draftId, messageId } from './fields.ts';
import { method } from './method.ts';

const emailAddress = v.pipe(v.string(), v.maxLength(500));
const longText = v.pipe(v.string(), v.maxLength(5_000_000));
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
      text: longText,
      /** Cleaned by the window; absent or null: plain text. */
      html: v.optional(v.nullable(longText)),
      /** Stands under the HTML, cleaned likewise; null: nothing is quoted. Absent: as it was. */
      quotedHtml: v.optional(v.nullable(longText)),
    }),
  ),
  /**
   * The HTML that it quotes, as it was saved, or, before that, as the mail has it: hostile. With it the line that says whose
   * words they are. `notFound`: it quotes none.
   */
  quotation: method<string>()('engine', v.strictObject({ draftId })),
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
      /** By which the HTML shows it. Absent: it goes along as a file. */
      contentId: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^[\w.@+-]{1,200}$/)))),
    }),
  ),
  /** The bytes of what was attached. */
  readAttachment: method<{ readonly contentType: string; readonly content: Uint8Array }>()(
    'engine',
    v.strictObject({ draftId, attachmentId: draftAttachmentId }),
  ),
  detach: method<Draft>()('engine', v.strictObject({ draftId, attachmentId: draftAttachmentId })),
};
