import * as v from 'valibot';
import type { SenderFacts } from '../model/conversation.ts';
import { messageId, outageId } from './fields.ts';
import { method } from './method.ts';

export const messages = {
  /**
   * Asks for a place and writes messages there for another mail program: one as `.eml`, several as mbox. By their ids, or
   * all that an outage has left and Exchange does not have. Yields whether the person chose a place.
   */
  export: method<{ readonly isSaved: boolean }>()(
    'main',
    v.union([
      v.strictObject({ messageIds: v.pipe(v.array(messageId), v.minLength(1), v.maxLength(1000)) }),
      v.strictObject({ exceptionsOf: outageId }),
    ]),
  ),
  /** What is known of who wrote it. */
  sender: method<SenderFacts>()('engine', v.strictObject({ messageId })),
  /** The message as it came, headers first; cut off after a megabyte. */
  source: method<{ readonly text: string; readonly isWhole: boolean }>()(
    'main',
    v.strictObject({ messageId }),
  ),
  /** Whether each copy of a message is shown by itself, or all as one. `notFound`: there is no such message. */
  showApart: method<null>()('engine', v.strictObject({ messageId, isApart: v.boolean() })),
};
