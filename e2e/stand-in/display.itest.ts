import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { launchFixture, loaded } from './fixtures/launch-fixture.ts';

test.skipIf(!existsSync('/usr/bin/Xvfb'))(
  'on a display windows are real ones, and behave the same',
  async () => {
    const app = await launchFixture({
      env: { DISPLAY: await openDisplay(), ELECTRON_STAND_IN_HEADLESS: '' },
    });
    const opened = app.waitForEvent('window');
    await app.evaluate(async ({ BrowserWindow, nativeTheme, session }) => {
      nativeTheme.themeSource = 'dark';
      const own = session.fromPartition('own');
      own.protocol.handle(
        'app',
        () => new Response('<h1>page</h1>', { headers: { 'content-type': 'text/html' } }),
      );
      const window = new BrowserWindow({
        width: 640,
        height: 480,
        show: false,
        webPreferences: { session: own },
      });
      window.once('ready-to-show', () => window.show());
      window.on('closed', () => globalThis.seen.push('closed'));
      await window.loadURL('app://fixture/');
    });
    const page = await loaded(opened);
    expect(
      await page.evaluate(() => [
        innerWidth,
        innerHeight,
        matchMedia('(prefers-color-scheme: dark)').matches,
      ]),
    ).toEqual([640, 480, true]);
    await page.close();
    await expect.poll(() => app.evaluate(() => globalThis.seen)).toContain('closed');
  },
);

/** A display that nobody looks at; ends with the test. */
async function openDisplay(): Promise<string> {
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => {
    server.kill();
  });
  const number = await new Promise<string>((resolve) =>
    server.stdout.once('data', (text) => resolve(String(text))),
  );
  return `:${number.trim()}`;
}
