import * as v from 'valibot';
import { type Draft, type OutgoingSummary, outgoingDecisions } from '../model/outgoing.ts';
import { accountId, outgoingId } from './fields.ts';
import { method } from './method.ts';

export const outbox = {
  /** Everything that is under way or needs the person, oldest first. */
  list: method<readonly OutgoingSummary[]>()('engine', v.strictObject({ accountId })),
  decide: method<null>()('engine', v.strictObject({ outgoingId, decision: v.picklist(outgoingDecisions) })),
  /**
   * Brings a message that no server has back into the composer; of one that some have, what is left for those who were
   * refused. `input.invalid`: it has left, or may have left.
   */
  takeBack: method<Draft>()('engine', v.strictObject({ outgoingId })),
};
