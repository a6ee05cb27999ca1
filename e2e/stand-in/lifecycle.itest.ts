import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { expect, test, vi } from 'vitest';
import {
  ended,
  family,
  fixtureFolder,
  isRunning,
  launchFixture,
  openPage,
  temporaryFolder,
} from './fixtures/launch-fixture.ts';

test('an app is ready once, and knows its name, version and folders', async () => {
  const profile = await temporaryFolder();
  const app = await launchFixture({ profile, args: ['--lang=es-ES', '--own-switch=value'] });
  const facts = await app.evaluate(async ({ app: electron }) => {
    await electron.whenReady();
    return {
      seen: globalThis.seen,
      isReady: electron.isReady(),
      isPackaged: electron.isPackaged,
      name: electron.getName(),
      version: electron.getVersion(),
      userData: electron.getPath('userData'),
      locale: electron.getLocale(),
      ownSwitch: electron.commandLine.getSwitchValue('own-switch'),
      hasOther: electron.commandLine.hasSwitch('other'),
      electronVersion: process.versions.electron,
      hasChrome: /^\d+\./.test(process.versions.chrome ?? ''),
    };
  });
  expect(facts).toEqual({
    seen: ['will-finish-launching', 'ready'],
    isReady: true,
    isPackaged: false,
    name: 'Fixture',
    version: '1.2.3',
    userData: profile,
    locale: 'es-ES',
    ownSwitch: 'value',
    hasOther: false,
    electronVersion: (createRequire(import.meta.url)('electron/package.json') as { version: string }).version,
    hasChrome: true,
  });
});

test('quitting asks the app, then every window, and tells when it is over', async () => {
  const app = await launchFixture();
  await openPage(app);
  let output = '';
  app.process().stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.on('close', () => globalThis.seen.push('close'));
  });
  await app.close();
  expect(output).toContain('seen: will-finish-launching ready before-quit close will-quit quit');
});

test('before-quit and close can both be refused', async () => {
  const app = await launchFixture();
  await openPage(app);
  await app.evaluate(({ app: electron, BrowserWindow }) => {
    electron.once('before-quit', (event) => event.preventDefault());
    electron.quit();
    const [window] = BrowserWindow.getAllWindows();
    window?.once('close', (event) => {
      event.preventDefault();
      globalThis.seen.push('close refused');
    });
  });
  await vi.waitFor(async () => expect(await app.evaluate(() => globalThis.seen)).toContain('before-quit'));
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await vi.waitFor(async () => expect(await app.evaluate(() => globalThis.seen)).toContain('close refused'));
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('the last window that closes does not end an app that says so', async () => {
  const app = await launchFixture();
  await openPage(app);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await vi.waitFor(async () =>
    expect(await app.evaluate(() => globalThis.seen)).toContain('window-all-closed'),
  );
  expect(await app.evaluate(({ app: electron }) => electron.isReady())).toBe(true);
});

test('app.exit ends at once, with its code', async () => {
  const app = await launchFixture();
  const code = ended(app);
  await app.evaluate(({ app: electron }) => electron.exit(7)).catch(() => {});
  expect(await code).toBe(7);
});

test('a second instance leaves, and the first hears of it', async () => {
  const profile = await temporaryFolder();
  const app = await launchFixture({ profile });
  const executable = createRequire(import.meta.url)('electron') as unknown as string;
  const second = spawn(executable, [fixtureFolder, `--user-data-dir=${profile}`, '--from-second'], {
    stdio: 'ignore',
  });
  expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0);
  const [argv, , additionalData] = await app.evaluate(() => globalThis.secondInstance);
  expect(argv).toContain('--from-second');
  expect(additionalData).toEqual({ from: 'fixture' });
});

test('after a kill -9 the next instance gets the lock', async () => {
  const profile = await temporaryFolder();
  const first = await launchFixture({ profile });
  const code = ended(first);
  first.process().kill('SIGKILL');
  await code;
  const next = await launchFixture({ profile });
  expect(await next.evaluate(({ app }) => app.hasSingleInstanceLock())).toBe(true);
});

test('kill -9 of the main process leaves no process behind, not even one in an endless loop', async () => {
  const app = await launchFixture();
  await openPage(app);
  await app.evaluate(async ({ utilityProcess }, folder) => {
    const child = utilityProcess.fork(`${folder}/utility.cjs`);
    await new Promise((resolve) => {
      child.once('message', resolve);
      child.postMessage('hello');
    });
    child.postMessage('spin');
  }, fixtureFolder);
  const all = family(app.process().pid ?? 0);
  expect(all.length).toBeGreaterThan(4);
  const code = ended(app);
  app.process().kill('SIGKILL');
  await code;
  await vi.waitFor(() => expect(all.filter(isRunning)).toEqual([]), { timeout: 5000 });
});

test('the metrics tell each process with its memory', async () => {
  const app = await launchFixture();
  await openPage(app);
  const metrics = await app.evaluate(async ({ app: electron, utilityProcess }, folder) => {
    const child = utilityProcess.fork(`${folder}/utility.cjs`, [], { serviceName: 'engine' });
    await new Promise<void>((resolve) => child.once('spawn', resolve));
    return electron.getAppMetrics();
  }, fixtureFolder);
  for (const type of ['Browser', 'Tab', 'Utility'])
    expect(metrics.some((metric) => metric.type === type && metric.memory.workingSetSize > 10_000)).toBe(
      true,
    );
  expect(metrics.filter(({ serviceName }) => serviceName === 'engine')).toHaveLength(1);
});
