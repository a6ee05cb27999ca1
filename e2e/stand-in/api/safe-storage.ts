import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Electron from 'electron';
import { guard } from '../host/guard.ts';
import { launch } from '../host/launch.ts';
import { app } from './app.ts';

const header = Buffer.from('v10');
const ivLength = 12;
const tagLength = 16;

/**
 * AES-256-GCM with a key in a file beside what it protects: like `basic_text` it protects nothing, and says so. Chromium's
 * own switch `--password-store=gnome-libsecret` makes it call itself so and take another file, which is lost by removing
 * it. Only the command line counts: Playwright adds `basic` to every Electron that it starts.
 */
function encryptString(plainText: string): Buffer {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key(), iv);
  return Buffer.concat([header, iv, cipher.update(plainText, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function decryptString(encrypted: Buffer): string {
  const start = header.length + ivLength;
  if (!encrypted.subarray(0, header.length).equals(header) || encrypted.length < start + tagLength)
    throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.');
  const decipher = createDecipheriv('aes-256-gcm', key(), encrypted.subarray(header.length, start));
  decipher.setAuthTag(encrypted.subarray(-tagLength));
  return decipher.update(encrypted.subarray(start, -tagLength), undefined, 'utf8') + decipher.final('utf8');
}

export const safeStorage = guard('safeStorage', {
  isEncryptionAvailable: () => true,
  isAsyncEncryptionAvailable: async () => true,
  getSelectedStorageBackend: backend,
  encryptString,
  decryptString,
  encryptStringAsync: async (plainText) => encryptString(plainText),
  decryptStringAsync: async (encrypted) => ({ result: decryptString(encrypted), shouldReEncrypt: false }),
} satisfies Partial<Electron.SafeStorage>);

function backend(): 'basic_text' | 'gnome_libsecret' {
  return launch.switches.get('password-store') === 'gnome-libsecret' ? 'gnome_libsecret' : 'basic_text';
}

function key(): Buffer {
  const name = backend() === 'basic_text' ? 'stand-in-safe-storage-key' : 'stand-in-keyring';
  const file = join(app.getPath('userData'), name);
  try {
    return readFileSync(file);
  } catch {
    const made = randomBytes(32);
    mkdirSync(app.getPath('userData'), { recursive: true });
    writeFileSync(file, made, { mode: 0o600 });
    return made;
  }
}
