import * as v from 'valibot';
import type { FailoverStatus } from '../model/failover.ts';
import { nothing, outgoingId } from './fields.ts';
import { method } from './method.ts';

export const failover = {
  status: method<readonly FailoverStatus[]>()('engine', nothing),
  /** Sends by the emergency mailbox what a planned maintenance holds; `input.invalid` where that is not allowed. */
  sendUrgently: method<null>()('engine', v.strictObject({ outgoingId })),
};
