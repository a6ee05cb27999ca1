import { expect, test } from 'vitest';
import { launchFixture, loaded } from './fixtures/launch-fixture.ts';

test("'self' in a response's policy is the app's own origin, and nothing else is", async () => {
  const app = await launchFixture();
  const opened = app.waitForEvent('window');
  await app.evaluate(async ({ BrowserWindow, protocol }) => {
    const policy = "default-src 'none'; script-src 'self'; connect-src 'self' app://friend";
    const bodies: Readonly<Record<string, readonly [string, string]>> = {
      'app://own/': [
        'text/html',
        '<script src="own.js"></script><script>window.isInline = true</script><script src="app://other/other.js"></script>',
      ],
      'app://own/own.js': ['text/javascript', 'window.isOwn = true'],
      'app://other/other.js': ['text/javascript', 'window.isOther = true'],
    };
    protocol.handle('app', ({ url }) => {
      const [type, body] = bodies[url] ?? ['text/plain', url];
      return new Response(body, {
        headers: {
          'content-type': type,
          'content-security-policy': policy,
          'access-control-allow-origin': '*',
        },
      });
    });
    await new BrowserWindow().loadURL('app://own/');
  });
  const page = await loaded(opened);
  const seen = await page.evaluate(async () => {
    const fetched = (url: string) =>
      fetch(url).then(
        () => 'fetched',
        () => 'refused',
      );
    // Of another app's origin there is no way to speak but through what the page was given.
    const friend = new URL(location.href.replace('//own.', '//friend.'));
    const stranger = new URL(location.href.replace('//own.', '//stranger.'));
    return {
      loaded: ['isOwn', 'isInline', 'isOther'].filter((name) => name in window),
      own: await fetched('data.txt'),
      friend: await fetched(friend.href),
      stranger: await fetched(stranger.href),
      isSecure: isSecureContext,
    };
  });
  expect(seen).toEqual({
    loaded: ['isOwn'],
    own: 'fetched',
    friend: 'fetched',
    stranger: 'refused',
    isSecure: true,
  });
});

test('a page fetches 30 MB from the handler, and sends a body to it', async () => {
  const app = await launchFixture();
  const opened = app.waitForEvent('window');
  await app.evaluate(async ({ BrowserWindow, protocol }) => {
    protocol.handle('app', async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === '/echo')
        return new Response(`${request.method} ${request.headers.get('x-own')} ${await request.text()}`);
      if (pathname === '/large')
        return new Response(new Uint8Array(30_000_000).fill(7), { headers: { 'x-own': 'header' } });
      if (pathname === '/')
        return new Response('<h1>page</h1>', { headers: { 'content-type': 'text/html' } });
      return new Response(null, { status: 404 });
    });
    await new BrowserWindow().loadURL('app://fixture/');
  });
  const page = await loaded(opened);
  const got = await page.evaluate(async () => {
    const large = await fetch('large');
    const bytes = new Uint8Array(await large.arrayBuffer());
    const echo = await fetch('/echo?query#fragment', {
      method: 'POST',
      body: 'ü',
      headers: { 'x-own': 'value' },
    });
    return {
      length: bytes.length,
      isWhole: bytes.every((byte) => byte === 7),
      header: large.headers.get('x-own'),
      echo: await echo.text(),
      missing: (await fetch('missing')).status,
    };
  });
  expect(got).toEqual({
    length: 30_000_000,
    isWhole: true,
    header: 'header',
    echo: 'POST value ü',
    missing: 404,
  });
});

