import { type Database, openDatabase } from '../../electron/engine/cache/database.ts';
import { databaseKey } from './engine.ts';

/** The next look through all folders is due at once. */
export function forgetLookThrough(databaseFile: string): void {
  withCopy(databaseFile, (db) => db.prepare('UPDATE folder SET looked_through_at = NULL').run());
}

function withCopy<T>(databaseFile: string, ask: (db: Database) => T): T {
  const opened = openDatabase(databaseFile, databaseKey);
  if (!opened.ok) throw new Error(opened.error.code);
  try {
    return ask(opened.value);
  } finally {
    opened.value.close();
  }
}
