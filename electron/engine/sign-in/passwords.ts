import { type AppError, appError } from '../../../shared/errors.ts';
import { err, ok } from '../../../shared/result.ts';
import type { CredentialSource } from '../mail/types.ts';
import type { Secrets } from '../ports.ts';
import type { Standing } from './standing.ts';

export interface PasswordSetup {
  readonly user: string;
  readonly secret: { get(): ReturnType<Secrets['get']> };
  readonly standing: Pick<Standing, 'needed'>;
}

/** The password in the key store. One that a server has refused is not shown again: repeating it locks mailboxes. */
export function createPasswordSource({ user, secret, standing }: PasswordSetup): CredentialSource {
  let refusedPassword: string | null = null;
  const refusal: AppError = appError('auth.refused', 'afterUserAction');
  return async (refused) => {
    if (refused?.kind === 'password') refusedPassword = refused.password;
    const stored = await secret.get();
    if (!stored.ok) {
      if (stored.error.code === 'auth.missing') standing.needed('missing');
      return stored;
    }
    if (stored.value !== refusedPassword) return ok({ kind: 'password', user, password: stored.value });
    standing.needed('refused');
    return err(refusal);
  };
}
