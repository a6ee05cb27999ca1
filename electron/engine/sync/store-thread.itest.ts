import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AccountId, FolderId } from '../../../shared/model/ids.ts';
import { upsertAccount } from '../cache/accounts.ts';
import { type Database, openDatabase } from '../cache/database.ts';
import { knownFolder } from '../cache/queries/sync-store.ts';
import { rekeyDatabase } from '../cache/rekey.ts';
import { openTestDatabase, silent, testKey } from '../testing/laptop.ts';
import { type BatchForThread, createStoreThread, type StoreThread } from './store-thread.ts';

const script = new URL('./testing/store-thread-for-tests.ts', import.meta.url);
let folder: string;
let file: string;
let db: Database;
let accountId: AccountId;
let folderId: FolderId;
let thread: StoreThread;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relevo-store-thread-'));
  file = join(folder, 'mail.db');
  db = openTestDatabase(file);
  accountId = upsertAccount(db, { address: 'anna@corp.example', displayName: '' });
  folderId = knownFolder(db, { accountId, route: 'primary', path: 'INBOX', role: 'inbox' }).id;
  thread = createStoreThread({ databaseFile: file, databaseKey: testKey, script, log: silent });
});
afterEach(async () => {
  await thread.stop();
  db.close();
  rmSync(folder, { recursive: true });
});

const batch = (uid: number, sender = 'bob@far.example'): BatchForThread => ({
  accountId,
  folderId,
  role: 'inbox',
  largestAttachment: 1_000_000,
  ownAddresses: ['Anna@Corp.Example'],
  messages: [
    {
      place: { uid, flags: ['\\Seen'], internalDate: 1 },
      source: Buffer.from(`From: ${sender}\r\nMessage-ID: <${uid}@x.example>\r\n\r\nHello`),
      message: null,
    },
  ],
});

const stored = (opened: Database = db): readonly unknown[] =>
  opened
    .prepare(
      `SELECT uid, flags, is_from_me AS isFromMe FROM copy JOIN message ON message.id = copy.message_id ORDER BY uid`,
    )
    .all();

it('stores what is seen here as soon as it says so', async () => {
  expect(await thread.store(batch(1))).toBe(true);
  expect(await thread.store(batch(2, 'anna@corp.example'))).toBe(true);
  expect(stored()).toEqual([
    { uid: 1, flags: '\\Seen', isFromMe: 0 },
    { uid: 2, flags: '\\Seen', isFromMe: 1 },
  ]);
});

it('writes in turn with the connection here, and neither fails', async () => {
  let open = 20;
  const storing = Array.from({ length: open }, async (_, index) => {
    expect(await thread.store(batch(index + 1))).toBe(true);
    open -= 1;
  });
  let written = 0;
  while (open > 0) {
    db.prepare('UPDATE account SET display_name = ?').run(String(written));
    written += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(storing);
  expect(stored()).toHaveLength(20);
  expect(db.prepare('SELECT display_name FROM account').pluck().get()).toBe(String(written - 1));
});

it('throws here what the database has thrown there, stores nothing of that batch, and goes on', async () => {
  const orphan = { ...batch(1), folderId: 99 as FolderId };
  await expect(thread.store(orphan)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' });
  expect(db.prepare('SELECT count(*) FROM message').pluck().get()).toBe(0);
  expect(await thread.store(batch(1))).toBe(true);
});

it('says that nobody has stored it where no thread can be started, now and later', async () => {
  const none = createStoreThread({
    databaseFile: file,
    databaseKey: testKey,
    script: join(folder, 'missing.cjs'),
    log: silent,
  });
  expect(await none.store(batch(1))).toBe(false);
  expect(await none.store(batch(1))).toBe(false);
  await none.stop();
  expect(stored()).toEqual([]);
});

it('leaves the database alone while it is encrypted anew, and goes on by the other key', async () => {
  const key = new Uint8Array(32).fill(5);
  const storing = thread.store(batch(1));
  await thread.pause();
  expect(await storing).toBe(true);
  const later = thread.store(batch(2));
  expect(rekeyDatabase(db, key)).toEqual({ ok: true, value: null });
  thread.resume(key);
  expect(await later).toBe(true);
  await thread.stop();
  const opened = openDatabase(file, key);
  expect(opened.ok && stored(opened.value)).toHaveLength(2);
  if (opened.ok) opened.value.close();
});

it('has on the disk what it said, when the whole process group is killed in the middle of what comes next', async () => {
  const hook = fileURLToPath(new URL('../testing/sql-as-text.ts', import.meta.url));
  const module = fileURLToPath(new URL('./testing/storing-child.ts', import.meta.url));
  let said = 0;
  for (const batches of [1, 3, 8]) {
    const child = spawn(process.execPath, ['--import', hook, module, file, String(said + 1)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const enough = said + batches * 20;
    for await (const line of createInterface({ input: child.stdout })) {
      said = Number(line);
      if (said === enough) process.kill(-(child.pid ?? 0), 'SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(said).toBeGreaterThanOrEqual(enough);
    const uids = stored().map((row) => (row as { readonly uid: number }).uid);
    expect(uids.slice(0, said)).toEqual(Array.from({ length: said }, (_, index) => index + 1));
    expect(uids.length % 20).toBe(0);
    // Not the one here: FTS5 would compare what it remembers of the index with what has become of it.
    const fresh = openTestDatabase(file);
    expect(fresh.pragma('integrity_check', { simple: true })).toBe('ok');
    fresh.close();
    said = uids.length;
  }
});
