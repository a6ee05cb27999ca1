import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from './database.ts';

const repository = join(import.meta.dirname, '../../..');
let folder: string;
let writer: string;

/** Says the number of each message on a line of its own, right after it is committed. */
const writerSource = `
  import { writeSync } from 'node:fs';
  import { openDatabase } from './database.ts';
  import { upsertAccount } from './accounts.ts';
  import { storeMessage } from './messages.ts';
  const opened = openDatabase(process.argv[2], new Uint8Array(32));
  if (!opened.ok) throw new Error(opened.error.code);
  const db = opened.value;
  const accountId = upsertAccount(db, { address: 'anna@corp.example', displayName: '' });
  const start = Number(process.argv[3]);
  for (let number = start; ; number += 1) {
    const parsed = {
      internetMessageId: number + '@x', originalMessageId: null, inReplyTo: [], references: ['root@x'],
      threadIndex: null, threadTopic: null, from: { name: '', address: '' }, to: [], cc: [], bcc: [], replyTo: [], deliveredTo: [], protection: null, report: null, calendarMethod: null,
      subject: '', sentAt: number, text: 'word '.repeat(500), html: null, attachments: [],
    };
    db.transaction(() => storeMessage(db, {
      accountId, parsed, receivedAt: number, flags: [], isFromMe: false, folderRole: 'inbox',
      keepSource: new Uint8Array(5000).fill(number),
    }))();
    writeSync(1, number + '\\n');
  }`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relevo-durability-'));
  writer = join(folder, 'writer.mjs');
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  await build({
    stdin: { contents: writerSource, resolveDir: import.meta.dirname, loader: 'ts' },
    outfile: writer,
    bundle: true,
    platform: 'node',
    format: 'esm',
    loader: { '.sql': 'text' },
    packages: 'external',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lets the writer commit `count` messages and kills it in the middle of what it does next. */
async function writeUntilKilled(file: string, start: number, count: number): Promise<number> {
  const child = spawn(process.execPath, [writer, file, String(start)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last === start + count) child.kill('SIGKILL');
  }
  return last;
}

it('keeps everything that was committed when its process is killed, and stays whole', async () => {
  const file = join(folder, 'mail.db');
  let start = 0;
  for (const count of [1, 7, 40, 3, 90]) {
    const last = await writeUntilKilled(file, start, count);
    expect(last).toBeGreaterThanOrEqual(start + count);
    const opened = openDatabase(file, new Uint8Array(32));
    if (!opened.ok) throw new Error(opened.error.code);
    const db = opened.value;
    const stored = db
      .prepare<[], number>('SELECT CAST(internet_message_id AS INTEGER) AS n FROM message ORDER BY n')
      .pluck()
      .all();
    expect(stored.slice(0, last + 1)).toEqual(Array.from({ length: last + 1 }, (_, number) => number));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    for (const table of ['message_body', 'message_source', 'message_search', 'search_place'])
      expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(stored.length);
    expect(db.prepare('SELECT message_count FROM conversation').pluck().all()).toEqual([stored.length]);
    db.close();
    start = stored.length;
  }
});
