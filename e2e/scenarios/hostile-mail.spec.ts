import { expect, test } from '../fixtures.ts';
import { NetworkSink } from '../stand-in/network-sink.ts';

const beacons = `
<link rel="preconnect" href="https://preconnect.planted.example">
<link rel="dns-prefetch" href="https://prefetch.planted.example">
<link rel="stylesheet" href="https://sheet.planted.example/a.css">
<style>@import url(https://import.planted.example/a.css); p { background: url(https://background.planted.example/a.png) }</style>
<p style="background-image: url(https://inline.planted.example/a.png)">Dear customer</p>
<img src="https://image.planted.example/a.png" srcset="https://srcset.planted.example/a.png 2x">
<img src="//schemeless.planted.example/a.png">
<table background="https://table.planted.example/a.png"><tr><td>cell</td></tr></table>
<video src="https://video.planted.example/a.mp4" poster="https://poster.planted.example/a.png"></video>
<iframe src="https://frame.planted.example/"></iframe>
<object data="https://object.planted.example/"></object>
<embed src="https://embed.planted.example/">
<svg><image href="https://svg.planted.example/a.png"/></svg>
<meta http-equiv="refresh" content="0;url=https://refresh.planted.example/">
<base href="https://base.planted.example/">
<form action="https://form.planted.example/"><input name="a"><button>Go</button></form>
<script>fetch('https://script.planted.example/'); top.planted = 1;</script>
<img src="x" onerror="top.planted = 1; fetch('https://handler.planted.example/')">
<a href="javascript:top.planted=1" id="evil">click</a>`;

test('hostile mail: nothing in it runs, nothing leaves, in reading and in answering', async ({
  lab,
  employee,
}) => {
  const sink = await NetworkSink.open();
  try {
    const alice = await employee('alice', sink.launchOptions);
    await lab.outside.sends({ to: 'alice', subject: 'You have won', html: beacons });
    await alice.opens('You have won');
    const frame = alice.page.frameLocator('[data-testid=mail-frame]');
    await expect(frame.locator('p').first()).toHaveText('Dear customer');
    await expect(alice.page.getByTestId('remote-notice')).toContainText('remote picture');
    await expect(frame.locator('script, form, iframe, video, object, embed, svg, link, base')).toHaveCount(0);

    await alice.writesReply('No, thank you.');
    await alice.sends();
    await alice.showsOutgoing('accepted');

    // The control: what a page of the same browser reaches for does arrive at the sink, after all of the above.
    await alice.electron.evaluate(async ({ BrowserWindow }) => {
      const other = new BrowserWindow({ show: false });
      await other.loadURL('https://control.example/').catch(() => undefined);
    });
    await expect.poll(() => sink.hosts.join(' ')).toContain('control.example');
    expect(sink.hosts.filter((host) => host.includes('planted'))).toEqual([]);
    expect(await alice.page.evaluate(() => 'planted' in window)).toBe(false);
  } finally {
    await sink.close();
  }
});

test('a link opens only after the person has seen where it leads, and only if it leads to the web', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await alice.electron.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = async (url: string) => {
      opened.push(url);
    };
  });
  const opened = () =>
    alice.electron.evaluate(() => (globalThis as unknown as { readonly opened: string[] }).opened);
  await lab.outside.sends({
    to: 'alice',
    subject: 'Your parcel',
    html: '<p><a href="https://evil.example/track?id=1">www.post.example</a> <a href="file:///etc/passwd">file</a></p>',
  });
  await alice.opens('Your parcel');
  const frame = alice.page.frameLocator('[data-testid=mail-frame]');
  await frame.getByText('file', { exact: true }).click();
  await frame.getByText('www.post.example').click();
  await expect(alice.page.getByTestId('link-address')).toHaveText('https://evil.example/track?id=1');
  await alice.page.getByRole('button', { name: 'Cancel' }).click();
  expect(await opened()).toEqual([]);
  await frame.getByText('www.post.example').click();
  await alice.page.getByTestId('link-open').click();
  await expect.poll(opened).toEqual(['https://evil.example/track?id=1']);
  expect(
    await alice.page.evaluate(() => window.relevo.app.openLink({ url: 'file:///etc/passwd' })),
  ).toMatchObject({
    ok: false,
    error: { code: 'input.invalid' },
  });
});
