import type { ElectronApplication } from 'playwright';
import { expect, test } from 'vitest';
import { launchFixture, openPage } from './fixtures/launch-fixture.ts';

test('the page sees what the preload exposes and nothing else of it', async () => {
  const page = await openPage(await launchFixture());
  const seen = await page.evaluate(() => ({
    names: Object.keys(window.bridge).length,
    version: window.bridge.version,
    list: window.bridge.nested.list,
    globals: ['require', 'process', 'module', 'ofThePreload', 'postToMain', 'receiveFromMain'].filter(
      (name) => name in window,
    ),
  }));
  expect(seen).toEqual({ names: 11, version: 7, list: [1, 2], globals: [] });
});

test('what is exposed is frozen in every depth and cannot be replaced', async () => {
  const page = await openPage(await launchFixture());
  const isKept = await page.evaluate(() => {
    const attempts = [
      () => Object.assign(window, { bridge: null }),
      () => Object.assign(window.bridge, { version: 8 }),
      () => (window.bridge.nested.list as number[]).push(3),
    ];
    return attempts.map((attempt) => {
      try {
        attempt();
        return 'done';
      } catch {
        return 'refused';
      }
    });
  });
  expect(isKept).toEqual(['refused', 'refused', 'refused']);
});

test('a frame of a mail gets no bridge', async () => {
  const page = await openPage(
    await launchFixture(),
    '<iframe sandbox="allow-scripts" srcdoc="<p>mail</p>"></iframe>',
  );
  expect(await page.frames()[1]?.evaluate(() => 'bridge' in window)).toBe(false);
});

test('functions, promises, callbacks and errors cross the bridge', async () => {
  const page = await openPage(await launchFixture());
  const results = await page.evaluate(async () => ({
    sum: window.bridge.add(2, 3),
    later: await window.bridge.later({ when: new Date(0), bytes: new Uint8Array([1, 2]) }),
    called: window.bridge.callBack((value) => ({ got: value })),
    thrown: (() => {
      try {
        window.bridge.fail();
        return null;
      } catch (error) {
        return `${error instanceof Error} ${(error as Error).message}`;
      }
    })(),
    rejected: await window.bridge.failLater().catch((error: Error) => error.message),
  }));
  expect(results).toEqual({
    sum: 5,
    later: { when: new Date(0), bytes: new Uint8Array([1, 2]) },
    called: { got: { answer: 42 } },
    thrown: 'true thrown by the preload',
    rejected: 'rejected by the preload',
  });
});

test('invoke brings any cloneable value to the handler and back', async () => {
  const app = await launchFixture();
  const page = await openPage(app);
  await app.evaluate(({ ipcMain }) => {
    ipcMain.handle('invoked', (_event, value: unknown) => ({
      kind: Object.prototype.toString.call(value),
      value,
    }));
  });
  const values = await page.evaluate(async () => {
    const sent = [
      undefined,
      null,
      -0,
      Number.NaN,
      12n,
      'ü😀',
      [1, [2]],
      new Map([['a', new Set([1])]]),
      new Uint8Array([255]),
      { $: 'own' },
    ];
    const back: string[] = [];
    for (const value of sent) {
      const { value: got } = (await window.bridge.invoke(value)) as { value: unknown };
      const show = (shown: unknown): string =>
        shown instanceof Map
          ? `Map ${[...(shown as Map<string, Set<number>>)].map(([key, set]) => key + [...set].join())}`
          : `${typeof shown} ${Object.is(shown, -0) ? '-0' : String(shown)}`;
      back.push(show(got) === show(value) ? 'same' : `${show(value)} became ${show(got)}`);
    }
    return back;
  });
  expect(new Set(values)).toEqual(new Set(['same']));
});

test('a handler that throws, or is not there, rejects the call with its message', async () => {
  const app = await launchFixture();
  const page = await openPage(app);
  const reject = () => page.evaluate(() => window.bridge.invoke().catch((error: Error) => error.message));
  expect(await reject()).toContain("No handler registered for 'invoked'");
  await app.evaluate(({ ipcMain }) => {
    ipcMain.handle('invoked', () => {
      throw new Error('not today');
    });
  });
  expect(await reject()).toBe("Error invoking remote method 'invoked': Error: not today");
});

