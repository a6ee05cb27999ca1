import { _electron, type ElectronApplication } from 'playwright';
import { electronEnvironment } from '../e2e/stand-in/launcher.ts';
import { type Bundle, watch } from './bundle.ts';
import { repository } from './run.ts';

/**
 * `npm run dev`: runs the app and follows the source. A change of the window reloads it; a change of main, preload or
 * engine starts the app again, on the same profile.
 */
let running: ElectronApplication | null = null;
let isRestarting = false;
/** One change after the other. */
let followed = Promise.resolve();

const stopWatching = await watch((name) => {
  followed = followed.then(() => follow(name));
});
await start();

async function start(): Promise<void> {
  const app = await _electron.launch({
    args: [repository, ...process.argv.slice(2)],
    env: { ...(process.env as Record<string, string>), ...electronEnvironment() },
  });
  app.process().stderr?.pipe(process.stderr);
  app.once('close', () => {
    if (!isRestarting) void stopWatching();
  });
  running = app;
}

async function follow(name: Bundle): Promise<void> {
  console.log(`${name} changed`);
  if (name === 'renderer') {
    await Promise.all((running?.windows() ?? []).map((window) => window.reload()));
    return;
  }
  isRestarting = true;
  await running?.close();
  await start();
  isRestarting = false;
}
