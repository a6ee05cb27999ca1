import { createRequire, registerHooks } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from './api/app.ts';
import { electronVersion, launch } from './host/launch.ts';

/** Where the stand-in starts, in Electron's order: Playwright's loader, the app's main file, Chromium, `ready`. */
const api = pathToFileURL(join(import.meta.dirname, 'electron.ts')).href;

process.argv = [launch.executable, ...launch.argv];
delete process.env.ELECTRON_STAND_IN_EXECUTABLE;
Object.defineProperty(process.versions, 'electron', { value: electronVersion, enumerable: true });
Object.assign(process, {
  type: 'browser',
  defaultApp: true,
  resourcesPath: join(launch.appFolder, 'resources'),
});

registerHooks({
  resolve: (specifier, context, next) =>
    /^electron(\/(main|common))?$/.test(specifier)
      ? { url: api, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') === 1)
    fail('A JavaScript error occurred in the main process', error);
});

if (launch.switches.has('version')) {
  console.log(`v${electronVersion}`);
  process.exit();
}
try {
  const require = createRequire(join(process.cwd(), 'start.js'));
  for (const file of launch.preloads) require(isAbsolute(file) ? file : resolve(file));
  await loadMain();
  await app.start();
} catch (error) {
  fail('App threw an error during load', error);
}

async function loadMain(): Promise<void> {
  const { mainFile, manifest } = launch;
  if (/\.m[jt]s$/.test(mainFile) || (/\.[jt]s$/.test(mainFile) && manifest.type === 'module'))
    await import(pathToFileURL(mainFile).href);
  else createRequire(mainFile)(mainFile);
}

function fail(what: string, error: unknown): void {
  console.error(`${what}\n${error instanceof Error ? error.stack : String(error)}`);
  process.exit(1);
}
