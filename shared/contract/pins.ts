import * as v from 'valibot';
import type { Pin } from '../model/pin.ts';
import { accountId, conversationId, pinId } from './fields.ts';
import { method } from './method.ts';

/** What the person keeps whole on this computer (topic `pins`). */
export const pins = {
  list: method<readonly Pin[]>()('engine', v.strictObject({ accountId })),
  /** Pinning twice is pinning once. What is missing is fetched as soon as Exchange can be asked. */
  add: method<null>()(
    'engine',
    v.strictObject({
      accountId,
      target: v.variant('kind', [
        v.strictObject({ kind: v.literal('conversation'), conversationId }),
        v.strictObject({
          kind: v.literal('folder'),
          path: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)),
        }),
        v.strictObject({
          kind: v.literal('correspondent'),
          address: v.pipe(v.string(), v.trim(), v.minLength(3), v.maxLength(500)),
        }),
      ]),
    }),
  ),
  remove: method<null>()('engine', v.strictObject({ accountId, pinId })),
};
