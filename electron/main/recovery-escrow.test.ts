import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { escrowKey } from '../../shared/policy/escrow-key.ts';
import { type KeyStore, openKeyStore, type Sealer } from './key-store.ts';
import { keepEscrow } from './recovery-escrow.ts';

const cli = join(import.meta.dirname, '../cli/open-escrow.ts');
const escrow = (...args: string[]) => spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });

/** Opens what it sealed itself, and nothing that another one did. */
const sealerOf = (name: string): Sealer => ({
  isAvailable: async () => true,
  backend: () => name,
  seal: async (text) => Buffer.from(`${name}:${text}`),
  open: async (sealed) => {
    const [by, text = ''] = sealed.toString().split(':');
    if (by !== name) throw new Error('wrong key');
    return { text, shouldSealAgain: false };
  },
});

describe('the recovery code that IT keeps', () => {
  let folder: string;
  let file: string;
  let keyStoreFile: string;
  let keyStore: KeyStore;

  const newPair = (name: string) => {
    const privateKey = join(folder, name);
    const made = escrow('--new-key', privateKey);
    return { privateKey, publicKey: v.parse(escrowKey, JSON.parse(made.stdout)) };
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-escrow-'));
    file = join(folder, 'recovery.jwe');
    keyStoreFile = join(folder, 'keystore.json');
    keyStore = openKeyStore(keyStoreFile, sealerOf('first'));
    await keyStore.databaseKeys(false);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const opensBy = async (code: string) => {
    const keys = await keyStore.databaseKeys(true);
    const lost = openKeyStore(keyStoreFile, sealerOf('second'));
    const before = readFileSync(keyStoreFile);
    const recovered = await lost.recover(code);
    const found = await lost.databaseKeys(true);
    writeFileSync(keyStoreFile, before);
    return recovered.ok && JSON.stringify(found) === JSON.stringify(keys);
  };

  it('is opened by their private key alone, and opens the copy', async () => {
    const { privateKey, publicKey } = newPair('it.json');
    expect(await keepEscrow(file, publicKey, keyStore)).toEqual({ ok: true, value: null });
    expect(keyStore.protection().recovery).toBe('escrow');
    const opened = escrow('--key', privateKey, file);
    expect(opened).toMatchObject({ status: 0, stderr: '' });
    expect(await opensBy(opened.stdout)).toBe(true);
    for (const stored of [file, keyStoreFile])
      expect(readFileSync(stored, 'utf8')).not.toContain(opened.stdout.trim());
    const stranger = escrow('--key', newPair('other.json').privateKey, file);
    expect(stranger.status).toBe(1);
    expect(stranger.stdout).toBe('');
  });

  it('is encrypted to an RSA key as well, opened from a PEM', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const privateKey = join(folder, 'it.pem');
    writeFileSync(privateKey, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const publicKey = v.parse(escrowKey, pair.publicKey.export({ format: 'jwk' }));
    await keepEscrow(file, publicKey, keyStore);
    expect(await opensBy(escrow('--key', privateKey, file).stdout)).toBe(true);
  });

  it('stays the same from start to start, and after another database key', async () => {
    const { privateKey, publicKey } = newPair('it.json');
    await keepEscrow(file, publicKey, keyStore);
    const first = readFileSync(file, 'utf8');
    await keepEscrow(file, publicKey, keyStore);
    const next = await keyStore.nextDatabaseKey();
    if (next.ok) await keyStore.settleOn(next.value);
    await keepEscrow(file, publicKey, keyStore);
    expect(readFileSync(file, 'utf8')).toBe(first);
    expect(await opensBy(escrow('--key', privateKey, file).stdout)).toBe(true);
  });

  it('is made anew when the file is gone or holds another one, or when IT has another key', async () => {
    const pair = newPair('it.json');
    await keepEscrow(file, pair.publicKey, keyStore);
    const outdated = readFileSync(file);
    rmSync(file);
    await keepEscrow(file, pair.publicKey, keyStore);
    expect(await opensBy(escrow('--key', pair.privateKey, file).stdout)).toBe(true);
    writeFileSync(file, outdated);
    await keepEscrow(file, pair.publicKey, keyStore);
    expect(await opensBy(escrow('--key', pair.privateKey, file).stdout)).toBe(true);
    const second = newPair('second.json');
    await keepEscrow(file, second.publicKey, keyStore);
    expect(escrow('--key', pair.privateKey, file).status).toBe(1);
    expect(await opensBy(escrow('--key', second.privateKey, file).stdout)).toBe(true);
  });

  it('is taken back when policy names no key any more', async () => {
    const { privateKey, publicKey } = newPair('it.json');
    await keepEscrow(file, publicKey, keyStore);
    const code = escrow('--key', privateKey, file).stdout;
    await keepEscrow(file, null, keyStore);
    expect(existsSync(file)).toBe(false);
    expect(keyStore.protection().recovery).toBe('none');
    expect(await opensBy(code)).toBe(false);
  });

  it('is not made for a key that is none', async () => {
    const { publicKey } = newPair('it.json');
    const broken = { ...publicKey, x: 'AAAA' } as typeof publicKey;
    expect(await keepEscrow(file, broken, keyStore)).toMatchObject({
      ok: false,
      error: { code: 'policy.invalid', context: { setting: 'keystore.escrowKey' } },
    });
    expect(existsSync(file)).toBe(false);
  });

  it('is not made for a private key: everybody can read a policy', () => {
    const { privateKey } = newPair('it.json');
    expect(v.safeParse(escrowKey, JSON.parse(readFileSync(privateKey, 'utf8'))).success).toBe(false);
  });

  it('overwrites no private key', () => {
    const { privateKey } = newPair('it.json');
    const before = readFileSync(privateKey);
    expect(escrow('--new-key', privateKey).status).toBe(1);
    expect(readFileSync(privateKey).equals(before)).toBe(true);
  });
});
