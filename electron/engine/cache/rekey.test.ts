import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { upsertAccount } from './accounts.ts';
import { type Database, openDatabase } from './database.ts';
import { openByOneOf, rekeyDatabase } from './rekey.ts';

const oldKey = new Uint8Array(32).fill(1);
const newKey = new Uint8Array(32).fill(2);

describe('another key for the copy', () => {
  let folder: string;
  let file: string;
  let db: Database;

  const open = (key: Uint8Array): Database => {
    const opened = openDatabase(file, key);
    if (!opened.ok) throw new Error(opened.error.code);
    return opened.value;
  };
  const addresses = (from: Database) =>
    from.prepare('SELECT address FROM account ORDER BY id').pluck().all() as string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-rekey-'));
    file = join(folder, 'mail.db');
    db = open(oldKey);
    upsertAccount(db, { address: 'anna@corp.example', displayName: '' });
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('opens it from now on, and the old one does not', () => {
    expect(rekeyDatabase(db, newKey)).toEqual({ ok: true, value: null });
    db.close();
    expect(openDatabase(file, oldKey)).toMatchObject({ ok: false, error: { code: 'database.wrongKey' } });
    db = open(newKey);
    expect(addresses(db)).toEqual(['anna@corp.example']);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('comes under an open connection, whose statements go on', () => {
    const all = db.prepare('SELECT count(*) FROM account').pluck();
    expect(all.get()).toBe(1);
    rekeyDatabase(db, newKey);
    upsertAccount(db, { address: 'bernd@corp.example', displayName: '' });
    expect(all.get()).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    db.close();
    db = open(newKey);
    expect(addresses(db)).toEqual(['anna@corp.example', 'bernd@corp.example']);
  });

  it('leaves no page on the disk that the old one encrypted', () => {
    const pagesOf = () => {
      const bytes = readFileSync(file);
      return Array.from({ length: bytes.length / 4096 }, (_, page) =>
        bytes.subarray(page * 4096, (page + 1) * 4096).toString('base64'),
      );
    };
    db.pragma('wal_checkpoint(TRUNCATE)');
    const before = new Set(pagesOf());
    rekeyDatabase(db, newKey);
    expect(readFileSync(`${file}-wal`).length).toBe(0);
    expect(pagesOf().filter((page) => before.has(page))).toEqual([]);
  });

  it('is found whichever of the two it is, and a wrong one changes nothing', () => {
    db.close();
    const bytes = readFileSync(file);
    const other = new Uint8Array(32).fill(9);
    expect(openByOneOf(file, [other, newKey])).toMatchObject({
      ok: false,
      error: { code: 'database.wrongKey' },
    });
    expect(readFileSync(file).equals(bytes)).toBe(true);
    for (const [keys, openedBy] of [
      [[oldKey, newKey], 0],
      [[newKey, oldKey], 1],
    ] as const) {
      const opened = openByOneOf(file, keys);
      if (!opened.ok) throw new Error(opened.error.code);
      expect(opened.value.openedBy).toBe(openedBy);
      opened.value.db.close();
    }
    db = open(oldKey);
  });

  it('is not tried when something else is wrong with the copy', () => {
    db.pragma('user_version = 999');
    expect(openByOneOf(file, [oldKey, newKey])).toMatchObject({
      ok: false,
      error: { code: 'database.fromTheFuture' },
    });
  });
});
