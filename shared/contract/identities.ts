import * as v from 'valibot';
import type { Identity } from '../model/identity.ts';
import { accountId } from './fields.ts';
import { method } from './method.ts';

const emailAddress = v.pipe(v.string(), v.maxLength(500));

export const identities = {
  /** The account's own first. Stale as well when the way of sending changes (topic `identities`). */
  list: method<readonly Identity[]>()('engine', v.strictObject({ accountId })),
  /** An empty signature: none, whatever policy or the directory says. */
  setSignature: method<null>()(
    'engine',
    v.strictObject({
      accountId,
      address: emailAddress,
      signature: v.pipe(v.string(), v.maxLength(10_000)),
    }),
  ),
  /** By hand, where neither policy nor a directory tells; such an address is not sent for by continuity. */
  addAlias: method<null>()(
    'engine',
    v.strictObject({ accountId, address: emailAddress, displayName: v.pipe(v.string(), v.maxLength(200)) }),
  ),
  removeAlias: method<null>()('engine', v.strictObject({ accountId, address: emailAddress })),
};
