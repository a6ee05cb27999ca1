import { readFileSync, rmSync } from 'node:fs';
import { CompactEncrypt, calculateJwkThumbprint, decodeProtectedHeader, importJWK } from 'jose';
import { type AppError, appError } from '../../shared/errors.ts';
import type { EscrowKey } from '../../shared/policy/escrow-key.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { replaceFile } from './durable-file.ts';
import type { KeyStore } from './key-store.ts';

/**
 * Leaves a recovery code with IT when policy names their public key: encrypted to it in `file` (JWE, RFC 7516), where
 * IT collects it. Does nothing when the code there is the present one; made anew when IT's key or ours has changed;
 * taken back when policy names no key any more. The code itself is held by nobody here.
 *
 * Errors: `policy.invalid` when nothing can be encrypted to that key; those of the key store; `storage.failed`.
 */
export async function keepEscrow(
  file: string,
  publicKey: EscrowKey | null,
  keyStore: KeyStore,
): Promise<Result<null, AppError>> {
  if (publicKey === null) {
    rmSync(file, { force: true });
    return keyStore.recoveryId('escrow') === null ? ok(null) : keyStore.dropRecoveryCode('escrow');
  }
  const algorithm = publicKey.kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW';
  const imported = await importPublicKey(publicKey, algorithm);
  if (imported === null)
    return err(appError('policy.invalid', 'afterUserAction', { setting: 'keystore.escrowKey' }));
  const { key, kid } = imported;

  const present = keyStore.recoveryId('escrow');
  const inFile = headerOf(file);
  if (present !== null && inFile?.kid === kid && inFile.code === present) return ok(null);

  const code = await keyStore.newRecoveryCode('escrow');
  if (!code.ok) return code;
  const jwe = await new CompactEncrypt(new TextEncoder().encode(code.value))
    .setProtectedHeader({ alg: algorithm, enc: 'A256GCM', kid, code: keyStore.recoveryId('escrow') })
    .encrypt(key);
  try {
    replaceFile(file, `${jwe}\n`);
    return ok(null);
  } catch {
    return err(appError('storage.failed', 'afterUserAction', { what: 'escrow' }));
  }
}

async function importPublicKey({ kid: _kid, use: _use, alg: _alg, ...jwk }: EscrowKey, algorithm: string) {
  try {
    return { key: await importJWK(jwk, algorithm), kid: await calculateJwkThumbprint(jwk) };
  } catch {
    return null;
  }
}

/** Whose key the file is encrypted to, and which of our codes it holds. Null: there is no such file. */
function headerOf(file: string): { readonly kid: unknown; readonly code: unknown } | null {
  try {
    const { kid, code } = decodeProtectedHeader(readFileSync(file, 'utf8').trim());
    return { kid, code };
  } catch {
    return null;
  }
}
