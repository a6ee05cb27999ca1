import { appError } from '../../../shared/errors.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { err } from '../../../shared/result.ts';
import { shownFor } from '../mail/shown-for.ts';
import type { SignIn } from './sign-in.ts';

/**
 * The sign-in of a shared mailbox that another account of this person opens: it has no secret of its own, and whatever
 * is done about it is done about theirs.
 */
export function openedBy(accountId: AccountId, user: string, signInOf: () => SignIn | null): SignIn {
  const missing = err(appError('auth.missing', 'afterUserAction'));
  return {
    credentials: shownFor(user, () => signInOf()?.credentials ?? null),
    // Theirs, as it stands: the person is asked once for both.
    status: () =>
      signInOf()?.status() ?? {
        accountId,
        provider: 'exchange',
        method: 'browser',
        state: { kind: 'needed', reason: 'missing' },
        acceptedAt: null,
      },
    letIn: () => signInOf()?.letIn(),
    begin: async (way) => signInOf()?.begin(way) ?? missing,
    cancel: () => signInOf()?.cancel() ?? missing,
    password: async (password) => signInOf()?.password(password) ?? missing,
    // The other account hears of these itself.
    secretChanged: () => {},
    laptopWoke: () => {},
    start: () => {},
    stop: () => {},
  };
}
