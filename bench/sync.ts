import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fillFolder } from '../e2e/lab/fill.ts';
import { type Lab, startLab } from '../e2e/lab/lab.ts';
import { type Figure, figure, type Measured, median, quantile } from './figure.ts';
import type { Floor } from './peers/floor.ts';
import { MaildirPeers } from './peers/maildir.ts';
import { forgetLookThrough } from './sync/copy-on-disk.ts';
import { accessOf, BenchEngine } from './sync/engine.ts';
import { flameGraph } from './sync/flame-graph.ts';
import { benchMailbox } from './sync/mailbox.ts';

const employee = 'alice';
/** Of the mails that arrive while it idles. */
const arrivals = 10;
const idleMs = 20_000;
const megabyte = 1024 * 1024;

export interface SyncOptions {
  readonly messages: number;
  /** Where flame graphs are left; null: none are made. */
  readonly profileFolder: string | null;
  /** Without the others, which take several times as long. */
  readonly withPeers: boolean;
}

/** How fast the copy is made and kept, beside the least that it takes and beside what others do, on one mailbox. */
export async function sync(options: SyncOptions): Promise<readonly Figure[]> {
  const lab = await startLab({ employees: [employee] });
  const folder = mkdtempSync(join(tmpdir(), 'relevo-bench-'));
  try {
    const mailbox = benchMailbox(options.messages, Date.now());
    const { access } = lab.exchange.mailbox(employee);
    await Promise.all(mailbox.map(({ folder: name, mails }) => fillFolder(access, name, mails)));
    const rows = await measure(lab, folder, options);
    const size = `${options.messages} messages`;
    return rows.map((row) => figure('sync', { ...row, name: `${row.name} (${size})` }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await lab.stop();
  }
}

async function measure(lab: Lab, folder: string, options: SyncOptions): Promise<readonly Measured[]> {
  const { messages, profileFolder } = options;
  // Once for the server, whose own caches are cold the first time.
  await floorOf(lab);
  const [floor, again] = [await floorOf(lab), await floorOf(lab)];
  const least = Math.min(floor.ms, again.ms);
  const databaseFile = join(folder, 'mail.db');
  const first = await firstSync({ lab, databaseFile, profileFolder });
  const limits = messages >= 20_000 ? { must: 2.5, aim: 1.5 } : { must: 3, aim: 2 };
  const rows: Measured[] = [
    { name: 'first sync, over one raw FETCH', ...seconds(first.ms), reference: least / 1000, ...limits },
    {
      name: 'first sync: CPU, over that of one raw FETCH',
      value: first.cpuSeconds,
      unit: 's',
      reference: floor.cpuSeconds,
    },
    { name: 'newest 200 conversations in the list', value: first.listMs, unit: 'ms', must: 500, aim: 300 },
    {
      name: 'any query of the window during the first sync, p95',
      value: quantile(first.queries, 0.95),
      unit: 'ms',
      must: 50,
      aim: 20,
    },
    { name: 'peak memory in the first sync', value: first.peakMemory, unit: 'MB', must: 400, aim: 250 },
    {
      name: 'database over raw mail',
      value: statSync(databaseFile).size / megabyte,
      unit: 'MB',
      reference: floor.bytes / megabyte,
      must: 0.85,
      aim: 0.6,
    },
  ];
  if (profileFolder !== null) return rows;

  const plain = await firstSync({ lab, databaseFile: join(folder, 'plain.db'), isPlain: true });
  rows.push({
    name: 'first sync: CPU, over that without encryption',
    value: first.cpuSeconds,
    unit: 's',
    reference: plain.cpuSeconds,
    must: 1.1,
    aim: 1.05,
  });

  const peers = options.withPeers ? new MaildirPeers(accessOf(lab, employee)) : null;
  try {
    if (peers !== null) {
      const copied = await peers.mbsync();
      for (const [name, index] of [
        ['mbsync and mu', () => peers.mu()],
        ['mbsync and notmuch', () => peers.notmuch()],
      ] as const)
        rows.push({
          name: `first sync, over ${name}`,
          ...seconds(first.ms),
          reference: (copied + (await index())) / 1000,
          must: 0.25,
          aim: 0.167,
        });
    }
    const unchanged: { readonly ours: number; readonly peer: number | undefined }[] = [];
    for (let run = 0; run < 3; run += 1)
      unchanged.push({ ours: await resync(lab, databaseFile), peer: await peers?.mbsync() });
    const theirs = unchanged.flatMap(({ peer }) => peer ?? []);
    rows.push({
      name: 'resync without change, over mbsync',
      value: median(unchanged.map(({ ours }) => ours)),
      unit: 'ms',
      ...(theirs.length === 0 ? {} : { reference: median(theirs), must: 1.5, aim: 0.7 }),
    });
  } finally {
    peers?.remove();
  }
  return [...rows, ...(await onceCopied(lab, databaseFile, messages))];
}

interface FirstSync {
  readonly ms: number;
  readonly cpuSeconds: number;
  readonly listMs: number;
  /** Milliseconds of each question that the window asked meanwhile. */
  readonly queries: readonly number[];
  readonly peakMemory: number;
}

/** From the start of a signed-in engine without any copy to a complete one, while somebody looks around in the window. */
async function firstSync(options: {
  readonly lab: Lab;
  readonly databaseFile: string;
  readonly profileFolder?: string | null;
  readonly isPlain?: boolean;
}): Promise<FirstSync> {
  const { lab, databaseFile, profileFolder = null, isPlain = false } = options;
  if (profileFolder !== null) mkdirSync(profileFolder, { recursive: true });
  const engine = await BenchEngine.start({
    lab,
    employee,
    databaseFile,
    isPlain,
    ...(profileFolder === null ? {} : { profileFolder }),
  });
  const queries: number[] = [];
  let isOver = false;
  // Of a mailbox that has fewer, all.
  const listed = engine.until(async () => isOver || (await listOf(engine, 200)).items.length === 200);
  const looking = (async () => {
    for (let turn = 0; !isOver; turn += 1) {
      const begun = performance.now();
      await question(engine, turn);
      queries.push(performance.now() - begun);
      await pause(100);
    }
  })();
  const endedAt = await isCurrent(engine);
  isOver = true;
  await looking;
  const figures = {
    ms: endedAt - engine.startedAt,
    cpuSeconds: engine.cpuSeconds(),
    listMs: (await listed) - engine.startedAt,
    queries,
    peakMemory: engine.peakMemory(),
  };
  await engine.stop();
  if (profileFolder !== null) flameGraph(profileFolder);
  return figures;
}

interface Page {
  readonly items: readonly { readonly id: number }[];
  readonly total: number;
}

const listOf = (engine: BenchEngine, limit: number, offset = 0): Promise<Page> =>
  engine.ask('conversations.list', { accountId: engine.accountId, view: 'all', offset, limit });

/** What a window asks: the list, its middle, a conversation, a search. */
async function question(engine: BenchEngine, turn: number): Promise<void> {
  if (turn % 4 === 0) return void (await listOf(engine, 50));
  if (turn % 4 === 1) return void (await listOf(engine, 50, 100));
  if (turn % 4 === 2) {
    const text = ['re', 'report', 'far example', 'tea'][Math.floor(turn / 4) % 4];
    return void (await engine.ask('search.query', { accountId: engine.accountId, text, limit: 50 }));
  }
  const [first] = (await listOf(engine, 1)).items;
  if (first !== undefined) await engine.ask('conversations.open', { conversationId: first.id });
}

const isCurrent = (engine: BenchEngine): Promise<number> =>
  engine.until(async () => {
    const { kind, error } = await engine.status();
    if (error !== null) throw new Error(error.code);
    return kind === 'current';
  });

/** The everyday pass of an engine that starts, connecting and all, as mbsync has to. Milliseconds. */
async function resync(lab: Lab, databaseFile: string): Promise<number> {
  const engine = await BenchEngine.start({ lab, employee, databaseFile });
  const ms = (await isCurrent(engine)) - engine.startedAt;
  await engine.stop();
  return ms;
}

async function onceCopied(lab: Lab, databaseFile: string, messages: number): Promise<readonly Measured[]> {
  forgetLookThrough(databaseFile);
  const engine = await BenchEngine.start({ lab, employee, databaseFile });
  const begun = await isCurrent(engine);
  const ended = await engine.until(async () => (await engine.status()).completeness !== null);
  const limits = messages === 50_000 ? { must: 1500, aim: 800 } : {};
  const waits: number[] = [];
  for (let number = 0; number < arrivals; number += 1) {
    const before = (await listOf(engine, 1)).total;
    const mail = `From: Eva <eva@far.example>\r\nTo: alice@corp.example\r\nMessage-ID: <new.${number}.${begun}@bench.example>\r\nSubject: New ${number}\r\n\r\nHello\r\n`;
    await lab.exchange.mailbox(employee).append('INBOX', Buffer.from(mail));
    const delivered = performance.now();
    waits.push((await engine.until(async () => (await listOf(engine, 1)).total > before)) - delivered);
  }
  const before = { cpu: engine.cpuSeconds(), wakeUps: engine.wakeUps() };
  await pause(idleMs);
  const perMinute = 60_000 / idleMs;
  const idle = {
    cpu: (engine.cpuSeconds() - before.cpu) * perMinute,
    wakeUps: (engine.wakeUps() - before.wakeUps) * perMinute,
  };
  await engine.stop();
  return [
    { name: 'complete flag pass', value: ended - begun, unit: 'ms', ...limits },
    { name: 'new mail: from delivery to the list', value: median(waits), unit: 'ms', must: 300, aim: 150 },
    { name: 'idle for a minute: CPU', value: idle.cpu * 1000, unit: 'ms' },
    { name: 'idle for a minute: wake-ups', value: idle.wakeUps, unit: 'times' },
  ];
}

async function floorOf(lab: Lab): Promise<Floor> {
  const module = fileURLToPath(new URL('./peers/floor.ts', import.meta.url));
  const given = { access: accessOf(lab, employee), folders: ['INBOX', 'Sent Items', 'Archive'] };
  const { stdout } = await promisify(execFile)(process.execPath, [module, JSON.stringify(given)]);
  return JSON.parse(stdout) as Floor;
}

const seconds = (ms: number) => ({ value: ms / 1000, unit: 's' }) as const;
