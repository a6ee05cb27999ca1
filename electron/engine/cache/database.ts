import BetterSqlite3 from 'better-sqlite3';
import { type AppError, appError } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { migrations } from './migrations/index.ts';
import { rememberStatements } from './statements.ts';
import { classifyStorageError } from './storage-error.ts';

export type Database = BetterSqlite3.Database;

/** How long a transaction waits for that of another connection: of another thread, or of another process that ends. */
const busyMs = 20_000;

/**
 * Opens the offline copy, making it or bringing it to the present schema if need be.
 *
 * Encrypted by AEGIS-256 with a raw key, so that opening costs no key derivation. `synchronous = FULL`: what is
 * committed is on the disk, whatever happens next. `secure_delete`: what retention removes is overwritten.
 *
 * Errors: `database.wrongKey` (a damaged first page looks the same), `database.fromTheFuture` (a newer version made
 * it; nothing is touched), `database.damaged`, `storage.full`, `storage.failed`.
 */
export function openDatabase(file: string, key: Uint8Array): Result<Database, AppError> {
  let db: Database | null = null;
  try {
    db = new BetterSqlite3(file, { timeout: busyMs });
    unlock(db, key);
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > migrations.length) {
      db.close();
      return err(
        appError('database.fromTheFuture', 'afterUserAction', { version, known: migrations.length }),
      );
    }
    // What retention removes is given back to the disk (queries/disk-store.ts). Heeded only while there is no table yet.
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('secure_delete = ON');
    // 64 MB: a first copy writes the same pages again and again. Each commit is written through, whatever this says.
    db.pragma('wal_autocheckpoint = 16000');
    // Bytes: what the log took in a first sync is given back to the disk.
    db.pragma('journal_size_limit = 1048576');
    migrate(db, version);
    db.pragma('foreign_keys = ON');
    rememberStatements(db);
    return ok(db);
  } catch (error) {
    db?.close();
    return err(classifyStorageError(error));
  }
}

/** SQLite3 Multiple Ciphers: "raw:" and 64 hexadecimal digits are the key itself. */
export function unlock(db: Database, key: Uint8Array): void {
  db.pragma("cipher = 'aegis'");
  db.pragma("algorithm = 'aegis-256'");
  db.pragma(`key = "raw:${Buffer.from(key).toString('hex')}"`);
}

/**
 * Each migration in a transaction of its own, with the version that it leads to. Foreign keys are checked at its end
 * and not on the way, so that a table can be made anew under those who refer to it (sqlite.org/lang_altertable.html,
 * section 7).
 */
function migrate(db: Database, version: number): void {
  db.pragma('foreign_keys = OFF');
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      db.exec(sql);
      const broken = db.pragma('foreign_key_check') as readonly unknown[];
      if (broken.length > 0) throw new Error('a migration leaves nothing that refers to nothing');
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  }
}
