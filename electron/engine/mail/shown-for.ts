import { appError } from '../../../shared/errors.ts';
import { err, ok } from '../../../shared/result.ts';
import type { CredentialSource, Credentials } from './types.ts';

/**
 * A person's credentials, shown for another mailbox that they may open: the token proves who it is, `user` names the
 * mailbox (XOAUTH2: Exchange's way into a shared mailbox). However many mailboxes are opened so, the token is renewed in
 * one place. `auth.missing` where there is no such person; `auth.refused` when a token renewed for this mailbox is refused
 * by it: that says something of the mailbox, and nothing of the person's own sign-in, which does not hear of it.
 */
export function shownFor(user: string, sourceOf: () => CredentialSource | null): CredentialSource {
  /** By what was shown, what it was made of: a refusal of the one is a refusal of the other. */
  const origins = new WeakMap<Credentials, Credentials>();
  const shown = new WeakMap<Credentials, Credentials>();
  const renewed = new WeakSet<Credentials>();
  return async (refused) => {
    const source = sourceOf();
    if (source === null) return err(appError('auth.missing', 'afterUserAction'));
    const origin = refused && origins.get(refused);
    if (origin !== undefined && renewed.has(origin)) return err(appError('auth.refused', 'afterUserAction'));
    const own = await source(origin);
    if (!own.ok) return own;
    if (origin !== undefined) renewed.add(own.value);
    const known = shown.get(own.value);
    if (known !== undefined) return ok(known);
    const credentials: Credentials = { ...own.value, user };
    shown.set(own.value, credentials);
    origins.set(credentials, own.value);
    return ok(credentials);
  };
}
