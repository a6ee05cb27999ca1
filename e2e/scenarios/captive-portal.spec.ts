import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '../fixtures.ts';

test('in a hotel: its portal takes every connection and answers with a page of its own; nothing switches, and mail goes on after the sign-in there', async ({
  lab,
  employee,
}) => {
  let isSignedIn = false;
  const portal = createServer((_request, response) => {
    if (isSignedIn) response.end('success\n');
    else response.writeHead(302, { location: 'http://login.hotel.example/' }).end('<h1>Welcome</h1>');
  });
  portal.listen(0, '127.0.0.1');
  await once(portal, 'listening');
  try {
    const { port } = portal.address() as AddressInfo;
    await lab.exchange.hang();
    const alice = await employee('alice', {
      policy: { 'network.portalCheck': `http://localhost:${port}/success.txt` },
    });
    const banner = alice.page.getByTestId('banner');
    await expect(banner).toHaveAttribute('data-kind', 'offline', { timeout: 60_000 });
    await expect(banner).toContainText('wants you to sign in first');
    await banner.getByRole('button', { name: 'Details' }).click();
    await expect(alice.page.getByTestId('evidence')).toContainText('somebody else answered');

    isSignedIn = true;
    await lab.exchange.comesBack();
    await lab.outside.sends({ to: 'alice', subject: 'After the sign-in', text: 'Good evening.' });
    await alice.lists('After the sign-in', 60_000);
    await alice.showsNoBanner();
  } finally {
    portal.close();
  }
});
