import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

interface Manifest {
  readonly name?: string;
  readonly productName?: string;
  readonly version?: string;
  readonly main?: string;
  readonly type?: string;
}

/** What was asked for on the command line, as Electron reads it. */
export interface Launch {
  readonly executable: string;
  readonly argv: readonly string[];
  /** Modules to load before the app (`-r`). */
  readonly preloads: readonly string[];
  /** `--name=value`, wherever they stand before a bare `--`. */
  readonly switches: ReadonlyMap<string, string>;
  readonly appFolder: string;
  readonly mainFile: string;
  readonly manifest: Manifest;
}

export const launch: Launch = readLaunch(
  process.env.ELECTRON_STAND_IN_EXECUTABLE ?? join(import.meta.dirname, '../bin/electron'),
  process.argv.slice(2),
);

export const electronVersion: string = (
  createRequire(import.meta.url)('electron/package.json') as { readonly version: string }
).version;

function readLaunch(executable: string, argv: readonly string[]): Launch {
  const preloads: string[] = [];
  const switches = new Map<string, string>();
  let app: string | null = null;
  let areSwitches = true;
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? '';
    if (argument === '--') areSwitches = false;
    else if (app === null && (argument === '-r' || argument === '--require'))
      preloads.push(argv[++index] ?? '');
    else if (areSwitches && argument.startsWith('--')) {
      const [name = '', ...value] = argument.slice(2).split('=');
      switches.set(name, value.join('='));
    } else if (!argument.startsWith('-')) app ??= argument;
  }
  const target = resolve(app ?? '.');
  const isFile = existsSync(target) && statSync(target).isFile();
  const appFolder = isFile ? dirname(target) : target;
  const manifest = readManifest(appFolder);
  const mainFile = isFile ? target : resolve(appFolder, manifest.main ?? 'index.js');
  return { executable, argv, preloads, switches, appFolder, mainFile, manifest };
}

function readManifest(folder: string): Manifest {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : {};
}
