import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EngineHost } from './engine-host.ts';
import { type KeyStore, openKeyStore, type Sealer } from './key-store.ts';
import { createKeyStoreMethods } from './recovery.ts';
import { openOnlyHere } from './recovery-only-here.ts';

const plain: Sealer = {
  isAvailable: async () => true,
  backend: () => 'test',
  seal: async (text) => Buffer.from(text),
  open: async (sealed) => ({ text: sealed.toString(), shouldSealAgain: false }),
};

describe('what a person can do about the keys', () => {
  let profile: string;
  let files: { readonly database: string; readonly keyStore: string; readonly setAside: string };
  let keyStore: KeyStore;
  let state: EngineHost['status']['state'];
  let rekeyed: Uint8Array[];
  let rekeys: Result<null, ReturnType<typeof appError>>;
  let starts: number;
  let keepDays: number;

  beforeEach(async () => {
    profile = mkdtempSync(join(tmpdir(), 'relevo-recovery-'));
    files = {
      database: join(profile, 'mail.db'),
      keyStore: join(profile, 'keystore.json'),
      setAside: join(profile, 'unreadable'),
    };
    keyStore = openKeyStore(files.keyStore, plain);
    await keyStore.databaseKeys(false);
    writeFileSync(files.database, 'mail');
    writeFileSync(`${files.database}-wal`, 'the latest');
    state = 'running';
    rekeyed = [];
    rekeys = ok(null);
    starts = 0;
    keepDays = 30;
  });
  afterEach(() => rmSync(profile, { recursive: true }));

  const onlyHere = () => openOnlyHere(join(profile, 'only-here.json'));
  const methods = () =>
    createKeyStoreMethods({
      keyStore,
      onlyHere: onlyHere(),
      files,
      keepDays: () => keepDays,
      engine: () =>
        ({
          status: { state, error: null, accounts: [] },
          rekey: async (key: Uint8Array) => {
            rekeyed.push(key);
            return rekeys;
          },
        }) as unknown as EngineHost,
      restartEngine: async (between) => {
        starts += 1;
        return (await between?.()) ?? ok(null);
      },
      keepEscrow: async () => {},
    });
  const keysIn = async () => {
    const keys = await keyStore.databaseKeys(true);
    return keys.ok ? keys.value : [];
  };

  it('rotates: the new key is stored before the engine hears of it, the old one goes when it is in force', async () => {
    const [old] = await keysIn();
    expect(await methods()['keyStore.rotate']({})).toEqual({ ok: true, value: null });
    expect(await keysIn()).toEqual(rekeyed);
    expect(rekeyed).not.toContainEqual(old);
  });

  it('keeps both keys while nobody can say which is in force', async () => {
    const [old] = await keysIn();
    rekeys = err(appError('engine.restarting', 'soon'));
    expect(await methods()['keyStore.rotate']({})).toEqual(rekeys);
    expect(await keysIn()).toEqual([old, rekeyed[0]]);
    rekeys = ok(null);
    await methods()['keyStore.rotate']({});
    expect(rekeyed[1]).toEqual(rekeyed[0]);
    expect(await keysIn()).toEqual([rekeyed[0]]);
  });

  it('rotates nothing while the copy is not open', async () => {
    state = 'failed';
    expect(await methods()['keyStore.rotate']({})).toMatchObject({ ok: false });
    expect(rekeyed).toEqual([]);
    expect(await keysIn()).toHaveLength(1);
  });

  it('starts the engine after a recovery, and not when it runs already or the code is wrong', async () => {
    const made = await methods()['keyStore.newRecoveryCode']({});
    const code = made.ok ? made.value.code : '';
    expect(await methods()['keyStore.recover']({ code })).toMatchObject({ ok: true });
    expect(starts).toBe(0);
    state = 'failed';
    expect(await methods()['keyStore.recover']({ code: code.slice(1) })).toMatchObject({ ok: false });
    expect(starts).toBe(0);
    expect(await methods()['keyStore.recover']({ code })).toMatchObject({ ok: true });
    expect(starts).toBe(1);
  });

  it('removes a copy that opens, with its key', async () => {
    const [old] = await keysIn();
    onlyHere().write({ unsent: 1, drafts: 0, unreconciled: 0 });
    expect(await methods()['keyStore.wipe']({})).toEqual({ ok: true, value: null });
    expect(readdirSync(profile)).toEqual(['keystore.json']);
    expect(await keyStore.databaseKeys(false)).not.toEqual({ ok: true, value: [old] });
  });

  it('sets aside a copy that does not open, with its keys, unless policy keeps none', async () => {
    state = 'failed';
    const keys = readFileSync(files.keyStore, 'utf8');
    await methods()['keyStore.wipe']({});
    const [name = ''] = readdirSync(files.setAside);
    expect(readFileSync(join(files.setAside, name, 'keystore.json'), 'utf8')).toBe(keys);
    expect(readFileSync(join(files.setAside, name, 'mail.db-wal'), 'utf8')).toBe('the latest');
    expect(existsSync(files.database)).toBe(false);

    rmSync(files.setAside, { recursive: true });
    writeFileSync(files.database, 'mail');
    keepDays = 0;
    await methods()['keyStore.wipe']({});
    expect(readdirSync(profile)).toEqual(['keystore.json']);
  });

  it('keeps the keys when the copy cannot be moved', async () => {
    state = 'failed';
    const keys = await keysIn();
    writeFileSync(files.setAside, 'a file where the folder should be');
    expect(await methods()['keyStore.wipe']({})).toMatchObject({
      ok: false,
      error: { code: 'storage.failed' },
    });
    expect(existsSync(files.database)).toBe(true);
    expect(await keysIn()).toEqual(keys);
  });
});
