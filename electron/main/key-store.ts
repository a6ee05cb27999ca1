import { createHash, randomBytes } from 'node:crypto';
import { type AppError, appError } from '../../shared/errors.ts';
import type { KeyProtection } from '../../shared/model/key-protection.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { SecretName } from '../engine/ports.ts';
import {
  type DatabaseKeyEntry,
  emptyKeyStore,
  type KeyStoreFile,
  nobody,
  type RecoveryHolder,
  readKeyStoreFile,
  recoveryHolders,
  writeKeyStoreFile,
} from './key-store-file.ts';
import { makeRecoveryCode, readRecoveryCode } from './recovery-code.ts';
import { keyOfCode, unwrap, wrap } from './recovery-wrap.ts';

/** The part of Electron's safeStorage that is needed: the OS key store seals and opens short texts. */
export interface Sealer {
  isAvailable(): Promise<boolean>;
  /** What seals, e.g. "gnome_libsecret", recorded beside what it sealed. */
  backend(): string;
  seal(text: string): Promise<Buffer>;
  open(sealed: Buffer): Promise<{ readonly text: string; readonly shouldSealAgain: boolean }>;
}

/**
 * The database's key and the accounts' secrets, each sealed by the OS key store, in one file. Nothing in it can be
 * read on another machine or by another user, and nothing in it is of use without the OS key store or a recovery code.
 */
export interface KeyStore {
  /**
   * The 256-bit keys of the database; one is made at the first start. There are two when a change of the key was cut
   * short. When `databaseExists` and none can be opened, that is `keystore.unreadable`: a new key would make the copy
   * unreadable for ever, so none is made. Its `what`: `format`, the file is damaged; `missing`, it holds no key;
   * `backend`, the OS key store that sealed it is not there; `sealed`, it is there and does not open it.
   */
  databaseKeys(databaseExists: boolean): Promise<Result<readonly Uint8Array[], AppError>>;
  /** Another key for the database, stored beside the present one before anything is encrypted by it. */
  nextDatabaseKey(): Promise<Result<Uint8Array, AppError>>;
  /** `key` opens the copy, so every other one goes. */
  settleOn(key: Uint8Array): Promise<Result<null, AppError>>;

  /** Makes a code by which the holder opens the database without the OS key store; an earlier one stops working. */
  newRecoveryCode(holder: RecoveryHolder): Promise<Result<string, AppError>>;
  /** Names the holder's present code without telling anything of it. Null: there is none. */
  recoveryId(holder: RecoveryHolder): string | null;
  dropRecoveryCode(holder: RecoveryHolder): Promise<Result<null, AppError>>;
  /**
   * Opens the database's keys by a code, as somebody typed it, and has the present OS key store seal them. Secrets of
   * accounts that it cannot open are forgotten: `auth.missing` from now on. `input.invalid` when it is not the code.
   */
  recover(typed: string): Promise<Result<null, AppError>>;
  /** Forgets the database's keys and the codes. Keeps the accounts' secrets that can be opened. */
  beginAnew(): Promise<Result<null, AppError>>;

  protection(): KeyProtection;
  /** The OS key store that sealed everything until this start, when it is another one now; else null. */
  changedFrom(): string | null;

  secret(name: SecretName): Promise<Result<string, AppError>>;
  putSecret(name: SecretName, value: string): Promise<Result<null, AppError>>;
}

