import { beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../../shared/errors.ts';
import { err, ok } from '../../../shared/result.ts';
import type { CredentialSource } from '../mail/types.ts';
import { memorySecrets } from '../testing/memory-secrets.ts';
import { createPasswordSource } from './passwords.ts';

const name = { address: 'anna@corp.example', provider: 'exchange' } as const;
const shown = (password: string) => ok({ kind: 'password', user: 'anna', password } as const);

describe('a password', () => {
  let secrets: ReturnType<typeof memorySecrets>;
  let needed: string[];
  let source: CredentialSource;
  beforeEach(() => {
    secrets = memorySecrets();
    needed = [];
    source = createPasswordSource({
      user: 'anna',
      secret: { get: () => secrets.get(name) },
      standing: { needed: (reason) => void needed.push(reason) },
    });
  });

  it('is shown as it stands in the key store', async () => {
    expect(await source()).toEqual(err(appError('auth.missing', 'afterUserAction')));
    expect(needed).toEqual(['missing']);
    await secrets.put(name, 'hunter2');
    expect(await source()).toEqual(shown('hunter2'));
  });

  it('is shown to nobody once a server has refused it, until there is another one', async () => {
    await secrets.put(name, 'hunter2');
    const refusal = err(appError('auth.refused', 'afterUserAction'));
    expect(await source({ kind: 'password', user: 'anna', password: 'hunter2' })).toEqual(refusal);
    expect(await source()).toEqual(refusal);
    expect(needed).toContain('refused');
    await secrets.put(name, 'hunter3');
    expect(await source()).toEqual(shown('hunter3'));
  });

  it('is good although one before it was refused late', async () => {
    await secrets.put(name, 'hunter3');
    expect(await source({ kind: 'password', user: 'anna', password: 'hunter2' })).toEqual(shown('hunter3'));
    expect(needed).toEqual([]);
  });
});
