import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretName } from '../engine/ports.ts';
import { openKeyStore, type Sealer } from './key-store.ts';

/** An OS key store of another user or machine opens nothing that this one sealed. */
class TestSealer implements Sealer {
  readonly #pad: number;
  isThere = true;
  hasRotated = false;
  sealed = 0;

  constructor(pad: number) {
    this.#pad = pad;
  }
  async isAvailable(): Promise<boolean> {
    return this.isThere;
  }
  backend(): string {
    return 'test';
  }
  async seal(text: string): Promise<Buffer> {
    this.sealed += 1;
    return Buffer.from(Buffer.from(`${this.#pad}:${text}`).map((byte) => byte ^ this.#pad));
  }
  async open(sealed: Buffer): Promise<{ text: string; shouldSealAgain: boolean }> {
    const text = sealed.map((byte) => byte ^ this.#pad).toString();
    if (!text.startsWith(`${this.#pad}:`)) throw new Error('wrong key');
    return { text: text.slice(`${this.#pad}:`.length), shouldSealAgain: this.hasRotated };
  }
}

const anna: SecretName = { address: 'Anna@corp.example', provider: 'continuity' };

describe('the key store', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-keys-'));
    file = join(folder, 'keystore.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('makes one database key and yields the same at every start', async () => {
    const sealer = new TestSealer(7);
    const first = await openKeyStore(file, sealer).databaseKey(false);
    const second = await openKeyStore(file, sealer).databaseKey(true);
    expect(first).toEqual(second);
    expect(first.ok && first.value.length).toBe(32);
  });

  it('makes no new key for a database that is there already: that would lose it', async () => {
    const answer = await openKeyStore(file, new TestSealer(7)).databaseKey(true);
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'keystore.unreadable', context: { what: 'missing' } },
    });
  });

  it('says that the keys cannot be opened when the OS key store has changed', async () => {
    await openKeyStore(file, new TestSealer(7)).databaseKey(false);
    const answer = await openKeyStore(file, new TestSealer(9)).databaseKey(true);
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'keystore.unreadable', context: { what: 'sealed' } },
    });
  });

  it('keeps nothing when there is no OS key store', async () => {
    const sealer = new TestSealer(7);
    sealer.isThere = false;
    const keyStore = openKeyStore(file, sealer);
    expect(await keyStore.databaseKey(false)).toMatchObject({
      ok: false,
      error: { code: 'keystore.unavailable' },
    });
    expect(await keyStore.putSecret(anna, 'x')).toMatchObject({ ok: false });
    expect(await keyStore.secret(anna)).toMatchObject({ ok: false, error: { code: 'auth.missing' } });
  });

  it('finds a secret whatever the case of the address, and writes neither in clear', async () => {
    const keyStore = openKeyStore(file, new TestSealer(7));
    await keyStore.putSecret(anna, 'correct horse');
    expect(await keyStore.secret({ ...anna, address: 'anna@CORP.example' })).toEqual({
      ok: true,
      value: 'correct horse',
    });
    expect(readFileSync(file, 'utf8')).not.toMatch(/correct horse|anna|corp/i);
  });

  it('seals again what an older key of the OS had sealed', async () => {
    const sealer = new TestSealer(7);
    const keyStore = openKeyStore(file, sealer);
    await keyStore.putSecret(anna, 'correct horse');
    sealer.hasRotated = true;
    await keyStore.secret(anna);
    expect(sealer.sealed).toBe(2);
  });

  it('keeps every secret of several stored at once', async () => {
    const keyStore = openKeyStore(file, new TestSealer(7));
    const names = Array.from(
      { length: 10 },
      (_, index): SecretName => ({ ...anna, address: `p${index}@corp.example` }),
    );
    await Promise.all(names.map((name) => keyStore.putSecret(name, name.address)));
    for (const name of names) expect(await keyStore.secret(name)).toEqual({ ok: true, value: name.address });
  });

  it.each(['', '{', '[]', '{"backend":1}', 'null'])(
    'takes a damaged file (%j) for unreadable',
    async (content) => {
      writeFileSync(file, content);
      expect(await openKeyStore(file, new TestSealer(7)).databaseKey(true)).toMatchObject({
        ok: false,
        error: { code: 'keystore.unreadable', context: { what: 'format' } },
      });
    },
  );
});
