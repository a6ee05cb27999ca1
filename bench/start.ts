import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { _electron, type ElectronApplication } from 'playwright';
import { App } from '../e2e/app.ts';
import { startLab } from '../e2e/lab/lab.ts';
import { electronEnvironment } from '../e2e/stand-in/launcher.ts';
import { type Figure, figure, type Measured, median } from './figure.ts';
import { memoryByProcess, type ProcessMemory } from './memory.ts';

const series = 'start';
const runs = 5;

interface Start {
  readonly milliseconds: number;
  readonly memory: readonly ProcessMemory[];
}

/**
 * From nothing to a list of conversations that can be clicked, with 500 messages in the cache, over the same of an app
 * that shows one line; and the memory of each process then. The two take turns, so that a busy machine slows both.
 */
export async function start(): Promise<readonly Figure[]> {
  const environment = electronEnvironment();
  const lab = await startLab({ employees: ['alice'], seed: { messages: 500 } });
  const profile = await mkdtemp(join(tmpdir(), 'relevo-bench-'));
  try {
    const { policyFile } = lab.policyFor('alice', { overrides: { 'keystore.allowUnprotected': true } });
    await fillCache(policyFile, profile);

    const empty: Start[] = [];
    const relevo: Start[] = [];
    for (let run = 0; run < runs; run++) {
      empty.push(await startEmpty(environment));
      relevo.push(await startRelevo(policyFile, profile));
    }
    const where = Object.keys(environment).length === 0 ? '' : ' (stand-in)';
    return figures(relevo, empty).map((measured) =>
      figure(series, { ...measured, name: `${measured.name}${where}` }),
    );
  } finally {
    await rm(profile, { recursive: true, force: true });
    await lab.stop();
  }
}

function figures(relevo: readonly Start[], empty: readonly Start[]): readonly Measured[] {
  const total = (starts: readonly Start[]) =>
    median(starts.map(({ memory }) => memory.reduce((sum, { megabytes }) => sum + megabytes, 0)));
  const roles = [...new Set(relevo.flatMap(({ memory }) => memory.map(({ role }) => role)))];
  const ofRole = (starts: readonly Start[], role: string) =>
    median(
      starts.map(({ memory }) =>
        memory.filter((one) => one.role === role).reduce((sum, { megabytes }) => sum + megabytes, 0),
      ),
    );
  const time = (starts: readonly Start[]) => median(starts.map(({ milliseconds }) => milliseconds));
  return [
    { name: 'time to a usable list', value: time(relevo), unit: 'ms', reference: time(empty), must: 2 },
    { name: 'memory', value: total(relevo), unit: 'MB', reference: total(empty) },
    ...roles.map((role): Measured => {
      const reference = ofRole(empty, role);
      return {
        name: `memory: ${role}`,
        value: ofRole(relevo, role),
        unit: 'MB',
        ...(reference > 0 ? { reference } : {}),
      };
    }),
  ];
}

/** The first start copies the mailbox; what is measured are the later ones. */
async function fillCache(policyFile: string, profile: string): Promise<void> {
  const app = await App.launch({ policyFile, profile });
  await firstRow(app);
  await app.quit();
}

async function startRelevo(policyFile: string, profile: string): Promise<Start> {
  const begun = performance.now();
  const app = await App.launch({ policyFile, profile });
  await firstRow(app);
  return finish(app.electron, performance.now() - begun);
}

async function startEmpty(environment: Readonly<Record<string, string>>): Promise<Start> {
  const begun = performance.now();
  const app = await _electron.launch({
    args: [join(import.meta.dirname, 'empty-app')],
    env: { ...(process.env as Record<string, string>), ...environment },
  });
  await (await app.firstWindow()).getByTestId('ready').waitFor();
  return finish(app, performance.now() - begun);
}

async function firstRow(app: App): Promise<void> {
  await app.page.getByTestId('conversation-row').first().waitFor({ timeout: 60_000 });
}

async function finish(app: ElectronApplication, milliseconds: number): Promise<Start> {
  const memory = await memoryByProcess(app);
  await app.close();
  return { milliseconds, memory };
}
