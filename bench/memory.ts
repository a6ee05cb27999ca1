import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright';

/** A process of an app: what it does, and its own memory and its share of what it shares, in MB. */
export interface ProcessMemory {
  readonly role: string;
  readonly megabytes: number;
}

/** The memory of every process of an app. On Linux the kernel is asked, elsewhere Electron. */
export async function memoryByProcess(app: ElectronApplication): Promise<readonly ProcessMemory[]> {
  if (process.platform === 'linux') return memoryOfTree(app.process().pid ?? 0);
  return app.evaluate((electron) =>
    electron.app.getAppMetrics().map((metric) => ({
      role: metric.serviceName ?? metric.type.toLowerCase(),
      megabytes: metric.memory.workingSetSize / 1024,
    })),
  );
}

function memoryOfTree(root: number): readonly ProcessMemory[] {
  const children = Map.groupBy(processIds(), parentOf);
  const found: ProcessMemory[] = [];
  const queue = [root];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    const proportional = /^Pss:\s+(\d+) kB/m.exec(read(pid, 'smaps_rollup'));
    if (proportional !== null)
      found.push({ role: pid === root ? 'main' : roleOf(pid), megabytes: Number(proportional[1]) / 1024 });
    queue.push(...(children.get(pid) ?? []));
  }
  return found;
}

const processIds = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** The fourth field of /proc/PID/stat; the second, the name, is in parentheses and may hold anything. */
function parentOf(pid: number): number {
  const stat = read(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

/** Chromium names its processes by `--type`; the engine is the one that runs its bundle. */
function roleOf(pid: number): string {
  const command = read(pid, 'cmdline').replaceAll('\0', ' ');
  if (/out\/engine\/|node\.mojom\.NodeService/.test(command)) return 'engine';
  return /--type=([\w-]+)/.exec(command)?.[1] ?? 'browser';
}

/** A process may end while it is being looked at. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(join('/proc', String(pid), file), 'utf8');
  } catch {
    return '';
  }
}
