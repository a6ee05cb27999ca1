import { expect, test } from '../fixtures.ts';
import { LabProxy } from '../lab/proxy.ts';

test('the proxy is down and the emergency route may go without it: continuity, and back with the proxy', async ({
  lab,
  employee,
}) => {
  const proxy = await LabProxy.start({ kind: 'http' });
  try {
    const alice = await employee('alice', {
      policy: {
        'network.proxyMode': 'fixed',
        'network.proxyServer': proxy.server,
        'network.emergencyDirect': true,
        // Chromium never asks a proxy for this very computer, unless it is told to.
        'network.proxyBypass': ['<-loopback>'],
      },
    });
    await lab.outside.sends({ to: 'alice', subject: 'Through the proxy', text: 'Can you read this?' });
    await alice.lists('Through the proxy', 30_000);

    await proxy.down();
    await alice.showsBanner('continuity');
    await expect(alice.banner).toContainText('proxy');
    await alice.opens('Through the proxy');
    await alice.replies('Yes, by another way.');
    await lab.outside.receives(({ text }) => text.includes('Yes, by another way.'));

    await proxy.up();
    await alice.showsNoBanner(60_000);
    await alice.goesTo('ledger');
    await expect(alice.page.getByTestId('ledger-outage').first()).toContainText('1 of 1 back in Exchange', {
      timeout: 60_000,
    });
  } finally {
    await proxy.stop();
  }
});
