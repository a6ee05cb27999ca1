import * as v from 'valibot';
import type { EffectivePolicy } from '../model/effective-policy.ts';
import { nothing } from './fields.ts';
import { method } from './method.ts';

const name = v.pipe(v.string(), v.maxLength(100));

export const policy = {
  effective: method<EffectivePolicy>()('main', nothing),
  /** The person's own value for a setting; `input.invalid` when it is locked, not personal or not fitting. */
  change: method<null>()('main', v.strictObject({ name, value: v.pipe(v.string(), v.maxLength(10_000)) })),
  /** Takes the person's own value back. */
  reset: method<null>()('main', v.strictObject({ name })),
};
