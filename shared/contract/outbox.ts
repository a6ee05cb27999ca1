import * as v from 'valibot';
import { type OutgoingSummary, outgoingDecisions } from '../model/outgoing.ts';
import { accountId, outgoingId } from './fields.ts';
import { method } from './method.ts';

export const outbox = {
  /** Everything not yet accepted or discarded, oldest first. */
  list: method<readonly OutgoingSummary[]>()('engine', v.strictObject({ accountId })),
  decide: method<null>()('engine', v.strictObject({ outgoingId, decision: v.picklist(outgoingDecisions) })),
};
