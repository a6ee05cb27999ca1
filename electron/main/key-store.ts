import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type AppError, appError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { SecretName } from '../engine/ports.ts';
import { replaceFile } from './durable-file.ts';

/** The part of Electron's safeStorage that is needed: the OS key store seals and opens short texts. */
export interface Sealer {
  isAvailable(): Promise<boolean>;
  /** What seals, e.g. "gnome_libsecret", recorded beside what it sealed. */
  backend(): string;
  seal(text: string): Promise<Buffer>;
  open(sealed: Buffer): Promise<{ readonly text: string; readonly shouldSealAgain: boolean }>;
}

const keyStoreFile = v.object({
  backend: v.string(),
  databaseKey: v.nullable(v.string()),
  secrets: v.record(v.string(), v.string()),
});
type KeyStoreFile = v.InferOutput<typeof keyStoreFile>;

/**
 * The database's key and the accounts' secrets, each sealed by the OS key store, in one file. Nothing in it can be
 * read on another machine or by another user, and nothing in it is of use without the OS key store.
 */
export interface KeyStore {
  /**
   * The 256-bit key of the database; made at the first start. When `databaseExists` and the key cannot be opened,
   * that is `keystore.unreadable`: a new key would make the copy unreadable for ever, so none is made.
   */
  databaseKey(databaseExists: boolean): Promise<Result<Uint8Array, AppError>>;
  secret(name: SecretName): Promise<Result<string, AppError>>;
  putSecret(name: SecretName, value: string): Promise<Result<null, AppError>>;
}

export function openKeyStore(file: string, sealer: Sealer): KeyStore {
  let queue: Promise<unknown> = Promise.resolve();
  /** One change of the file at a time. */
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = queue.then(run);
    queue = result.catch(() => undefined);
    return result;
  };

  const read = (): Result<KeyStoreFile, AppError> => {
    if (!existsSync(file)) return ok({ backend: sealer.backend(), databaseKey: null, secrets: {} });
    try {
      const parsed = v.safeParse(keyStoreFile, JSON.parse(readFileSync(file, 'utf8')));
      return parsed.success ? ok(parsed.output) : err(unreadable('format'));
    } catch {
      return err(unreadable('format'));
    }
  };

  const write = (content: KeyStoreFile): Result<null, AppError> => {
    try {
      replaceFile(file, `${JSON.stringify({ ...content, backend: sealer.backend() }, null, 2)}\n`);
      return ok(null);
    } catch (error) {
      const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
      return err(appError(isFull ? 'storage.full' : 'storage.failed', 'afterUserAction'));
    }
  };

  const seal = async (text: string): Promise<Result<string, AppError>> => {
    try {
      if (!(await sealer.isAvailable())) return err(unavailable());
      return ok((await sealer.seal(text)).toString('base64'));
    } catch {
      return err(unavailable());
    }
  };

  /** Opens one entry; seals it again when the OS has rotated its key. */
  const open = async (sealed: string, replace: (content: KeyStoreFile, again: string) => KeyStoreFile) => {
    try {
      const opened = await sealer.open(Buffer.from(sealed, 'base64'));
      if (opened.shouldSealAgain) {
        const again = await seal(opened.text);
        const content = read();
        if (again.ok && content.ok) write(replace(content.value, again.value));
      }
      return ok(opened.text);
    } catch {
      return err(unreadable('sealed'));
    }
  };

  const update = async (
    text: string,
    change: (content: KeyStoreFile, sealed: string) => KeyStoreFile,
  ): Promise<Result<null, AppError>> => {
    const content = read();
    if (!content.ok) return content;
    const sealed = await seal(text);
    return sealed.ok ? write(change(content.value, sealed.value)) : sealed;
  };

  return {
    databaseKey: (databaseExists) =>
      inTurn(async () => {
        const content = read();
        if (!content.ok) return content;
        const sealed = content.value.databaseKey;
        if (sealed === null) {
          if (databaseExists) return err(unreadable('missing'));
          const key = randomBytes(32);
          const stored = await update(key.toString('hex'), (now, again) => ({ ...now, databaseKey: again }));
          return stored.ok ? ok(new Uint8Array(key)) : stored;
        }
        const opened = await open(sealed, (now, again) => ({ ...now, databaseKey: again }));
        if (!opened.ok) return opened;
        return /^[0-9a-f]{64}$/.test(opened.value)
          ? ok(new Uint8Array(Buffer.from(opened.value, 'hex')))
          : err(unreadable('format'));
      }),

    secret: (name) =>
      inTurn(async () => {
        const content = read();
        if (!content.ok) return content;
        const sealed = content.value.secrets[entryOf(name)];
        if (sealed === undefined)
          return err(appError('auth.missing', 'afterUserAction', { provider: name.provider }));
        return open(sealed, (now, again) => ({
          ...now,
          secrets: { ...now.secrets, [entryOf(name)]: again },
        }));
      }),

    putSecret: (name, value) =>
      inTurn(() =>
        update(value, (now, sealed) => ({ ...now, secrets: { ...now.secrets, [entryOf(name)]: sealed } })),
      ),
  };
}

/** A name that tells nobody whose mailboxes this laptop has. */
const entryOf = ({ provider, address }: SecretName): string =>
  createHash('sha256').update(`${provider}:${address.toLowerCase()}`).digest('hex');

const unavailable = (): AppError => appError('keystore.unavailable', 'afterUserAction');
const unreadable = (what: 'format' | 'sealed' | 'missing'): AppError =>
  appError('keystore.unreadable', 'afterUserAction', { what });
