import { readFileSync } from 'node:fs';
import { expect, test } from '../fixtures.ts';
import { LabProxy } from '../lab/proxy.ts';

test('the proxy lets everything through but mail: its own sentence, no outage of Exchange, and mail when IT allows it', async ({
  lab,
  employee,
}) => {
  const policy = JSON.parse(readFileSync(lab.policyFor('alice').policyFile, 'utf8')) as {
    'network.neutralHosts': string[];
  };
  const otherPorts = [lab.issuer.url, ...policy['network.neutralHosts'].map((host) => `https://${host}`)].map(
    (url) => Number(new URL(url).port),
  );
  const proxy = await LabProxy.start({ kind: 'http', ports: otherPorts });
  try {
    await lab.outside.sends({ to: 'alice', subject: 'Behind the wall', text: 'Can you read this?' });
    const alice = await employee('alice', {
      policy: {
        'failover.probeSeconds': 1,
        'network.proxyMode': 'fixed',
        'network.proxyServer': proxy.server,
        // Chromium never asks a proxy for this very computer, unless it is told to.
        'network.proxyBypass': ['<-loopback>'],
      },
    });
    const notice = alice.page.locator('[data-testid=sync-error][data-code="network.proxyRefused"]');
    await expect(notice).toContainText('Your company’s proxy does not let mail through.', {
      timeout: 60_000,
    });

    // Three real failures in a row are an outage.
    await expect.poll(() => refusals(alice.profile), { timeout: 90_000 }).toBeGreaterThan(6);
    await alice.showsNoBanner();
    expect(log(alice.profile)).not.toContain('"continuity"');

    await proxy.changes({ ports: null });
    await alice.lists('Behind the wall', 90_000);
    await expect(notice).toHaveCount(0);
    await alice.showsNoBanner();
  } finally {
    await proxy.stop();
  }
});

const log = (profile: string): string => readFileSync(`${profile}/logs/relevo.log`, 'utf8');

/** How often the proxy has refused to lead to Exchange. */
const refusals = (profile: string): number =>
  log(profile)
    .split('\n')
    .filter((line) => line.includes('"phase":"proxy"') && line.includes('"code":"403"')).length;
