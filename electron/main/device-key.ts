import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { type AppError, appError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { SecretName } from '../engine/ports.ts';
import { replaceFile } from './durable-file.ts';
import type { KeyStore } from './key-store.ts';

const secretName: SecretName = { address: 'key', provider: 'device' };
const algorithm = 'ECDH-ES';
const encryption = 'A256GCM';

/** What the device management encrypts for this laptop alone (RFC 7516). */
export interface DeviceKey {
  /** `input.invalid` when it was not encrypted for this laptop. */
  open(jwe: string): Promise<Result<string, AppError>>;
}

/**
 * The key pair of this laptop: made at the first start, the private part sealed, the public part in `publicFile` for the
 * device management to collect (JWK, RFC 7517: P-256, ECDH-ES, A256GCM).
 */
export async function openDeviceKey(
  publicFile: string,
  keyStore: Pick<KeyStore, 'secret' | 'putSecret'>,
): Promise<Result<DeviceKey, AppError>> {
  const kept = await keyStore.secret(secretName);
  if (!kept.ok && kept.error.code !== 'auth.missing') return kept;
  const jwk = kept.ok ? (JSON.parse(kept.value) as JWK) : await makeKey();
  if (!kept.ok) {
    const sealed = await keyStore.putSecret(secretName, JSON.stringify(jwk));
    if (!sealed.ok) return sealed;
  }
  try {
    if (!kept.ok || !existsSync(publicFile)) publish(publicFile, jwk);
  } catch {
    return err(appError('storage.failed', 'later', { what: 'deviceKey' }));
  }
  return ok({
    open: async (jwe) => {
      try {
        const { plaintext } = await compactDecrypt(jwe.trim(), await importJWK(jwk, algorithm), {
          keyManagementAlgorithms: [algorithm],
          contentEncryptionAlgorithms: [encryption],
        });
        return ok(new TextDecoder().decode(plaintext));
      } catch {
        return err(appError('input.invalid', 'afterUserAction', { part: 'jwe' }));
      }
    },
  });
}

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { crv: 'P-256', extractable: true });
  return exportJWK(privateKey);
}

function publish(file: string, { kty, crv, x, y }: JWK): void {
  mkdirSync(dirname(file), { recursive: true });
  const publicKey = { kty, crv, x, y, use: 'enc', alg: algorithm };
  replaceFile(file, `${JSON.stringify(publicKey, null, 2)}\n`);
}
