import { expect, onTestFinished, test } from 'vitest';
import { launchFixture, openPage } from './fixtures/launch-fixture.ts';
import { NetworkSink } from './network-sink.ts';

/** What only the hints and the frames of a page reach for: no policy holds all of it back. */
const hints = `
  <link rel="dns-prefetch" href="https://dns-prefetch.planted.example">
  <link rel="preconnect" href="https://preconnect.planted.example">
  <iframe src="https://frame.planted.example/"></iframe>`;

/** Every other way that mail has tried to reach the network, each with a host of its own. */
const beacons = `
  <link rel="stylesheet" href="https://stylesheet.planted.example/a.css">
  <style>
    @import url(https://import.planted.example/a.css);
    p { background: url(https://background.planted.example/a.png) }
  </style>
  <p>text</p>
  <img src="https://image.planted.example/a.png">
  <img src="https://192.0.2.7/address.png">
  <img src="https://[2001:db8::7]/address.png">
  <img srcset="https://srcset.planted.example/a.png 1x">
  <video src="https://video.planted.example/a.mp4" poster="https://poster.planted.example/a.png" preload="auto"></video>
  <audio src="https://audio.planted.example/a.mp3" preload="auto"></audio>
  <object data="https://object.planted.example/a.svg"></object>
  <embed src="https://embed.planted.example/a.svg">
  <svg><image href="https://svg.planted.example/a.png" width="9" height="9"></image></svg>
  <table background="https://table.planted.example/a.png"><tr><td>cell</td></tr></table>
  <script>
    fetch('https://fetch.planted.example/').catch(() => {});
    navigator.sendBeacon('https://beacon.planted.example/', 'x');
    new WebSocket('wss://socket.planted.example/');
  </script>`;

const hostsIn = (html: string): readonly string[] => [
  ...new Set([...html.matchAll(/\w:\/\/([^/">]+)/g)].map(([, host = '']) => host)),
];

async function openSink(): Promise<NetworkSink> {
  const sink = await NetworkSink.open();
  onTestFinished(() => sink.close());
  return sink;
}

test('the sink hears of every attempt: by name, by address, by script', async () => {
  const sink = await openSink();
  const app = await launchFixture(sink.launchOptions);
  await openPage(app, `<!doctype html><title>Control</title>${hints}${beacons}`);
  const expected = hostsIn(hints + beacons);
  expect(expected).toHaveLength(20);
  await expect
    .poll(() => expected.filter((host) => !sink.hosts.includes(host)), { timeout: 60_000 })
    .toEqual([]);
});

test('a mail in a sandboxed frame reaches nothing under a policy that allows nothing', async () => {
  const { sink, planted } = await showMail(beacons);
  expect(sink.hosts.filter((host) => planted.includes(host))).toEqual([]);
});

test('no policy holds back the hints of a page: they have to be taken out', async () => {
  const { sink, planted } = await showMail(beacons + hints);
  expect(sink.hosts.filter((host) => planted.includes(host))).toContain('dns-prefetch.planted.example');
});

/** Shows a mail as a mail client does, and waits until whatever it reaches for must have arrived. */
async function showMail(mail: string): Promise<{ sink: NetworkSink; planted: readonly string[] }> {
  const sink = await openSink();
  const app = await launchFixture(sink.launchOptions);
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  const escaped = mail.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const page = await openPage(
    app,
    `<!doctype html><meta http-equiv="content-security-policy" content="${policy}"><iframe sandbox srcdoc="${escaped}"></iframe>`,
  );
  await expect.poll(() => page.frameLocator('iframe').locator('p').textContent()).toBe('text');
  // A last attempt, made after all others in the same browser.
  await app.evaluate(({ BrowserWindow }) =>
    new BrowserWindow().loadURL('https://last.example/').catch(() => {}),
  );
  await expect.poll(() => sink.hosts).toContain('last.example');
  return { sink, planted: hostsIn(mail) };
}
