import * as v from 'valibot';
import { providers } from '../model/account.ts';
import type { SignInStatus } from '../model/sign-in.ts';
import { accountId, nothing } from './fields.ts';
import { method } from './method.ts';

const provider = v.picklist(providers);

export const signIn = {
  status: method<readonly SignInStatus[]>()('engine', nothing),
  /** Sends the person to the system's browser, or yields a code by `status`. Goes on by itself; ends in `status`. */
  begin: method<null>()(
    'engine',
    v.strictObject({ accountId, provider, way: v.picklist(['browser', 'deviceCode']) }),
  ),
  cancel: method<null>()('engine', v.strictObject({ accountId, provider })),
  /** Tries a typed password at the provider, and seals it once the provider has accepted it. */
  password: method<null>()(
    'engine',
    v.strictObject({ accountId, provider, password: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)) }),
  ),
  /** Redeems the code or link of the IT department at the continuity provider; yields whose mailbox it opened. */
  enrol: method<{ readonly address: string }>()(
    'engine',
    v.strictObject({ code: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(2000)) }),
  ),
};
