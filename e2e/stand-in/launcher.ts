import { join } from 'node:path';
import { electronBinary } from '../../build/electron-binary.ts';

/** Is Electron's own executable installed? Then everything here uses it. */
export function isRealElectron(): boolean {
  return electronBinary() !== null;
}

/**
 * What to add to the environment so that `npx electron`, `require('electron')` and Playwright's `_electron` start
 * the stand-in; empty where the real Electron is installed. It is set for this process too: Playwright looks for the
 * executable here, before it starts it with that environment.
 */
export function electronEnvironment(): Record<string, string> {
  if (isRealElectron()) return {};
  const environment = { ELECTRON_OVERRIDE_DIST_PATH: join(import.meta.dirname, 'bin') };
  Object.assign(process.env, environment);
  return environment;
}
