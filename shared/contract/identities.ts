import * as v from 'valibot';
import type { Identity } from '../model/identity.ts';
import { accountId } from './fields.ts';
import { method } from './method.ts';

export const identities = {
  /** The account's own first. */
  list: method<readonly Identity[]>()('engine', v.strictObject({ accountId })),
  setSignature: method<null>()(
    'engine',
    v.strictObject({
      accountId,
      address: v.pipe(v.string(), v.maxLength(500)),
      signature: v.pipe(v.string(), v.maxLength(10_000)),
    }),
  ),
};
