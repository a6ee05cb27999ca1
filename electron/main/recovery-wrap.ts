import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** 256 bits. */
const keyLength = 32;
const ivLength = 12;
const tagLength = 16;
const purpose = Buffer.from('relevo recovery 1');

/** The key that a recovery code yields: HKDF with SHA-256 (RFC 5869) of its 130 random bits. */
export function keyOfCode(secret: string, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, purpose, keyLength));
}

/** A database key encrypted by another key: AES-256-GCM, as base64 of nonce, ciphertext and tag. */
export function wrap(key: Uint8Array, by: Uint8Array): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', by, iv).setAAD(purpose);
  return Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Null when it was wrapped by another key, or was changed since. */
export function unwrap(wrapped: string, by: Uint8Array): Uint8Array | null {
  const bytes = Buffer.from(wrapped, 'base64');
  if (bytes.length !== ivLength + keyLength + tagLength) return null;
  const decipher = createDecipheriv('aes-256-gcm', by, bytes.subarray(0, ivLength))
    .setAAD(purpose)
    .setAuthTag(bytes.subarray(-tagLength));
  try {
    return new Uint8Array(
      Buffer.concat([decipher.update(bytes.subarray(ivLength, -tagLength)), decipher.final()]),
    );
  } catch {
    return null;
  }
}
