import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const home = dirname(createRequire(import.meta.url).resolve('electron/package.json'));

/** The folder that Electron's installer fills. */
export const electronDistribution = join(home, 'dist');

/** Where Electron's own executable is, or null where it was not downloaded. Decides as Electron's installer does. */
export function electronBinary(): string | null {
  const { version } = JSON.parse(read('package.json') ?? '{}') as { version?: string };
  const path = read('path.txt');
  if (path === null || read('dist/version')?.trim().replace(/^v/, '') !== version) return null;
  const file = join(electronDistribution, path);
  return existsSync(file) ? file : null;
}

function read(name: string): string | null {
  try {
    return readFileSync(join(home, name), 'utf8');
  } catch {
    return null;
  }
}
