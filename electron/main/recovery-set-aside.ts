import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { syncFolder } from './durable-file.ts';

const day = 86_400_000;

/** Everything that SQLite keeps of a database: the log holds what was committed last. */
const filesOf = (database: string) => [`${database}-wal`, `${database}-shm`, `${database}-journal`, database];

/**
 * Moves a copy that cannot be opened to a folder of its own, named by the time, with the key store file that belongs to
 * it: should the OS key store or a code come back, nothing is lost. To be put back, by hand, while the app is closed.
 */
export function setAside(
  folder: string,
  files: { readonly database: string; readonly keyStore: string },
  now: number,
): void {
  const target = join(folder, new Date(now).toISOString().replaceAll(':', '-'));
  mkdirSync(target, { recursive: true, mode: 0o700 });
  if (existsSync(files.keyStore)) copyFileSync(files.keyStore, join(target, basename(files.keyStore)));
  for (const file of filesOf(files.database))
    if (existsSync(file)) renameSync(file, join(target, basename(file)));
  syncFolder(target);
}

/** Removes what was set aside longer than `days` ago. */
export function removeExpired(folder: string, days: number, now: number): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const at = Date.parse(name.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'));
    if (now - at >= days * day) rmSync(join(folder, name), { recursive: true, force: true });
  }
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}

export function removeDatabase(database: string): void {
  for (const file of filesOf(database)) rmSync(file, { force: true });
}
