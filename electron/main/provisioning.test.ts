import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../shared/errors.ts';
import { err, ok } from '../../shared/result.ts';
import type { SecretName } from '../engine/ports.ts';
import { importProvisioning, type ProvisioningPlaces } from './provisioning.ts';

const nameOf = ({ provider, address }: SecretName) => `${provider}:${address}`;

function keyStoreInto(stored: Map<string, string>, isFull = false) {
  return {
    secret: async (name: SecretName) => {
      const value = stored.get(nameOf(name));
      return value === undefined ? err(appError('auth.missing', 'afterUserAction')) : ok(value);
    },
    putSecret: async (name: SecretName, value: string) => {
      if (isFull) return err(appError('storage.full', 'afterUserAction'));
      stored.set(nameOf(name), value);
      return ok(null);
    },
  };
}

describe('importProvisioning', () => {
  let folder: string;
  let places: ProvisioningPlaces & { readonly file: string };
  let stored: Map<string, string>;
  const secrets = { secrets: { 'anna@corp.example': { exchange: 'refresh', continuity: 'password' } } };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-provisioning-'));
    const file = join(folder, 'provisioning.json');
    places = { file, sealed: null, deviceKeyFile: join(folder, 'device-key.json') };
    stored = new Map();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What the device management does with the key that it has collected. */
  const encrypted = async (content: unknown): Promise<string> => {
    await importProvisioning({ ...places, file: null }, keyStoreInto(stored));
    const key = JSON.parse(readFileSync(places.deviceKeyFile, 'utf8')) as JWK;
    return new CompactEncrypt(Buffer.from(JSON.stringify(content)))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
      .encrypt(await importJWK(key, 'ECDH-ES'));
  };

  it('stores every secret and removes the file', async () => {
    writeFileSync(places.file, JSON.stringify(secrets));
    expect(await importProvisioning(places, keyStoreInto(stored))).toEqual(ok(2));
    expect(stored.get('exchange:anna@corp.example')).toBe('refresh');
    expect(stored.get('continuity:anna@corp.example')).toBe('password');
    expect(existsSync(places.file)).toBe(false);
  });

  it("stores what the company's proxy asks for", async () => {
    writeFileSync(places.file, JSON.stringify({ proxy: 'laptop:password' }));
    expect(await importProvisioning(places, keyStoreInto(stored))).toEqual(ok(1));
    expect(stored.get('proxy:')).toBe('laptop:password');
  });

  it('keeps the file when a secret could not be stored', async () => {
    writeFileSync(places.file, JSON.stringify(secrets));
    expect(await importProvisioning(places, keyStoreInto(stored, true))).toMatchObject({
      ok: false,
      error: { code: 'storage.full' },
    });
    expect(existsSync(places.file)).toBe(true);
  });

  it('has nothing to do without a file', async () => {
    expect(await importProvisioning({ ...places, file: null }, keyStoreInto(stored))).toEqual(ok(0));
    expect(await importProvisioning(places, keyStoreInto(stored))).toEqual(ok(0));
  });

  it.each([
    '',
    '{',
    '[]',
    '{"secrets":{"no address":{}}}',
    '{"secrets":{"a@b.example":{"exchange":1}}}',
    'a.b.c.d.e',
  ])('names a broken file (%j) and leaves it where it is', async (content) => {
    writeFileSync(places.file, content);
    expect(await importProvisioning(places, keyStoreInto(stored))).toMatchObject({
      ok: false,
      error: { code: 'policy.invalid' },
    });
    expect(existsSync(places.file)).toBe(true);
  });

  it('leaves codes for the engine, beside those that are on their way already', async () => {
    const begun = { text: 'first', begun: { code: 'FIRST', redemption: 'r' } };
    stored.set('device:enrolment', JSON.stringify([begun]));
    writeFileSync(places.file, JSON.stringify({ enrolments: ['first', 'second'] }));
    expect(await importProvisioning(places, keyStoreInto(stored))).toEqual(ok(2));
    expect(JSON.parse(stored.get('device:enrolment') ?? '')).toEqual([
      begun,
      { text: 'second', begun: null },
    ]);
    expect(existsSync(places.file)).toBe(false);
  });

  it('shows the public part of its key and nothing else, and keeps the key', async () => {
    await importProvisioning(places, keyStoreInto(stored));
    const shown = readFileSync(places.deviceKeyFile, 'utf8');
    expect(Object.keys(JSON.parse(shown) as JWK).toSorted()).toEqual(['alg', 'crv', 'kty', 'use', 'x', 'y']);
    rmSync(places.deviceKeyFile);
    await importProvisioning(places, keyStoreInto(stored));
    expect(readFileSync(places.deviceKeyFile, 'utf8')).toBe(shown);
  });

  it('takes a file that was encrypted for this laptop, and removes it', async () => {
    writeFileSync(places.file, await encrypted(secrets));
    expect(await importProvisioning(places, keyStoreInto(stored))).toEqual(ok(2));
    expect(stored.get('continuity:anna@corp.example')).toBe('password');
    expect(existsSync(places.file)).toBe(false);
  });

  it('takes a value once, so that it replaces nothing that came later', async () => {
    const sealed = await encrypted(secrets);
    expect(await importProvisioning({ ...places, sealed }, keyStoreInto(stored))).toEqual(ok(2));
    stored.set('continuity:anna@corp.example', 'rotated');
    expect(await importProvisioning({ ...places, sealed }, keyStoreInto(stored))).toEqual(ok(0));
    expect(stored.get('continuity:anna@corp.example')).toBe('rotated');
    const next = await encrypted({ secrets: { 'anna@corp.example': { continuity: 'new' } } });
    expect(await importProvisioning({ ...places, sealed: next }, keyStoreInto(stored))).toEqual(ok(1));
    expect(stored.get('continuity:anna@corp.example')).toBe('new');
  });

  it('refuses a value that is not encrypted, or for another laptop', async () => {
    const plain = JSON.stringify(secrets);
    expect(await importProvisioning({ ...places, sealed: plain }, keyStoreInto(stored))).toMatchObject({
      error: { code: 'policy.invalid', context: { setting: 'provisioning.sealed' } },
    });
    const sealed = await encrypted(secrets);
    const other = new Map<string, string>();
    rmSync(places.deviceKeyFile);
    expect(await importProvisioning({ ...places, sealed }, keyStoreInto(other))).toMatchObject({
      error: { code: 'policy.invalid' },
    });
    expect([...other.keys()]).toEqual(['device:key']);
  });
});