test('each session has handlers, filters and cookies of its own', async () => {
  const app = await launchFixture();
  const seen = await app.evaluate(async ({ BrowserWindow, session }) => {
    const texts: string[] = [];
    const one = session.fromPartition('one');
    for (const name of ['one', 'two']) {
      const own = session.fromPartition(name);
      own.protocol.handle(
        'app',
        () => new Response(`<p>${name}</p>`, { headers: { 'content-type': 'text/html' } }),
      );
      own.webRequest.onBeforeRequest((details, decide) => {
        texts.push(`${name} ${details.resourceType} ${details.url}`);
        decide({ cancel: details.url.endsWith('/refused') });
      });
      const window = new BrowserWindow({ webPreferences: { session: own } });
      await window.loadURL('app://fixture/');
      const run = (code: string): Promise<unknown> => window.webContents.executeJavaScript(code);
      await run(`localStorage.${name} = 'x'`);
      texts.push(String(await run('document.body.textContent + Object.keys(localStorage)')));
      texts.push(String(await run("fetch('refused').then(() => 'fetched', () => 'cancelled')")));
    }
    return { texts, isSame: session.fromPartition('one') === one };
  });
  expect(seen).toEqual({
    isSame: true,
    texts: ['one', 'two'].flatMap((name) => [
      `${name} mainFrame app://fixture/`,
      `${name}${name}`,
      `${name} xhr app://fixture/refused`,
      'cancelled',
    ]),
  });
});

test('a filter hears of every request, also of those that a sandboxed frame of a mail makes', async () => {
  const app = await launchFixture();
  const heard = await app.evaluate(async ({ BrowserWindow, session }) => {
    const urls: string[] = [];
    const { protocol, webRequest } = session.defaultSession;
    const mail =
      '<img src=https://tracker.example/pixel.png><link rel=stylesheet href=https://style.example/a.css>';
    protocol.handle(
      'app',
      () =>
        new Response(`<iframe sandbox srcdoc="${mail}"></iframe>`, {
          headers: { 'content-type': 'text/html' },
        }),
    );
    webRequest.onBeforeRequest((details, decide) => {
      urls.push(`${details.resourceType} ${details.url} in ${details.frame?.parent?.url ?? 'none'}`);
      decide({ cancel: details.url.startsWith('http') });
    });
    await new BrowserWindow().loadURL('app://fixture/');
    return urls;
  });
  expect(heard).toEqual(
    expect.arrayContaining([
      'mainFrame app://fixture/ in none',
      'image https://tracker.example/pixel.png in app://fixture/',
      'stylesheet https://style.example/a.css in app://fixture/',
    ]),
  );
});

test('a filter can send a request elsewhere', async () => {
  const app = await launchFixture();
  const text = await app.evaluate(async ({ BrowserWindow, session }) => {
    const { protocol, webRequest } = session.defaultSession;
    protocol.handle('app', ({ url }) => new Response(url, { headers: { 'content-type': 'text/html' } }));
    webRequest.onBeforeRequest({ urls: ['app://fixture/old*'] }, (_details, decide) =>
      decide({ redirectURL: 'app://fixture/new' }),
    );
    const window = new BrowserWindow();
    await window.loadURL('app://fixture/');
    return window.webContents.executeJavaScript("fetch('old').then((response) => response.text())");
  });
  expect(text).toBe('app://fixture/new');
});

test('main reaches its own handler by net.fetch', async () => {
  const app = await launchFixture();
  const text = await app.evaluate(async ({ net, protocol }) => {
    protocol.handle('app', ({ url }) => new Response(`served ${url}`));
    return (await net.fetch('app://fixture/file')).text();
  });
  expect(text).toBe('served app://fixture/file');
});

test('a permission is refused when the session refuses it', async () => {
  const app = await launchFixture();
  const states = await app.evaluate(async ({ BrowserWindow, session }) => {
    const own = session.fromPartition('refusing');
    own.protocol.handle(
      'app',
      () => new Response('<p>page</p>', { headers: { 'content-type': 'text/html' } }),
    );
    own.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
    own.setPermissionCheckHandler(() => false);
    const window = new BrowserWindow({ webPreferences: { session: own } });
    await window.loadURL('app://fixture/');
    return window.webContents.executeJavaScript(
      "Promise.all(['geolocation', 'notifications'].map((name) => navigator.permissions.query({ name }).then(({ state }) => state)))",
    );
  });
  expect(states).toEqual(['denied', 'denied']);
});
