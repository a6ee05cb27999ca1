import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { addressOf, type Lab } from '../../e2e/lab/lab.ts';
import type { Presence } from '../../shared/model/attention.ts';
import type { Measured } from '../figure.ts';
import type { Begin } from './engine-child.ts';
import { policyOf } from './laptop.ts';
import { openLinks } from './links.ts';

const settleMs = 45_000;
/** Twice as long as the longest pause between two signs of life. */
const measureMs = 120_000;
const perHour = 3_600_000 / measureMs;

interface Spent {
  readonly cpuSeconds: number;
  /** How often a thread of the process gave the processor away to wait. */
  readonly wakeUps: number;
}

/**
 * What watching costs while nothing happens and all is well, by who is at the laptop: two minutes of the real engine, as
 * if they were an hour, beside a Node that does nothing. On Linux only: elsewhere nobody counts wake-ups.
 */
export async function idleCost(lab: Lab, employees: readonly string[]): Promise<readonly Measured[]> {
  if (process.platform !== 'linux') return [];
  const paces = ['working', 'near', 'away'] as const;
  const costs = paces.map((presence, index) => costOf(lab, employees[index] ?? '', presence));
  return (await Promise.all(costs)).flat();
}

async function costOf(lab: Lab, employee: string, presence: Presence): Promise<readonly Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'relevo-bench-'));
  const links = await openLinks(lab);
  const hook = new URL('../../electron/engine/testing/sql-as-text.ts', import.meta.url);
  const module = fileURLToPath(new URL('./engine-child.ts', import.meta.url));
  const engine = spawn(process.execPath, ['--import', hook.href, module], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const idle = spawn(process.execPath, ['-e', 'setInterval(() => {}, 2 ** 30)'], { stdio: 'ignore' });
  try {
    const address = addressOf(employee);
    const begin: Begin = {
      folder,
      policy: policyOf({ lab, employee, links }),
      address,
      secrets: { exchange: lab.issuer.grant(address), continuity: lab.passwordOf(employee) },
      presence,
    };
    engine.send(begin);
    await pause(settleMs);
    const bytes = (): number => links.all.reduce((sum, link) => sum + link.bytes, 0);
    const before = { engine: spentBy(engine), idle: spentBy(idle), bytes: bytes() };
    await pause(measureMs);
    const after = { engine: spentBy(engine), idle: spentBy(idle), bytes: bytes() };
    const hourly = (what: keyof Spent, of: 'engine' | 'idle'): number =>
      (after[of][what] - before[of][what]) * perHour;
    const named = (what: string): string => `watching for an hour, ${presence}: ${what}`;
    const carried = ((after.bytes - before.bytes) * perHour) / 1000;
    return [
      { name: named('CPU'), value: hourly('cpuSeconds', 'engine'), unit: 's' },
      { name: named('wake-ups'), value: hourly('wakeUps', 'engine'), unit: 'times' },
      { name: named('wake-ups of a Node that is idle'), value: hourly('wakeUps', 'idle'), unit: 'times' },
      { name: named('bytes, both ways'), value: carried, unit: 'kB' },
    ];
  } finally {
    await Promise.all([engine, idle].map(end));
    await Promise.all(links.all.map((link) => link.close()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** Fields 14 and 15 of /proc/PID/stat, in clock ticks; the second field, the name, may hold anything. */
function spentBy({ pid }: ChildProcess): Spent {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const perSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const wakeUps = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  });
  return { cpuSeconds: ticks / perSecond, wakeUps: wakeUps.reduce((sum, one) => sum + one, 0) };
}
