import * as v from 'valibot';
import type { Address } from '../model/address.ts';
import { accountId } from './fields.ts';
import { method } from './method.ts';

export const addresses = {
  /** Who may be meant by what is typed, the most likely first. Answered from the copy, with Exchange or without. */
  suggest: method<readonly Address[]>()(
    'engine',
    v.strictObject({ accountId, text: v.pipe(v.string(), v.maxLength(200)) }),
  ),
};
