import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The folder of the repository: every tool runs there. */
export const repository = join(import.meta.dirname, '..');

interface Finished {
  readonly code: number;
  /** What it printed, then what it complained of; empty when it printed to the terminal itself. */
  readonly output: string;
}

interface RunOptions {
  /** `inherit` prints to the terminal, `capture` collects. */
  readonly output: 'inherit' | 'capture';
  readonly env?: Readonly<Record<string, string>>;
  /** The repository unless given. */
  readonly cwd?: string;
}

/**
 * Runs a command of an installed npm package on this very Node, without npx and without a shell, so that it works
 * alike on every platform. Never rejects: a tool that cannot start finishes with code 1.
 */
export function runTool(
  packageName: string,
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Finished> {
  return run(process.execPath, [binOf(packageName, command), ...args], options);
}

function run(command: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? repository,
      env: { ...process.env, ...options.env },
      stdio: options.output === 'inherit' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    // Ctrl-C reaches the whole group by itself; whoever ends this process alone means the tool too.
    const end = () => child.kill('SIGTERM');
    process.once('SIGTERM', end);
    const printed: Buffer[] = [];
    const complained: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => complained.push(chunk));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => {
      process.off('SIGTERM', end);
      resolve({ code: code ?? 1, output: Buffer.concat([...printed, ...complained]).toString() });
    });
  });
}

function binOf(packageName: string, command: string): string {
  const folder = packageFolder(packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin?: string | Readonly<Record<string, string>>;
  };
  const file = typeof bin === 'string' ? bin : bin?.[command];
  if (file === undefined) throw new Error(`${packageName} has no command ${command}`);
  return join(folder, file);
}

/** Some packages do not export their package.json, so the folder is found by the search path. */
function packageFolder(name: string): string {
  const found = (createRequire(import.meta.url).resolve.paths(name) ?? [])
    .map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, 'package.json')));
  if (found === undefined) throw new Error(`${name} is not installed: run npm ci`);
  return found;
}
