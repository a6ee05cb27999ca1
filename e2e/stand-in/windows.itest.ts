import type { ElectronApplication } from 'playwright';
import { expect, test, vi } from 'vitest';
import { launchFixture, loaded, openPage } from './fixtures/launch-fixture.ts';

test('a window has the size it was given, and so has its screenshot', async () => {
  const app = await launchFixture();
  const opened = app.waitForEvent('window');
  await app.evaluate(async ({ BrowserWindow }) => {
    await new BrowserWindow({ width: 730, height: 510, minWidth: 600 }).loadURL(
      'data:text/html,<h1>Hello</h1>',
    );
  });
  const page = await loaded(opened);
  const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect(sizeOf(await page.screenshot())).toEqual([730, 510]);
  const size = await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window?.setSize(500, 400);
    return window?.getSize();
  });
  expect(size).toEqual([600, 400]);
  await vi.waitFor(async () => expect(sizeOf(await page.screenshot())).toEqual([600, 400]));
});

test('a hidden window is ready to show once it has loaded, and shown when told to', async () => {
  const app = await launchFixture();
  const seen = await app.evaluate(async ({ BrowserWindow }) => {
    const window = new BrowserWindow({ show: false });
    const told: string[] = [];
    for (const name of ['ready-to-show', 'show', 'focus'] as const) {
      const emitter: NodeJS.EventEmitter = window;
      emitter.on(name, () => told.push(name));
    }
    const isVisibleAtFirst = window.isVisible();
    await window.loadURL('data:text/html,<title>Its title</title>');
    window.show();
    return { told, isVisibleAtFirst, isVisible: window.isVisible(), isFocused: window.isFocused() };
  });
  expect(seen).toEqual({
    told: ['ready-to-show', 'show', 'focus'],
    isVisibleAtFirst: false,
    isVisible: true,
    isFocused: true,
  });
});

test('the title of the page is the title of the window', async () => {
  const app = await launchFixture();
  await openPage(app, '<title>Its own title</title>');
  await vi.waitFor(async () =>
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())).toBe(
      'Its own title',
    ),
  );
});

test('a page sees the colour scheme that the app chooses', async () => {
  const app = await launchFixture();
  const page = await openPage(app);
  for (const scheme of ['dark', 'light', 'dark'] as const) {
    const isDark = await app.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source;
      return nativeTheme.shouldUseDarkColors;
    }, scheme);
    expect(isDark).toBe(scheme === 'dark');
    await expect
      .poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
      .toBe(isDark);
  }
});

test('a new window is asked about, and does not open when it is refused', async () => {
  const app = await launchFixture();
  const page = await openPage(app, '<a id="link" target="_blank" href="https://linked.example/">link</a>');
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.setWindowOpenHandler(({ url }) => {
      globalThis.seen.push(url);
      return { action: 'deny' };
    });
  });
  expect(await page.evaluate(() => window.open('https://opened.example/') === null)).toBe(true);
  await page.click('#link');
  await vi.waitFor(async () =>
    expect(await app.evaluate(() => globalThis.seen)).toEqual(
      expect.arrayContaining(['https://opened.example/', 'https://linked.example/']),
    ),
  );
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await vi.waitFor(() => expect(app.windows()).toHaveLength(1));
});

test('a page cannot leave when the app refuses', async () => {
  const app = await launchFixture();
  const page = await openPage(app, '<a id="link" href="https://elsewhere.example/">link</a>');
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-navigate', (event) => {
      globalThis.seen.push(event.url);
      event.preventDefault();
    });
  });
  await page.click('#link');
  await vi.waitFor(async () =>
    expect(await app.evaluate(() => globalThis.seen)).toContain('https://elsewhere.example/'),
  );
  expect(await urlOf(app)).toBe('app://fixture/');
});

test('a link in the sandboxed frame of a mail is asked about, wherever it leads', async () => {
  const app = await launchFixture();
  const page = await openPage(
    app,
    `<iframe sandbox srcdoc="<a id=web href='https://linked.example/path'>web</a> <a id=mail href='mailto:a@b.example'>mail</a>"></iframe>`,
  );
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-frame-navigate', (event) => {
      globalThis.seen.push(`${event.isMainFrame} ${event.frame?.url} ${event.url}`);
      event.preventDefault();
    });
  });
  const frame = page.frameLocator('iframe');
  await frame.locator('#web').click();
  await vi.waitFor(async () =>
    expect(await app.evaluate(() => globalThis.seen)).toContain(
      'false about:srcdoc https://linked.example/path',
    ),
  );
  await frame.locator('#mail').click();
  await vi.waitFor(async () =>
    expect(await app.evaluate(() => globalThis.seen)).toContain('false about:srcdoc mailto:a@b.example'),
  );
  await expect.poll(() => frame.locator('#mail').isVisible()).toBe(true);
});

test('what the app does by itself is not asked about', async () => {
  const app = await launchFixture();
  await openPage(app);
  const asked = await app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const emitter: NodeJS.EventEmitter | undefined = window?.webContents;
    for (const name of ['will-navigate', 'will-frame-navigate'])
      emitter?.on(name, () => globalThis.seen.push(name));
    await window?.loadURL('app://fixture/other');
    const finished = new Promise((resolve) => emitter?.once('did-finish-load', resolve));
    window?.webContents.reload();
    await finished;
    return globalThis.seen.filter((name) => name.startsWith('will-') && name.endsWith('navigate'));
  });
  expect(asked).toEqual([]);
  expect(await urlOf(app)).toBe('app://fixture/other');
});

test('a URL that cannot be loaded rejects with its reason', async () => {
  const app = await launchFixture();
  const problem = await app.evaluate(async ({ BrowserWindow }) => {
    try {
      await new BrowserWindow().loadURL('https://no-such-host.example/');
      return null;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  });
  expect(problem).toBe('ERR_NAME_NOT_RESOLVED');
});

test('the crash of a renderer is told, and the page can be loaded again', async () => {
  const app = await launchFixture();
  await openPage(app, '<title>Fixture</title><script>window.loaded = true</script>');
  const told = await app.evaluate(async ({ app: electron, BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) return null;
    const byContents = new Promise<string>((resolve) =>
      contents.once('render-process-gone', (_event, { reason }) => resolve(reason)),
    );
    const byApp = new Promise<boolean>((resolve) =>
      electron.once('render-process-gone', (_event, gone) => resolve(gone === contents)),
    );
    contents.forcefullyCrashRenderer();
    const reasons = [await byContents, await byApp, contents.isCrashed()];
    const finished = new Promise<void>((resolve) => contents.once('did-finish-load', () => resolve()));
    contents.reload();
    await finished;
    const canRun: unknown = await contents.executeJavaScript('window.loaded && bridge.version');
    return { reasons, isCrashed: contents.isCrashed(), canRun };
  });
  expect(told).toEqual({ reasons: ['crashed', true, true], isCrashed: false, canRun: 7 });
});

test('a page closed by Playwright closes its window in order', async () => {
  const app = await launchFixture();
  const page = await openPage(app);
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.on('closed', () => globalThis.seen.push('closed'));
  });
  await page.close();
  await vi.waitFor(async () => expect(await app.evaluate(() => globalThis.seen)).toContain('closed'));
});

test("Playwright's handle of a window is the app's window", async () => {
  const app = await launchFixture();
  const page = await openPage(app);
  const window = await app.browserWindow(page);
  expect(await window.evaluate((own) => own.webContents.getURL())).toBe('app://fixture/');
});

async function urlOf(app: ElectronApplication): Promise<string | undefined> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
}
