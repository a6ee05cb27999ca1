import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailToFile } from '../e2e/lab/fill.ts';
import { upsertAccount } from '../electron/engine/cache/accounts.ts';
import { type Database, openDatabase } from '../electron/engine/cache/database.ts';
import { storeMessage } from '../electron/engine/cache/messages.ts';
import { gatherWords } from '../electron/engine/cache/search-index.ts';
import { parseMessage } from '../electron/engine/mime/parse.ts';
import type { ParsedMessage } from '../electron/engine/mime/types.ts';
import { searchMessages } from '../electron/engine/search/search.ts';
import type { AccountId, EpochMs } from '../shared/model/ids.ts';
import { type Figure, figure, type Measured, median, quantile } from './figure.ts';
import { IndexedMaildir } from './peers/indexed-maildir.ts';
import { type BenchQuery, benchQueries } from './search/queries.ts';
import { databaseKey } from './sync/engine.ts';
import { benchMailbox } from './sync/mailbox.ts';

const queries = 200;
const batch = 100;
const sizes = [1000, 5000, 20_000, 50_000, 100_000, 500_000];
const megabyte = 1024 * 1024;

/** How long a search takes in a copy of so many messages, beside mu and notmuch over the same mail. */
export async function search(options: {
  readonly messages: number;
  readonly withPeers: boolean;
}): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'relevo-search-'));
  const peers = options.withPeers ? new IndexedMaildir() : null;
  const databaseFile = join(folder, 'mail.db');
  const opened = openDatabase(databaseFile, databaseKey);
  if (!opened.ok) throw new Error(opened.error.code);
  const db = opened.value;
  const figures: Figure[] = [];
  try {
    const accountId = upsertAccount(db, { address: 'alice@corp.example', displayName: 'Alice' });
    let rawBytes = 0;
    let stored = 0;
    for await (const count of fill(db, accountId, options.messages, (source, isSeen) => {
      rawBytes += source.length;
      peers?.add(source, isSeen);
    })) {
      stored = count;
      if (!sizes.includes(count) || count === options.messages) continue;
      figures.push(...measure(db, accountId, count, benchQueries(queries, textsOf(db))).map(named(count)));
    }
    const all = benchQueries(queries, textsOf(db));
    figures.push(...measure(db, accountId, stored, all).map(named(stored)));
    db.pragma('wal_checkpoint(TRUNCATE)');
    figures.push(
      ...[
        {
          name: 'database over raw mail',
          value: statSync(databaseFile).size / megabyte,
          unit: 'MB' as const,
          reference: rawBytes / megabyte,
          must: 0.85,
          aim: 0.6,
        },
        { name: 'index of words', value: indexBytes(db) / megabyte, unit: 'MB' as const },
      ].map(named(stored)),
    );
    if (peers !== null) figures.push(...(await beside(peers, db, accountId, all)).map(named(stored)));
    return figures;
  } finally {
    db.close();
    peers?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

const named =
  (count: number) =>
  (row: Measured): Figure =>
    figure('search', { ...row, name: `${row.name} (${count} messages)` });

/** Stores the mailbox as sync would, in its batches; yields how many are there after each. */
async function* fill(
  db: Database,
  accountId: AccountId,
  messages: number,
  add: (source: Uint8Array, isSeen: boolean) => void,
) {
  let count = 0;
  for (const { folder, mails } of benchMailbox(messages, Date.now())) {
    const role = folder === 'INBOX' ? 'inbox' : folder === 'Archive' ? 'archive' : 'sent';
    const { lastInsertRowid: folderId } = db
      .prepare("INSERT INTO folder (account_id, route, path, role) VALUES (?, 'primary', ?, ?)")
      .run(accountId, folder, role);
    const copy = db.prepare(
      'INSERT INTO copy (account_id, message_id, folder_id, uid, flags, internal_date) VALUES (?, ?, ?, ?, ?, ?)',
    );
    let uid = 0;
    for (const group of inGroups(mails)) {
      const parsed: { readonly mail: MailToFile; readonly message: ParsedMessage }[] = [];
      for (const mail of group) {
        add(mail.source, mail.flags.includes('\\Seen'));
        parsed.push({ mail, message: await parseMessage(mail.source) });
      }
      db.transaction(() =>
        gatherWords(db, () => {
          for (const { mail, message } of parsed) {
            const receivedAt = mail.date.getTime() as EpochMs;
            const { messageId } = storeMessage(db, {
              accountId,
              parsed: message,
              receivedAt,
              flags: mail.flags,
              isFromMe: false,
              folderRole: role,
              keepSource: null,
            });
            uid += 1;
            copy.run(accountId, messageId, folderId, uid, mail.flags.join(' '), receivedAt);
          }
        }),
      ).immediate();
      count += group.length;
      yield count;
    }
  }
}

function* inGroups<T>(items: Iterable<T>): Generator<readonly T[]> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < batch) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Of messages all over the time, to take words from. */
function textsOf(db: Database): readonly string[] {
  return db.prepare<[], string>('SELECT snippet FROM message WHERE id % 37 = 1 LIMIT 500').pluck().all();
}

function measure(
  db: Database,
  accountId: AccountId,
  count: number,
  asked: readonly BenchQuery[],
): readonly Measured[] {
  // What is asked first reads the index from the disk, as once a day: told apart.
  const cold = asked.map((query) => timeOf(db, accountId, query));
  const warm = asked.map((query) => timeOf(db, accountId, query));
  const processor = asked.map((query) => {
    const before = process.cpuUsage();
    timeOf(db, accountId, query);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  const slowest = asked
    .map(({ kind }, index) => ({ kind, ms: processor[index] ?? 0 }))
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, 10);
  console.log(`${count}: slowest ${slowest.map(({ kind, ms }) => `${kind} ${ms.toFixed(1)}`).join(', ')}`);
  return [
    { name: 'newest 50, p95 of 200 queries', value: quantile(warm, 0.95), unit: 'ms', must: 5, aim: 2 },
    { name: 'newest 50, median', value: median(warm), unit: 'ms' },
    { name: 'processor time of these, p95', value: quantile(processor, 0.95), unit: 'ms' },
    { name: 'processor time of these, median', value: median(processor), unit: 'ms' },
    { name: 'asked for the first time, p95', value: quantile(cold, 0.95), unit: 'ms' },
  ];
}

function timeOf(db: Database, accountId: AccountId, { text }: BenchQuery): number {
  const begun = performance.now();
  searchMessages(db, { accountId, text, limit: 50 });
  return performance.now() - begun;
}

function indexBytes(db: Database): number {
  return (
    db
      .prepare<[], number>(
        `SELECT (SELECT sum(length(block)) FROM message_search_data) + (SELECT sum(length(block)) FROM message_search_part_data)
           + (SELECT sum(length(word)) * 3 FROM search_word)`,
      )
      .pluck()
      .get() ?? 0
  );
}

async function beside(
  peers: IndexedMaildir,
  db: Database,
  accountId: AccountId,
  asked: readonly BenchQuery[],
): Promise<readonly Measured[]> {
  await peers.index();
  const shared = asked.filter(({ peer }) => peer !== null).slice(0, 60);
  const theirs = await peers.search(shared.flatMap(({ peer }) => peer ?? []));
  const ours = shared.map((query) => timeOf(db, accountId, query));
  return (['mu', 'notmuch'] as const).map((peer) => ({
    name: `p95 of what ${peer} understands too, without its start, over ${peer}`,
    value: quantile(ours, 0.95),
    unit: 'ms',
    reference: quantile(theirs[peer], 0.95),
    must: 1,
    aim: 0.2,
  }));
}