export function openKeyStore(file: string, sealer: Sealer): KeyStore {
  let queue: Promise<unknown> = Promise.resolve();
  let changedFrom: string | null = null;

  /** One change of the file at a time. */
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = queue.then(run);
    queue = result.catch(() => undefined);
    return result;
  };

  const read = (): Result<KeyStoreFile, AppError> => {
    const content = readKeyStoreFile(file);
    return content.ok ? ok(content.value ?? emptyKeyStore(sealer.backend())) : content;
  };
  const write = (content: KeyStoreFile): Result<null, AppError> => writeKeyStoreFile(file, content);

  const seal = async (text: string): Promise<Result<string, AppError>> => {
    try {
      if (!(await sealer.isAvailable())) return err(unavailable());
      return ok((await sealer.seal(text)).toString('base64'));
    } catch {
      return err(unavailable());
    }
  };

  /** Null when this OS key store does not open it. */
  const open = async (sealed: string) => {
    try {
      return await sealer.open(Buffer.from(sealed, 'base64'));
    } catch {
      return null;
    }
  };

  const openKey = async (sealed: string): Promise<Uint8Array | null> => {
    const opened = await open(sealed);
    return opened !== null && /^[0-9a-f]{64}$/.test(opened.text) ? fromHex(opened.text) : null;
  };

  /** Has the OS key store seal anew everything that it opens; what it does not open stays as it is. */
  const sealAll = async (content: KeyStoreFile): Promise<Result<KeyStoreFile, AppError>> => {
    const again = async (sealed: string): Promise<string> => {
      const opened = await open(sealed);
      const renewed = opened === null ? null : await seal(opened.text);
      return renewed?.ok === true ? renewed.value : sealed;
    };
    const slot = async (holder: RecoveryHolder) => {
      const present = content.recovery[holder];
      return present === null ? null : { ...present, sealedKey: await again(present.sealedKey) };
    };
    const databaseKeys: DatabaseKeyEntry[] = [];
    for (const entry of content.databaseKeys)
      databaseKeys.push({ ...entry, sealed: await again(entry.sealed) });
    const secrets: Record<string, string> = {};
    for (const [name, sealed] of Object.entries(content.secrets)) secrets[name] = await again(sealed);
    const renewed = {
      backend: sealer.backend(),
      databaseKeys,
      recovery: { code: await slot('code'), escrow: await slot('escrow') },
      secrets,
    };
    const written = write(renewed);
    return written.ok ? ok(renewed) : written;
  };

  const makeDatabaseKey = async (
    content: KeyStoreFile,
  ): Promise<Result<{ readonly key: Uint8Array; readonly content: KeyStoreFile }, AppError>> => {
    const key = new Uint8Array(randomBytes(32));
    const sealed = await seal(toHex(key));
    if (!sealed.ok) return sealed;
    const wrapped: DatabaseKeyEntry['wrapped'] = { ...nobody };
    const recovery = { ...content.recovery };
    for (const holder of recoveryHolders) {
      const slot = recovery[holder];
      const by = slot === null ? null : await openKey(slot.sealedKey);
      if (by === null) recovery[holder] = null;
      else wrapped[holder] = wrap(key, by);
    }
    const entry: DatabaseKeyEntry = { sealed: sealed.value, madeAt: Date.now(), wrapped };
    const next = { ...content, recovery, databaseKeys: [...content.databaseKeys, entry] };
    const written = write(next);
    return written.ok ? ok({ key, content: next }) : written;
  };

  /** Every key of the file, opened; null in the place of one that cannot be. */
  const openAll = async (content: KeyStoreFile) =>
    Promise.all(content.databaseKeys.map(async (entry) => ({ entry, key: await openKey(entry.sealed) })));

  const change = (
    run: (content: KeyStoreFile) => Promise<Result<KeyStoreFile, AppError>>,
  ): Promise<Result<null, AppError>> =>
    inTurn(async () => {
      const content = read();
      if (!content.ok) return content;
      const changed = await run(content.value);
      return changed.ok ? write(changed.value) : changed;
    });

  return {
    databaseKeys: (databaseExists) =>
      inTurn(async () => {
        const content = read();
        if (!content.ok) return content;
        if (content.value.databaseKeys.length === 0) {
          if (databaseExists) return err(unreadable('missing'));
          const made = await makeDatabaseKey({ ...content.value, backend: sealer.backend() });
          return made.ok ? ok([made.value.key]) : made;
        }
        const was = content.value.backend;
        const is = sealer.backend();
        if (!(await sealer.isAvailable()))
          return err(was === is ? unavailable() : unreadable('backend', { was, is }));
        const opened = await openAll(content.value);
        const keys = opened.flatMap(({ key }) => (key === null ? [] : [key]));
        if (keys.length === 0) return err(unreadable('sealed', { was, is }));
        const isOutdated = await Promise.all(
          content.value.databaseKeys.map(
            async ({ sealed }) => (await open(sealed))?.shouldSealAgain === true,
          ),
        );
        if (was !== is || isOutdated.includes(true)) await sealAll(content.value);
        if (was !== is) changedFrom = was;
        return ok(keys);
      }),

    nextDatabaseKey: () =>
      inTurn(async () => {
        const content = read();
        if (!content.ok) return content;
        if (content.value.databaseKeys.length === 0) return err(unreadable('missing'));
        const [, begun] = await openAll(content.value);
        if (begun !== undefined && begun.key !== null) return ok(begun.key);
        const made = await makeDatabaseKey(content.value);
        return made.ok ? ok(made.value.key) : made;
      }),

    settleOn: (key) =>
      inTurn(async () => {
        const content = read();
        if (!content.ok) return content;
        if (content.value.databaseKeys.length < 2) return ok(null);
        const opened = await openAll(content.value);
        const kept = opened.filter((each) => each.key !== null && Buffer.compare(each.key, key) === 0);
        if (kept.length === 0) return err(unreadable('missing'));
        return write({ ...content.value, databaseKeys: kept.map(({ entry }) => entry) });
      }),

    newRecoveryCode: (holder) =>
      inTurn(async () => {
        const content = read();
        if (!content.ok) return content;
        const opened = await openAll(content.value);
        if (opened.length === 0 || opened.some(({ key }) => key === null)) return err(unreadable('sealed'));
        const code = makeRecoveryCode();
        const salt = randomBytes(16);
        const by = keyOfCode(readRecoveryCode(code) ?? '', salt);
        const sealedKey = await seal(toHex(by));
        if (!sealedKey.ok) return sealedKey;
        const written = write({
          ...content.value,
          recovery: {
            ...content.value.recovery,
            [holder]: { salt: salt.toString('base64'), sealedKey: sealedKey.value },
          },
          databaseKeys: opened.map(({ entry, key }) => ({
            ...entry,
            wrapped: { ...entry.wrapped, [holder]: key === null ? null : wrap(key, by) },
          })),
        });
        return written.ok ? ok(code) : written;
      }),

    recoveryId: (holder) => {
      const content = read();
      return content.ok ? (content.value.recovery[holder]?.salt ?? null) : null;
    },

    dropRecoveryCode: (holder) =>
      change(async (content) =>
        ok({
          ...content,
          recovery: { ...content.recovery, [holder]: null },
          databaseKeys: content.databaseKeys.map((entry) => ({
            ...entry,
            wrapped: { ...entry.wrapped, [holder]: null },
          })),
        }),
      ),

    recover: (typed) =>
      change(async (content) => {
        const secret = readRecoveryCode(typed);
        if (secret === null) return err(notTheCode('mistyped'));
        for (const holder of recoveryHolders) {
          const slot = content.recovery[holder];
          if (slot === null) continue;
          const by = keyOfCode(secret, Buffer.from(slot.salt, 'base64'));
          const keys = content.databaseKeys.map(({ wrapped }) => {
            const own = wrapped[holder];
            return own === null ? null : unwrap(own, by);
          });
          if (keys.every((key) => key === null)) continue;
          const sealedKey = await seal(toHex(by));
          if (!sealedKey.ok) return sealedKey;
          const databaseKeys: DatabaseKeyEntry[] = [];
          for (const [index, entry] of content.databaseKeys.entries()) {
            const key = keys[index];
            const sealed = key === null || key === undefined ? ok(entry.sealed) : await seal(toHex(key));
            if (!sealed.ok) return sealed;
            databaseKeys.push({ ...entry, sealed: sealed.value });
          }
          return ok({
            backend: sealer.backend(),
            databaseKeys,
            recovery: { ...content.recovery, [holder]: { ...slot, sealedKey: sealedKey.value } },
            secrets: await openable(content.secrets),
          });
        }
        return err(notTheCode('other'));
      }),

    beginAnew: () =>
      inTurn(async () => {
        const content = read();
        const secrets = content.ok ? await openable(content.value.secrets) : {};
        return write({ ...emptyKeyStore(sealer.backend()), secrets });
      }),

    protection: () => {
      const content = read();
      const backend = sealer.backend();
      const { recovery, databaseKeys } = content.ok ? content.value : emptyKeyStore(backend);
      return {
        backend,
        isProtected: backend !== 'basic_text',
        recovery: recovery.code !== null ? 'code' : recovery.escrow !== null ? 'escrow' : 'none',
        keyMadeAt: databaseKeys.at(-1)?.madeAt ?? null,
      };
    },

    changedFrom: () => changedFrom,

    secret: (name) =>
      inTurn(async () => {
        const content = read();
        if (!content.ok) return content;
        const sealed = content.value.secrets[entryOf(name)];
        if (sealed === undefined)
          return err(appError('auth.missing', 'afterUserAction', { provider: name.provider }));
        const opened = await open(sealed);
        if (opened === null) return err(unreadable('sealed'));
        if (opened.shouldSealAgain) {
          const again = await seal(opened.text);
          if (again.ok) write(withSecret(content.value, name, again.value));
        }
        return ok(opened.text);
      }),

    putSecret: (name, value) =>
      change(async (content) => {
        const sealed = await seal(value);
        return sealed.ok ? ok(withSecret(content, name, sealed.value)) : sealed;
      }),
  };

  async function openable(secrets: KeyStoreFile['secrets']): Promise<KeyStoreFile['secrets']> {
    const kept: Record<string, string> = {};
    for (const [name, sealed] of Object.entries(secrets))
      if ((await open(sealed)) !== null) kept[name] = sealed;
    return kept;
  }
}

const withSecret = (content: KeyStoreFile, name: SecretName, sealed: string): KeyStoreFile => ({
  ...content,
  secrets: { ...content.secrets, [entryOf(name)]: sealed },
});

/** A name that tells nobody whose mailboxes this laptop has. */
const entryOf = ({ provider, address }: SecretName): string =>
  createHash('sha256').update(`${provider}:${address.toLowerCase()}`).digest('hex');

const toHex = (key: Uint8Array): string => Buffer.from(key).toString('hex');
const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

const unavailable = (): AppError => appError('keystore.unavailable', 'afterUserAction');
const unreadable = (
  what: 'format' | 'sealed' | 'missing' | 'backend',
  context: AppError['context'] = {},
): AppError => appError('keystore.unreadable', 'afterUserAction', { what, ...context });
/** `mistyped`: its check characters do not fit. `other`: a code, but of another laptop, or one that was replaced. */
const notTheCode = (reason: 'mistyped' | 'other'): AppError =>
  appError('input.invalid', 'afterUserAction', { part: 'code', reason });
