import { appError } from '../../../shared/errors.ts';
import { err, ok } from '../../../shared/result.ts';
import type { SecretName, Secrets } from '../ports.ts';

/** A key store in memory, which a test can make fail for some secrets. */
export function memorySecrets(): Secrets & { refuse: (name: SecretName) => boolean } {
  const kept = new Map<string, string>();
  const keyOf = ({ provider, address }: SecretName): string => `${provider}:${address.toLowerCase()}`;
  const secrets = {
    refuse: (_name: SecretName): boolean => false,
    get: async (name: SecretName) => {
      const value = kept.get(keyOf(name));
      return value === undefined ? err(appError('auth.missing', 'afterUserAction')) : ok(value);
    },
    put: async (name: SecretName, value: string) => {
      if (secrets.refuse(name)) return err(appError('storage.full', 'afterUserAction'));
      kept.set(keyOf(name), value);
      return ok(null);
    },
  };
  return secrets;
}
