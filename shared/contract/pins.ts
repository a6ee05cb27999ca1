import * as v from 'valibot';
import type { Pin } from '../model/pin.ts';
import { accountId, conversationId } from './fields.ts';
import { method } from './method.ts';

const target = v.variant('kind', [
  v.strictObject({ kind: v.literal('conversation'), conversationId }),
  v.strictObject({
    kind: v.literal('folder'),
    path: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)),
  }),
  v.strictObject({
    kind: v.literal('correspondent'),
    address: v.pipe(v.string(), v.trim(), v.minLength(3), v.maxLength(500)),
  }),
]);

/** What the person keeps whole on this computer (topic `pins`). */
export const pins = {
  list: method<readonly Pin[]>()('engine', v.strictObject({ accountId })),
  /** Pinning twice is pinning once. What is missing is fetched as soon as Exchange can be asked. */
  add: method<null>()('engine', v.strictObject({ accountId, target })),
  /** What has left the window goes when the folders are looked through the next time. */
  remove: method<null>()('engine', v.strictObject({ accountId, target })),
};
