import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { PacServer } from '../lab/proxy.ts';
import { launchFixture, temporaryFolder } from './fixtures/launch-fixture.ts';

const script = `function FindProxyForURL(url, host) {
  if (isPlainHostName(host) || dnsDomainIs(host, '.corp.example')) return 'DIRECT';
  if (shExpMatch(url, 'https://mail.*:993/')) return 'PROXY mail-proxy:3128; SOCKS5 socks:1080';
  if (isInNet(host, '10.0.0.0', '255.0.0.0')) return 'HTTPS inner:443';
  return 'PROXY ' + url.split('/')[2] + '.via:80';
}`;

let pac: PacServer | null = null;
afterEach(() => pac?.stop());

type Asked = readonly [config: Electron.ProxyConfig, urls: readonly string[]];

async function resolved(...[config, urls]: Asked): Promise<string[]> {
  const app = await launchFixture();
  try {
    return await app.evaluate(
      async ({ session }, [given, asked]) => {
        const own = session.fromPartition('proxies');
        await own.setProxy(given);
        return Promise.all(asked.map((url) => own.resolveProxy(url)));
      },
      [config, [...urls]] as [Electron.ProxyConfig, string[]],
    );
  } finally {
    await app.close();
  }
}

test('a PAC file decides by what it is asked, except for this very computer', async () => {
  pac = await PacServer.start(script);
  const urls = [
    'mail.out.example:993',
    'mail.corp.example:993',
    '10.1.2.3:587',
    'a.out.example:443',
    'localhost:993',
  ];
  expect(
    await resolved(
      { mode: 'pac_script', pacScript: pac.url },
      urls.map((place) => `https://${place}/secret`),
    ),
  ).toEqual([
    'PROXY mail-proxy:3128; SOCKS5 socks:1080',
    'DIRECT',
    'HTTPS inner:443',
    'PROXY a.out.example.via:80',
    'DIRECT',
  ]);
});

test('a PAC file on disk, one that is broken, and one that cannot be had', async () => {
  const folder = await temporaryFolder();
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return pathToFileURL(join(folder, name)).href;
  };
  const asked = ['https://mail.out.example:993/'];
  const answer = (pacScript: string) => resolved({ mode: 'pac_script', pacScript }, asked);
  expect(await answer(file('good.pac', script))).toEqual(['PROXY mail-proxy:3128; SOCKS5 socks:1080']);
  expect(
    await answer(file('broken.pac', 'function FindProxyForURL(url, host) { return nothing(); }')),
  ).toEqual(['DIRECT']);
  expect(await answer(pathToFileURL(join(folder, 'missing.pac')).href)).toEqual(['DIRECT']);
});

test('a PAC file is fetched once, and anew when the configuration is read again', async () => {
  const server = await PacServer.start(script);
  pac = server;
  const app = await launchFixture();
  const ask = () =>
    app.evaluate(({ session }) => session.fromPartition('p').resolveProxy('https://mail.out.example:993/'));
  await app.evaluate(
    ({ session }, pacScript) => session.fromPartition('p').setProxy({ mode: 'pac_script', pacScript }),
    server.url,
  );
  await ask();
  await ask();
  expect(server.fetches).toBe(1);
  server.script = "function FindProxyForURL() { return 'PROXY new:1'; }";
  await app.evaluate(({ session }) => session.fromPartition('p').forceReloadProxyConfig());
  expect(await ask()).toBe('PROXY new:1');
  await app.close();
});

test('a fixed proxy serves all but what its rules bypass', async () => {
  const urls = [
    'mail.out.example:993',
    'mail.corp.example:993',
    '10.9.8.7:993',
    'intranet:993',
    'other.example:587',
  ];
  expect(
    await resolved(
      {
        mode: 'fixed_servers',
        proxyRules: 'socks5://127.0.0.1:1080',
        proxyBypassRules: '*.corp.example,10.0.0.0/8,<local>,other.example:993',
      },
      [...urls, 'localhost:993'].map((place) => `https://${place}/`),
    ),
  ).toEqual(['SOCKS5 127.0.0.1:1080', 'DIRECT', 'DIRECT', 'DIRECT', 'SOCKS5 127.0.0.1:1080', 'DIRECT']);
  expect(
    await resolved(
      { mode: 'fixed_servers', proxyRules: 'https=p:8080;http=q:80', proxyBypassRules: '<-loopback>' },
      ['https://localhost:993/', 'http://localhost/'],
    ),
  ).toEqual(['PROXY p:8080', 'PROXY q:80']);
});

test('WPAD that finds nothing, no proxy, and a system without one are direct', async () => {
  for (const mode of ['auto_detect', 'direct', 'system'] as const)
    expect(await resolved({ mode }, ['https://mail.out.example:993/'])).toEqual(['DIRECT']);
});