test('main knows which frame of which window speaks', async () => {
  const app = await launchFixture();
  const page = await openPage(app);
  await app.evaluate(({ BrowserWindow, ipcMain }) => {
    ipcMain.handle('invoked', ({ sender, senderFrame }) => ({
      isWindow: sender === BrowserWindow.getAllWindows()[0]?.webContents,
      isMainFrame: senderFrame === sender.mainFrame,
      url: senderFrame?.url,
      origin: senderFrame?.origin,
    }));
  });
  expect(await page.evaluate(() => window.bridge.invoke())).toEqual({
    isWindow: true,
    isMainFrame: true,
    url: 'app://fixture/',
    origin: 'app://fixture',
  });
});

test('messages go to main and to the page, until nobody listens', async () => {
  const app = await launchFixture();
  const page = await openPage(app);
  await app.evaluate(({ ipcMain }) => {
    ipcMain.on('sent', (event, value: number) => event.reply('pushed', value + 1));
  });
  const received = await page.evaluate(async () => {
    const values: unknown[] = [];
    let heard: () => void = () => {};
    const stop = window.bridge.listen((value) => {
      values.push(value);
      heard();
    });
    const next = () => new Promise<void>((resolve) => (heard = resolve));
    for (const value of [1, 10]) {
      const answer = next();
      window.bridge.send(value);
      await answer;
    }
    stop();
    window.bridge.send(100);
    return values;
  });
  expect(received).toEqual([2, 11]);
});

test('what is not there says so by its name: in main, on an event, and in the preload', async () => {
  const app = await launchFixture();
  const page = await openPage(app);
  const message = (what: string) => attempt(app, what);
  expect(await message('electron.app.getGPUInfo()')).toBe('stand-in: app.getGPUInfo is not implemented');
  expect(await message('electron.desktopCapturer')).toBe(
    'stand-in: electron.desktopCapturer is not implemented',
  );
  expect(await message('electron.BrowserWindow.getAllWindows()[0].setKiosk(true)')).toBe(
    'stand-in: BrowserWindow.setKiosk is not implemented',
  );
  expect(await message('electron.session.defaultSession.cookies')).toBe(
    'stand-in: session.cookies is not implemented',
  );
  expect(await message('electron.app.on("gpu-info-update", () => {})')).toBe(
    "stand-in: app.on('gpu-info-update') is not implemented",
  );
  expect(await message('electron.app.badgeCount = 1')).toBe('stand-in: app.badgeCount is not implemented');
  expect(await message('new electron.BrowserWindow({ webPreferences: { sandbox: false } })')).toBe(
    'stand-in: webPreferences sandbox: false is not implemented',
  );
  expect(await page.evaluate(() => window.bridge.notThere('fs'))).toBe('module not found: node:fs');
  expect(await page.evaluate(() => window.bridge.notThere('webFrame'))).toBe(
    'stand-in: electron.webFrame is not implemented',
  );
});

test('a preload that fails is told', async () => {
  const app = await launchFixture();
  const told = await app.evaluate(async ({ BrowserWindow }) => {
    const { mkdtempSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs');
    const folder = mkdtempSync(`${process.getBuiltinModule('node:os').tmpdir()}/stand-in-test-`);
    writeFileSync(`${folder}/preload.js`, 'throw new Error("broken preload")');
    const window = new BrowserWindow({ webPreferences: { preload: `${folder}/preload.js` } });
    const failed = new Promise<string>((resolve) =>
      window.webContents.once('preload-error', (_event, _path, error) => resolve(error.message)),
    );
    await window.loadURL('data:text/html,x');
    rmSync(folder, { recursive: true });
    return failed;
  });
  expect(told).toBe('broken preload');
});

async function attempt(app: ElectronApplication, code: string): Promise<string> {
  return app.evaluate((electron, expression) => {
    try {
      new Function('electron', `return ${expression}`)(electron);
      return 'nothing was thrown';
    } catch (error) {
      return (error as Error).message;
    }
  }, code);
}
