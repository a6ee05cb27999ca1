import { readdirSync, readFileSync } from 'node:fs';
import type * as Electron from 'electron';
import { chromiumPid } from '../host/chromium.ts';
import { utilityProcesses } from './utility-process.ts';

type ProcessType = Electron.ProcessMetric['type'];

const types: Readonly<Record<string, ProcessType>> = {
  renderer: 'Tab',
  'gpu-process': 'GPU',
  utility: 'Utility',
  zygote: 'Zygote',
};

/** Clock ticks of Linux's /proc, per second. */
const ticks = 100;

interface Measured {
  readonly parent: number;
  readonly cpuSeconds: number;
  readonly startedAt: number;
  readonly memory: Electron.MemoryInfo;
}

const lastMeasured = new Map<number, { readonly cpuSeconds: number; readonly at: number }>();

/** What Linux says about this process, Chromium's, and the utility processes; memory in KiB. */
export function appMetrics(): Electron.ProcessMetric[] {
  const chromium = chromiumPid();
  const utilities = new Map(utilityProcesses().map(({ pid, serviceName }) => [pid, serviceName]));
  const metrics: Electron.ProcessMetric[] = [];
  for (const pid of [process.pid, ...(chromium === null ? [] : familyOf(chromium)), ...utilities.keys()]) {
    const measured = measure(pid);
    if (measured === null) continue;
    const serviceName = utilities.get(pid);
    const type = pid === process.pid ? 'Browser' : serviceName !== undefined ? 'Utility' : typeOf(pid);
    metrics.push({
      pid,
      type,
      creationTime: measured.startedAt,
      cpu: cpuUsage(pid, measured),
      memory: measured.memory,
      ...(serviceName === undefined ? {} : { serviceName, name: serviceName }),
    });
  }
  return metrics;
}

function familyOf(root: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const measured = Number.isInteger(pid) ? measure(pid) : null;
    if (measured !== null) parents.set(pid, measured.parent);
  }
  const isInFamily = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isInFamily(parents.get(pid)));
  return [...parents.keys()].filter(isInFamily);
}

function measure(pid: number): Measured | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    const [boot] = readFileSync('/proc/uptime', 'utf8').split(' ');
    return {
      parent: fields[1] ?? 0,
      cpuSeconds: ((fields[11] ?? 0) + (fields[12] ?? 0)) / ticks,
      startedAt: Date.now() - (Number(boot) - (fields[19] ?? 0) / ticks) * 1000,
      memory: { workingSetSize: kilobytes('VmRSS'), peakWorkingSetSize: kilobytes('VmHWM') },
    };
  } catch {
    return null;
  }
}

/** Chromium's own main process is a part of what is one process in Electron. */
function typeOf(pid: number): ProcessType {
  try {
    const [, type] = /--type=([\w-]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? [];
    return type === undefined ? 'Browser' : (types[type] ?? 'Unknown');
  } catch {
    return 'Unknown';
  }
}

function cpuUsage(pid: number, { cpuSeconds }: Measured): Electron.CPUUsage {
  const at = performance.now() / 1000;
  const last = lastMeasured.get(pid);
  lastMeasured.set(pid, { cpuSeconds, at });
  return {
    percentCPUUsage: last === undefined ? 0 : ((cpuSeconds - last.cpuSeconds) / (at - last.at)) * 100,
    cumulativeCPUUsage: cpuSeconds,
    idleWakeupsPerSecond: 0,
  };
}
