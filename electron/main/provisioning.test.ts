import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../shared/errors.ts';
import { err, ok } from '../../shared/result.ts';
import type { KeyStore } from './key-store.ts';
import { importProvisioning } from './provisioning.ts';

function keyStoreInto(stored: Map<string, string>, isFull = false): Pick<KeyStore, 'putSecret'> {
  return {
    putSecret: async ({ address, provider }, value) => {
      if (isFull) return err(appError('storage.full', 'afterUserAction'));
      stored.set(`${provider}:${address}`, value);
      return ok(null);
    },
  };
}

describe('importProvisioning', () => {
  let folder: string;
  let file: string;
  const secrets = { secrets: { 'anna@corp.example': { exchange: 'refresh', continuity: 'password' } } };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-provisioning-'));
    file = join(folder, 'provisioning.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('stores every secret and removes the file', async () => {
    writeFileSync(file, JSON.stringify(secrets));
    const stored = new Map<string, string>();
    expect(await importProvisioning(file, keyStoreInto(stored))).toEqual(ok(2));
    expect(Object.fromEntries(stored)).toEqual({
      'exchange:anna@corp.example': 'refresh',
      'continuity:anna@corp.example': 'password',
    });
    expect(existsSync(file)).toBe(false);
  });

  it('keeps the file when a secret could not be stored', async () => {
    writeFileSync(file, JSON.stringify(secrets));
    expect(await importProvisioning(file, keyStoreInto(new Map(), true))).toMatchObject({
      ok: false,
      error: { code: 'storage.full' },
    });
    expect(existsSync(file)).toBe(true);
  });

  it('has nothing to do without a file', async () => {
    expect(await importProvisioning(null, keyStoreInto(new Map()))).toEqual(ok(0));
    expect(await importProvisioning(file, keyStoreInto(new Map()))).toEqual(ok(0));
  });

  it.each(['', '{', '[]', '{"secrets":{"no address":{}}}', '{"secrets":{"a@b.example":{"exchange":1}}}'])(
    'names a broken file (%j) and leaves it where it is',
    async (content) => {
      writeFileSync(file, content);
      expect(await importProvisioning(file, keyStoreInto(new Map()))).toMatchObject({
        ok: false,
        error: { code: 'policy.invalid' },
      });
      expect(existsSync(file)).toBe(true);
    },
  );
});
