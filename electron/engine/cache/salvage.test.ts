import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../shared/model/ids.ts';
import { halfMessages } from '../sync/proof/testing/stored-copy.ts';
import { type Laptop, openLaptop, testKey } from '../testing/laptop.ts';
import { type Database, openDatabase } from './database.ts';
import { noteDamage, openOrSalvage } from './salvage.ts';

const pageSize = 4096;
/** `npm run test:deep` hurts every page. */
const stride = process.env.PROPERTY_RUNS === undefined ? 9 : 1;

describe('a damaged copy', { timeout: 600_000 }, () => {
  let laptop: Laptop;
  let file: string;

  beforeEach(async () => {
    laptop = openLaptop('anna@corp.example');
    file = `${laptop.file}.hurt`;
    for (let number = 0; number < 40; number += 1)
      await laptop.receives(
        `From: Eva <eva@far.example>\nSubject: mail ${number}\nMessage-ID: <${number}@far.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n${'words '.repeat(300)}\n--b\nContent-Type: application/pdf; name=plan.pdf\nContent-Disposition: attachment\n\n${`${number} plans `.repeat(400)}\n--b--\n`,
      );
    for (let number = 0; number < 8; number += 1) unsent(laptop.db, laptop.account.id, number);
    laptop.db.pragma('wal_checkpoint(TRUNCATE)');
  });
  afterEach(() => laptop.remove());

  const names = (db: Database, table: string): readonly string[] =>
    db.prepare<[], string>(`SELECT id FROM ${table} ORDER BY id`).pluck().all();
  const count = (db: Database, table: string): number =>
    db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;

  it('is salvaged whichever page is hurt: what is left is whole, and of the rest nearly everything is there', () => {
    const pages = statSync(laptop.file).size / pageSize;
    const outcomes = { untouched: 0, salvaged: 0, unreadable: 0, fewestMessages: 40, fewestUnsent: 8 };
    for (let page = 2; page <= pages; page += stride) {
      for (const part of ['', '-wal', '-shm', '.damaged', '.damage-met'])
        rmSync(`${file}${part}`, { force: true });
      copyFileSync(laptop.file, file);
      flip(file, page);
      noteDamage(file);
      const opened = openOrSalvage(file, [new Uint8Array(32), testKey]);
      if (!opened.ok) {
        // The schema is all that SQLite knows of the rest. The file stays as it is.
        expect(opened.error.code).toBe('database.damaged');
        expect(existsSync(`${file}.damaged`)).toBe(false);
        outcomes.unreadable += 1;
        continue;
      }
      const { db, openedBy, salvaged } = opened.value;
      expect(openedBy).toBe(1);
      expect(existsSync(`${file}.damaged`)).toBe(true);
      expect(halfMessages(db), `page ${page}`).toEqual([]);
      outcomes[salvaged?.damaged.length === 0 ? 'untouched' : 'salvaged'] += 1;
      outcomes.fewestMessages = Math.min(outcomes.fewestMessages, count(db, 'message'));
      outcomes.fewestUnsent = Math.min(outcomes.fewestUnsent, names(db, 'draft').length);
      db.close();
    }
    expect(outcomes.unreadable).toBeLessThan(pages / stride / 4);
    expect(outcomes.fewestUnsent).toBeGreaterThanOrEqual(4);
    console.log(`Of ${pages} pages, hurt one after the other: ${JSON.stringify(outcomes)}`);
  });

  it('is the same afterwards where nothing was hurt', () => {
    copyFileSync(laptop.file, file);
    noteDamage(file);
    const opened = openOrSalvage(file, [testKey]);
    if (!opened.ok) throw new Error(opened.error.code);
    const { db } = opened.value;
    for (const table of [
      'message',
      'copy',
      'attachment',
      'conversation',
      'conversation_key',
      'message_search',
      'search_place',
      'search_word',
      'draft',
    ])
      expect({ table, count: count(db, table) }).toEqual({ table, count: count(laptop.db, table) });
    db.close();
    expect(openOrSalvage(file, [testKey])).toMatchObject({ ok: true, value: { salvaged: null } });
  });

  it('goes on where a salvage was cut short between its last two steps', () => {
    copyFileSync(laptop.file, `${file}.salvaged`);
    copyFileSync(laptop.file, `${file}.damaged`);
    const opened = openOrSalvage(file, [testKey]);
    if (!opened.ok) throw new Error(opened.error.code);
    expect(count(opened.value.db, 'message')).toBe(40);
    opened.value.db.close();
  });

  it('is not touched by the wrong key', () => {
    copyFileSync(laptop.file, file);
    noteDamage(file);
    expect(openOrSalvage(file, [new Uint8Array(32)])).toMatchObject({
      ok: false,
      error: { code: 'database.wrongKey' },
    });
    expect(openDatabase(file, testKey)).toMatchObject({ ok: true });
  });
});

function unsent(db: Database, accountId: AccountId, number: number): void {
  db.prepare(
    `INSERT INTO draft (id, account_id, kind, from_address, recipients, subject, text, updated_at)
     VALUES (?, ?, 'new', 'anna@corp.example', '{"to":[],"cc":[],"bcc":[]}', 'Draft', ?, 0)`,
  ).run(`draft ${number}`, accountId, `${number} `.repeat(700));
}

/** One bit of what stands in the middle of a page. */
function flip(file: string, page: number): void {
  const handle = openSync(file, 'r+');
  const at = (page - 1) * pageSize + pageSize / 2;
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, at);
  byte.writeUInt8(byte.readUInt8(0) ^ 1);
  writeSync(handle, byte, 0, 1, at);
  closeSync(handle);
}
