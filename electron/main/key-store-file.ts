import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type AppError, appError } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { replaceFile } from './durable-file.ts';

/** Who can open the copy without the OS key store: the person by their code, IT by the one that is theirs alone. */
export const recoveryHolders = ['code', 'escrow'] as const;
export type RecoveryHolder = (typeof recoveryHolders)[number];

const byHolder = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.object({ code: v.nullable(schema), escrow: v.nullable(schema) });

/** `sealed`: by the OS key store. `wrapped`: by the key that a holder's code yields. All base64. */
const databaseKey = v.object({ sealed: v.string(), madeAt: v.number(), wrapped: byHolder(v.string()) });

const keyStoreFile = v.object({
  /** What sealed everything here. */
  backend: v.string(),
  /** One; two while the copy is on its way from the first to the second. */
  databaseKeys: v.array(databaseKey),
  /** The key that a holder's code yields, sealed too, so that a new database key can be wrapped without the code. */
  recovery: byHolder(v.object({ salt: v.string(), sealedKey: v.string() })),
  secrets: v.record(v.string(), v.string()),
});

/** Before there were recovery codes. */
const firstFormat = v.object({
  backend: v.string(),
  databaseKey: v.nullable(v.string()),
  secrets: v.record(v.string(), v.string()),
});

export type DatabaseKeyEntry = v.InferOutput<typeof databaseKey>;
export type KeyStoreFile = v.InferOutput<typeof keyStoreFile>;

export const nobody = { code: null, escrow: null } as const;

export const emptyKeyStore = (backend: string): KeyStoreFile => ({
  backend,
  databaseKeys: [],
  recovery: nobody,
  secrets: {},
});

/** Null when there is no file. `keystore.unreadable` with `what: format` when it is damaged. */
export function readKeyStoreFile(file: string): Result<KeyStoreFile | null, AppError> {
  if (!existsSync(file)) return ok(null);
  const damaged = err(appError('keystore.unreadable', 'afterUserAction', { what: 'format' }));
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const parsed = v.safeParse(keyStoreFile, content);
    if (parsed.success) return ok(parsed.output);
    const first = v.safeParse(firstFormat, content);
    return first.success ? ok(fromFirst(first.output)) : damaged;
  } catch {
    return damaged;
  }
}

function fromFirst({ backend, databaseKey, secrets }: v.InferOutput<typeof firstFormat>): KeyStoreFile {
  const keys = databaseKey === null ? [] : [{ sealed: databaseKey, madeAt: 0, wrapped: nobody }];
  return { ...emptyKeyStore(backend), databaseKeys: keys, secrets };
}

export function writeKeyStoreFile(file: string, content: KeyStoreFile): Result<null, AppError> {
  try {
    replaceFile(file, `${JSON.stringify(content, null, 2)}\n`);
    return ok(null);
  } catch (error) {
    const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    return err(appError(isFull ? 'storage.full' : 'storage.failed', 'afterUserAction'));
  }
}
