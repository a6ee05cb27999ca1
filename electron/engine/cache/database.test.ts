import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { migrations } from './migrations/index.ts';
import { classifyStorageError } from './storage-error.ts';

const key = new Uint8Array(32).fill(7);
const schemaFile = join(import.meta.dirname, 'schema.sql');

function open(file: string, with_ = key): Database {
  const opened = openDatabase(file, with_);
  if (!opened.ok) throw new Error(opened.error.code);
  return opened.value;
}

/** The schema as SQLite holds it, without the tables that FTS5 keeps for itself. */
function schemaOf(db: Database): string {
  const statements = db
    .prepare<[], string>(
      `SELECT sql FROM sqlite_schema
       WHERE sql IS NOT NULL AND name NOT GLOB 'message_search_*' ORDER BY type DESC, name`,
    )
    .pluck()
    .all();
  return `-- Made by the migrations; a test compares. UPDATE_SCHEMA=1 npx vitest run database.test writes it anew.\n\n${statements.join(';\n\n')};\n`;
}

function codeThrownBy(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return classifyStorageError(error).code;
  }
}

describe('the database', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relevo-db-'));
    file = join(folder, 'mail.db');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has the committed schema', () => {
    const db = open(file);
    if (process.env.UPDATE_SCHEMA !== undefined) writeFileSync(schemaFile, schemaOf(db));
    expect(schemaOf(db)).toBe(readFileSync(schemaFile, 'utf8'));
    db.close();
  });

  it('has an account in every table, and only STRICT tables', () => {
    const db = open(file);
    const tables = db
      .prepare<[], { name: string; sql: string }>(
        `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'message_search*' AND name NOT GLOB 'sqlite_*'`,
      )
      .all();
    expect(tables.length).toBeGreaterThan(10);
    for (const { name, sql } of tables) {
      const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(name);
      expect(columns, name).toContain(name === 'account' ? 'id' : 'account_id');
      expect(/STRICT|VIRTUAL/.test(sql), name).toBe(true);
    }
    db.close();
  });

  it('is encrypted and has each commit on the disk before it goes on', () => {
    const db = open(file);
    const settingOf = (name: string) => db.pragma(name, { simple: true });
    expect(settingOf('cipher')).toBe('aegis');
    expect(settingOf('algorithm')).toBe('aegis-256');
    expect(settingOf('journal_mode')).toBe('wal');
    // 2: FULL, 1: on.
    expect(settingOf('synchronous')).toBe(2);
    expect(settingOf('foreign_keys')).toBe(1);
    expect(settingOf('secure_delete')).toBe(1);
    db.close();
  });

  it('keeps nothing readable in the file, the write-ahead log or the search index', () => {
    const db = open(file);
    db.prepare(
      "INSERT INTO account (address, display_name) VALUES ('planted@corp.example', 'Planted Name')",
    ).run();
    db.prepare(
      "INSERT INTO message_search (rowid, subject, sender, body) VALUES (1, 'plantedword', '', '')",
    ).run();
    for (const part of [file, `${file}-wal`]) {
      const bytes = readFileSync(part);
      expect(bytes.length).toBeGreaterThan(0);
      for (const planted of ['planted@corp', 'Planted Name', 'plantedword', 'SQLite format'])
        expect(bytes.includes(planted), `${planted} in ${part}`).toBe(false);
    }
    db.close();
  });

  it('says that the key is wrong, and leaves the file as it was', () => {
    open(file).close();
    const before = readFileSync(file);
    expect(openDatabase(file, new Uint8Array(32).fill(8))).toMatchObject({
      ok: false,
      error: { code: 'database.wrongKey' },
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    open(file).close();
  });

  it('refuses a database that a newer version made, and does not touch it', () => {
    const db = open(file);
    db.pragma(`user_version = ${migrations.length + 1}`);
    db.close();
    const before = readFileSync(file);
    expect(openDatabase(file, key)).toMatchObject({
      ok: false,
      error: { code: 'database.fromTheFuture', context: { version: migrations.length + 1 } },
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('says that it cannot be read when its pages are damaged', () => {
    const db = open(file);
    const insert = db.prepare('INSERT INTO account (address, display_name) VALUES (?, ?)');
    db.transaction(() => {
      for (let index = 0; index < 2000; index += 1) insert.run(`a${index}@corp.example`, 'x'.repeat(100));
    })();
    db.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 100, 5000);
    writeFileSync(file, bytes);
    const opened = openDatabase(file, key);
    expect(opened.ok).toBe(false);
    expect(opened.ok || ['database.damaged', 'database.wrongKey'].includes(opened.error.code)).toBe(true);
  });

  it('says that its pages are damaged when they are met', () => {
    const db = open(file);
    const insert = db.prepare('INSERT INTO account (address, display_name) VALUES (?, ?)');
    db.transaction(() => {
      for (let index = 0; index < 2000; index += 1) insert.run(`a${index}@corp.example`, 'x'.repeat(100));
    })();
    db.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length - 3 * 4096);
    writeFileSync(file, bytes);
    const opened = open(file);
    expect(codeThrownBy(() => opened.prepare('SELECT count(display_name) FROM account').get())).toBe(
      'database.damaged',
    );
    opened.close();
  });

  it('says that the disk is full, keeps what it had, and goes on when there is room again', () => {
    const db = open(file);
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages + 20}`);
    const insert = db.prepare('INSERT INTO account (address, display_name) VALUES (?, ?)');
    let inserted = 0;
    const fill = () => {
      for (; inserted < 100; inserted += 1) insert.run(`a${inserted}@corp.example`, 'x'.repeat(2000));
    };
    const count = () => db.prepare<[], number>('SELECT count(*) FROM account').pluck().get();

    expect(codeThrownBy(fill)).toBe('storage.full');
    expect(inserted).toBeGreaterThan(0);
    expect(count()).toBe(inserted);
    expect(codeThrownBy(() => db.transaction(fill)())).toBe('storage.full');
    expect(count()).toBe(inserted);
    db.pragma('max_page_count = 100000');
    fill();
    expect(count()).toBe(100);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });

  it('does not take a bug for an expected failure', () => {
    const db = open(file);
    expect(() => codeThrownBy(() => db.exec("INSERT INTO account (address) VALUES ('x')"))).toThrow(
      'NOT NULL',
    );
    expect(() => codeThrownBy(() => db.exec('nonsense'))).toThrow('syntax error');
    db.close();
  });

  it('says that it cannot be opened when something else is in its place', () => {
    expect(openDatabase(folder, key)).toMatchObject({ ok: false, error: { code: 'storage.failed' } });
  });
});
