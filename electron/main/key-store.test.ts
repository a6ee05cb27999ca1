import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import type { SecretName } from '../engine/ports.ts';
import { type KeyStore, openKeyStore, type Sealer } from './key-store.ts';
import { makeRecoveryCode } from './recovery-code.ts';

/** An OS key store of another user or machine opens nothing that this one sealed. */
class TestSealer implements Sealer {
  readonly #pad: number;
  name = 'test';
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
    return this.name;
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
  let sealer: TestSealer;
  let keyStore: KeyStore;

  /** As after a reinstalled system or a new profile of the OS: what was sealed before cannot be opened. */
  const afterLoss = () => openKeyStore(file, new TestSealer(9));
  const valueIn = <T>(result: Result<T, AppError>): T => {
    if (!result.ok) throw new Error(result.error.code);
    return result.value;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-keys-'));
    file = join(folder, 'keystore.json');
    sealer = new TestSealer(7);
    keyStore = openKeyStore(file, sealer);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('makes one database key and yields the same at every start', async () => {
    const sealer = new TestSealer(7);
    const first = await openKeyStore(file, sealer).databaseKeys(false);
    const second = await openKeyStore(file, sealer).databaseKeys(true);
    expect(first).toEqual(second);
    expect(first.ok && first.value.map((key) => key.length)).toEqual([32]);
  });

  it('makes no new key for a database that is there already: that would lose it', async () => {
    const answer = await openKeyStore(file, new TestSealer(7)).databaseKeys(true);
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'keystore.unreadable', context: { what: 'missing' } },
    });
  });

  it('says that the keys cannot be opened when the OS key store has changed', async () => {
    await openKeyStore(file, new TestSealer(7)).databaseKeys(false);
    const answer = await openKeyStore(file, new TestSealer(9)).databaseKeys(true);
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'keystore.unreadable', context: { what: 'sealed' } },
    });
  });

  it('keeps nothing when there is no OS key store', async () => {
    const sealer = new TestSealer(7);
    sealer.isThere = false;
    const keyStore = openKeyStore(file, sealer);
    expect(await keyStore.databaseKeys(false)).toMatchObject({
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
      expect(await openKeyStore(file, new TestSealer(7)).databaseKeys(true)).toMatchObject({
        ok: false,
        error: { code: 'keystore.unreadable', context: { what: 'format' } },
      });
    },
  );

  it('goes on with the file of a version that knew no recovery codes', async () => {
    const sealed = (await sealer.seal('ab'.repeat(32))).toString('base64');
    writeFileSync(file, JSON.stringify({ backend: 'test', databaseKey: sealed, secrets: {} }));
    expect(await keyStore.databaseKeys(true)).toEqual({
      ok: true,
      value: [new Uint8Array(32).fill(0xab)],
    });
  });

  describe('when another OS key store is there', () => {
    it('says which it was and which it is, when that one opens nothing', async () => {
      await keyStore.databaseKeys(false);
      const other = new TestSealer(9);
      other.name = 'other';
      expect(await openKeyStore(file, other).databaseKeys(true)).toMatchObject({
        ok: false,
        error: { code: 'keystore.unreadable', context: { what: 'sealed', was: 'test', is: 'other' } },
      });
      other.isThere = false;
      expect(await openKeyStore(file, other).databaseKeys(true)).toMatchObject({
        ok: false,
        error: { code: 'keystore.unreadable', context: { what: 'backend', was: 'test', is: 'other' } },
      });
    });

    it('has it seal everything anew when it opens what the other sealed, and says so once', async () => {
      const keys = await keyStore.databaseKeys(false);
      await keyStore.putSecret(anna, 'correct horse');
      sealer.name = 'other';
      sealer.sealed = 0;
      const second = openKeyStore(file, sealer);
      expect(second.changedFrom()).toBeNull();
      expect(await second.databaseKeys(true)).toEqual(keys);
      expect(second.changedFrom()).toBe('test');
      expect(second.protection().backend).toBe('other');
      expect(sealer.sealed).toBe(2);
      const third = openKeyStore(file, sealer);
      expect(await third.databaseKeys(true)).toEqual(keys);
      expect(third.changedFrom()).toBeNull();
      expect(await third.secret(anna)).toEqual({ ok: true, value: 'correct horse' });
    });

    it('opens nothing when this one protects nothing and policy does not allow that', async () => {
      await keyStore.databaseKeys(false);
      sealer.isThere = false;
      expect(await keyStore.databaseKeys(true)).toMatchObject({
        ok: false,
        error: { code: 'keystore.unavailable' },
      });
    });
  });

  describe('with a recovery code', () => {
    it('opens the database again when the OS key store is lost, and is sealed by the present one', async () => {
      const keys = valueIn(await keyStore.databaseKeys(false));
      const code = valueIn(await keyStore.newRecoveryCode('code'));
      expect(keyStore.protection()).toMatchObject({ recovery: 'code', isProtected: true });
      const lost = afterLoss();
      expect(await lost.databaseKeys(true)).toMatchObject({ ok: false });
      expect(await lost.recover(code.toLowerCase().replaceAll('-', ' '))).toEqual({ ok: true, value: null });
      expect(await lost.databaseKeys(true)).toEqual({ ok: true, value: keys });
      expect(await openKeyStore(file, new TestSealer(9)).databaseKeys(true)).toEqual({
        ok: true,
        value: keys,
      });
    });

    it('forgets the secrets that nobody can open any more, so that they are asked for again', async () => {
      await keyStore.databaseKeys(false);
      await keyStore.putSecret(anna, 'correct horse');
      const code = valueIn(await keyStore.newRecoveryCode('code'));
      const lost = afterLoss();
      expect(await lost.secret(anna)).toMatchObject({ ok: false, error: { code: 'keystore.unreadable' } });
      await lost.recover(code);
      expect(await lost.secret(anna)).toMatchObject({ ok: false, error: { code: 'auth.missing' } });
      await lost.putSecret(anna, 'battery staple');
      expect(await lost.secret(anna)).toEqual({ ok: true, value: 'battery staple' });
    });

    it('keeps neither the code nor the key in its file', async () => {
      const [key] = valueIn(await keyStore.databaseKeys(false));
      const code = valueIn(await keyStore.newRecoveryCode('code'));
      const text = readFileSync(file, 'utf8');
      for (const secret of [code, code.replaceAll('-', '')]) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 30));
      }
      expect(text).not.toContain(Buffer.from(key ?? []).toString('hex'));
      expect(text).not.toContain(Buffer.from(key ?? []).toString('base64'));
    });

    it('refuses another code, and a code that was replaced, and changes nothing then', async () => {
      await keyStore.databaseKeys(false);
      const first = valueIn(await keyStore.newRecoveryCode('code'));
      const second = valueIn(await keyStore.newRecoveryCode('code'));
      const before = readFileSync(file, 'utf8');
      const lost = afterLoss();
      for (const [typed, reason] of [
        [first, 'other'],
        [makeRecoveryCode(), 'other'],
        [second.slice(1), 'mistyped'],
      ] as const)
        expect(await lost.recover(typed)).toEqual({
          ok: false,
          error: { code: 'input.invalid', retry: 'afterUserAction', context: { part: 'code', reason } },
        });
      expect(readFileSync(file, 'utf8')).toBe(before);
      expect(await lost.recover(second)).toEqual({ ok: true, value: null });
    });

    it('has a code for the person and one for IT, each of which opens it', async () => {
      const keys = await keyStore.databaseKeys(false);
      const own = valueIn(await keyStore.newRecoveryCode('code'));
      const ofIt = valueIn(await keyStore.newRecoveryCode('escrow'));
      for (const [pad, code] of [
        [9, ofIt],
        [11, own],
        [13, ofIt],
      ] as const) {
        const lost = openKeyStore(file, new TestSealer(pad));
        expect(await lost.databaseKeys(true)).toMatchObject({ ok: false });
        expect(await lost.recover(code)).toEqual({ ok: true, value: null });
        expect(await lost.databaseKeys(true)).toEqual(keys);
      }
      await keyStore.dropRecoveryCode('escrow');
      expect(await afterLoss().recover(ofIt)).toMatchObject({ ok: false });
      expect(await afterLoss().recover(own)).toEqual({ ok: true, value: null });
    });

    it('makes none while there is no key, or while the key cannot be opened', async () => {
      expect(await keyStore.newRecoveryCode('code')).toMatchObject({ ok: false });
      await keyStore.databaseKeys(false);
      expect(await afterLoss().newRecoveryCode('code')).toMatchObject({ ok: false });
    });

    it('recovers nothing where there is no OS key store to seal by', async () => {
      await keyStore.databaseKeys(false);
      const code = valueIn(await keyStore.newRecoveryCode('code'));
      const before = readFileSync(file, 'utf8');
      const other = new TestSealer(9);
      other.isThere = false;
      expect(await openKeyStore(file, other).recover(code)).toMatchObject({
        ok: false,
        error: { code: 'keystore.unavailable' },
      });
      expect(readFileSync(file, 'utf8')).toBe(before);
    });
  });

  describe('while the database gets another key', () => {
    it('keeps both until one is known to open it', async () => {
      const [old] = valueIn(await keyStore.databaseKeys(false));
      const next = valueIn(await keyStore.nextDatabaseKey());
      expect(next).not.toEqual(old);
      expect(await openKeyStore(file, sealer).databaseKeys(true)).toEqual({ ok: true, value: [old, next] });
      expect(valueIn(await keyStore.nextDatabaseKey())).toEqual(next);
      await keyStore.settleOn(next);
      expect(await openKeyStore(file, sealer).databaseKeys(true)).toEqual({ ok: true, value: [next] });
    });

    it('goes back to the old one when that still opens it', async () => {
      const [old = new Uint8Array()] = valueIn(await keyStore.databaseKeys(false));
      await keyStore.nextDatabaseKey();
      await keyStore.settleOn(old);
      expect(valueIn(await keyStore.databaseKeys(true))).toEqual([old]);
      await keyStore.settleOn(old);
      expect(valueIn(await keyStore.databaseKeys(true))).toEqual([old]);
    });

    it('opens both by the code, though the OS key store was lost in the middle', async () => {
      const [old] = valueIn(await keyStore.databaseKeys(false));
      const code = valueIn(await keyStore.newRecoveryCode('code'));
      const next = valueIn(await keyStore.nextDatabaseKey());
      const lost = afterLoss();
      await lost.recover(code);
      expect(valueIn(await lost.databaseKeys(true))).toEqual([old, next]);
    });

    it('lets the code open the new key as it did the old one', async () => {
      await keyStore.databaseKeys(false);
      const code = valueIn(await keyStore.newRecoveryCode('code'));
      const next = valueIn(await keyStore.nextDatabaseKey());
      await keyStore.settleOn(next);
      const lost = afterLoss();
      await lost.recover(code);
      expect(valueIn(await lost.databaseKeys(true))).toEqual([next]);
      const third = valueIn(await lost.nextDatabaseKey());
      await lost.settleOn(third);
      const lostAgain = openKeyStore(file, new TestSealer(11));
      await lostAgain.recover(code);
      expect(valueIn(await lostAgain.databaseKeys(true))).toEqual([third]);
    });

    it('says that a code has ended which the new key could not be wrapped for', async () => {
      await keyStore.databaseKeys(false);
      const own = valueIn(await keyStore.newRecoveryCode('code'));
      await keyStore.newRecoveryCode('escrow');
      const lost = afterLoss();
      await lost.recover(own);
      expect(lost.recoveryId('escrow')).not.toBeNull();
      await lost.settleOn(valueIn(await lost.nextDatabaseKey()));
      expect(lost.recoveryId('escrow')).toBeNull();
      expect(lost.protection().recovery).toBe('code');
    });
  });

  it('begins anew with the secrets that it can open, and nothing of the old key', async () => {
    const [old] = valueIn(await keyStore.databaseKeys(false));
    await keyStore.putSecret(anna, 'correct horse');
    const code = valueIn(await keyStore.newRecoveryCode('code'));
    await keyStore.beginAnew();
    expect(await keyStore.secret(anna)).toEqual({ ok: true, value: 'correct horse' });
    const [fresh] = valueIn(await keyStore.databaseKeys(false));
    expect(fresh).not.toEqual(old);
    expect(await keyStore.recover(code)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    expect(keyStore.protection().recovery).toBe('none');
  });

  it('begins anew from a damaged file', async () => {
    writeFileSync(file, '{');
    await keyStore.beginAnew();
    expect(await keyStore.databaseKeys(false)).toMatchObject({ ok: true });
  });
});
