import * as v from 'valibot';
import type { FailoverStatus } from '../model/failover.ts';
import { routes } from '../model/route.ts';
import { accountId, nothing, outgoingId } from './fields.ts';
import { method } from './method.ts';

export const failover = {
  status: method<readonly FailoverStatus[]>()('engine', nothing),
  /** Sends by the emergency mailbox what a planned maintenance holds; `input.invalid` where that is not allowed. */
  sendUrgently: method<null>()('engine', v.strictObject({ outgoingId })),
  /**
   * The person chooses a way whatever is seen of Exchange; null: Relevo decides again. `input.invalid` where a bulletin
   * decides or policy does not allow it; `storage.*`.
   */
  choose: method<null>()('engine', v.strictObject({ accountId, route: v.nullable(v.picklist(routes)) })),
};
