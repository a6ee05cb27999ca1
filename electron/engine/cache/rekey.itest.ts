import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { openByOneOf } from './rekey.ts';

const repository = join(import.meta.dirname, '../../..');
const keys = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const;
let folder: string;
let changer: string;

/**
 * Changes the key to and fro without a pause, 6 MB each time, and says before each change which message it has just
 * committed; so a kill falls into a change, at any of its moments.
 */
const changerSource = `
  import { writeSync } from 'node:fs';
  import { upsertAccount } from './accounts.ts';
  import { storeMessage } from './messages.ts';
  import { openByOneOf, rekeyDatabase } from './rekey.ts';
  const keys = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const opened = openByOneOf(process.argv[2], keys);
  if (!opened.ok) throw new Error(opened.error.code);
  const { db, openedBy } = opened.value;
  const accountId = upsertAccount(db, { address: 'anna@corp.example', displayName: '' });
  const store = (number, size) => db.transaction(() => storeMessage(db, {
    accountId, receivedAt: number, flags: [], isFromMe: false, folderRole: 'inbox',
    keepSource: crypto.getRandomValues(new Uint8Array(size)),
    parsed: {
      internetMessageId: number + '@x', originalMessageId: null, inReplyTo: [], references: ['root@x'],
      threadIndex: null, threadTopic: null, from: { name: '', address: '' }, to: [], cc: [], bcc: [], replyTo: [],
      deliveredTo: [], protection: null, report: null, calendarMethod: null,
      subject: '', sentAt: number, text: 'word '.repeat(500), html: null, attachments: [],
    },
  }))();
  const start = Number(process.argv[3]);
  if (start === 0) for (let index = 0; index < 100; index += 1) store(-1 - index, 60000);
  for (let number = start, now = openedBy; ; number += 1) {
    store(number, 100);
    writeSync(1, number + '\\n');
    now = 1 - now;
    const changed = rekeyDatabase(db, keys[now]);
    if (!changed.ok) throw new Error(changed.error.code);
  }`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relevo-rekey-'));
  changer = join(folder, 'changer.mjs');
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  await build({
    stdin: { contents: changerSource, resolveDir: import.meta.dirname, loader: 'ts' },
    outfile: changer,
    bundle: true,
    platform: 'node',
    format: 'esm',
    loader: { '.sql': 'text' },
    packages: 'external',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lets `count` changes pass and kills the process `afterMs` into the next. Resolves to the last message committed. */
async function changeUntilKilled(
  file: string,
  start: number,
  count: number,
  afterMs: number,
): Promise<number> {
  const child = spawn(process.execPath, [changer, file, String(start)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last === start + count) setTimeout(() => child.kill('SIGKILL'), afterMs);
  }
  return last;
}

it('opens by the one key or by the other, whole, when its process is killed while the key is changed', async () => {
  const file = join(folder, 'mail.db');
  let start = 0;
  for (const [round, afterMs] of [0, 2, 5, 9, 14, 20, 27, 35, 45, 60, 80, 110].entries()) {
    const last = await changeUntilKilled(file, start, round % 3, afterMs);
    expect(last).toBeGreaterThanOrEqual(start + (round % 3));
    // The order in which main gives them is another one each time: a key that does not fit harms nothing.
    const order = round % 2 === 0 ? keys : keys.toReversed();
    const opened = openByOneOf(file, order);
    if (!opened.ok) throw new Error(`${opened.error.code} in round ${round}`);
    const { db } = opened.value;
    const other = order[1 - opened.value.openedBy] ?? keys[0];
    const stored = db
      .prepare<[], number>(
        "SELECT CAST(internet_message_id AS INTEGER) AS n FROM message WHERE internet_message_id NOT LIKE '-%' ORDER BY n",
      )
      .pluck()
      .all();
    expect(stored.slice(0, last + 1)).toEqual(Array.from({ length: last + 1 }, (_, number) => number));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
    expect(openDatabase(file, other)).toMatchObject({ ok: false, error: { code: 'database.wrongKey' } });
    start = stored.length;
  }
});
