import * as v from 'valibot';
import type { KeyProtection, OnlyHere } from '../model/key-protection.ts';
import { nothing } from './fields.ts';
import { method } from './method.ts';

export const keyStore = {
  status: method<KeyProtection>()('main', nothing),
  /** Makes a new recovery code; it is shown this once and kept nowhere. An earlier one stops working. */
  newRecoveryCode: method<{ readonly code: string }>()('main', nothing),
  /** Opens the copy without the key store that sealed it; the engine starts. `input.invalid`: not the code. */
  recover: method<null>()('main', v.strictObject({ code: v.pipe(v.string(), v.trim(), v.maxLength(500)) })),
  /** Encrypts the copy by a new key, while the app runs. */
  rotate: method<null>()('main', nothing),
  /** What would be lost if the copy were removed. Needs no key. */
  onlyHere: method<OnlyHere>()('main', nothing),
  /** Removes the copy and its keys and begins anew. The person has seen `onlyHere`. */
  wipe: method<null>()('main', nothing),
};
