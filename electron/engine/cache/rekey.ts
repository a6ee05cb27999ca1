import { type AppError, appError } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { type Database, openDatabase } from './database.ts';
import { classifyStorageError } from './storage-error.ts';

/**
 * Opens the offline copy by the one of `keys` that fits, in their order. There are two when a change of the key was cut
 * short; a key that does not fit changes nothing in the file. Errors: those of `openDatabase`.
 */
export function openByOneOf(
  file: string,
  keys: readonly Uint8Array[],
): Result<{ readonly db: Database; readonly openedBy: number }, AppError> {
  for (const [openedBy, key] of keys.entries()) {
    const opened = openDatabase(file, key);
    if (opened.ok) return ok({ db: opened.value, openedBy });
    if (opened.error.code !== 'database.wrongKey') return opened;
  }
  return err(appError('database.wrongKey', 'afterUserAction'));
}

/**
 * Encrypts the whole copy by another key, on the open connection, in one transaction of SQLite: after a crash at any
 * moment the file opens by the old key or by the new one, never by both. Nothing else runs meanwhile; a gigabyte takes
 * some seconds, and as much room on the disk again until it ends. After an error either key may be the one.
 */
export function rekeyDatabase(db: Database, key: Uint8Array): Result<null, AppError> {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.pragma(`rekey = "raw:${Buffer.from(key).toString('hex')}"`);
    // What the old key encrypted leaves the disk with the log.
    db.pragma('wal_checkpoint(TRUNCATE)');
    return ok(null);
  } catch (error) {
    return err(classifyStorageError(error));
  }
}
