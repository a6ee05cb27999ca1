import { exportJWK, generateKeyPair } from 'jose';
import * as v from 'valibot';
import { type AppError, appError } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { SecretName, Secrets } from '../ports.ts';
import type { LedgerKey } from './ledger-file.ts';

const secretName: SecretName = { address: 'ledger', provider: 'device' };

const ledgerKey = v.object({
  kty: v.literal('OKP'),
  crv: v.literal('Ed25519'),
  x: v.string(),
  d: v.string(),
});

/**
 * The key by which this laptop signs its ledgers, from the key store; made when first asked for. A key that cannot be
 * read is not replaced: what it has signed would be another device's. `input.invalid` then.
 */
export async function openSigningKey(secrets: Secrets): Promise<Result<LedgerKey, AppError>> {
  const kept = await secrets.get(secretName);
  if (kept.ok) {
    try {
      return ok(v.parse(ledgerKey, JSON.parse(kept.value)));
    } catch {
      return err(appError('input.invalid', 'never', { part: 'ledgerKey' }));
    }
  }
  if (kept.error.code !== 'auth.missing') return kept;
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const made = v.parse(ledgerKey, await exportJWK(privateKey));
  const sealed = await secrets.put(secretName, JSON.stringify(made));
  return sealed.ok ? ok(made) : sealed;
}
