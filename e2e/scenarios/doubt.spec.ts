import type { Page } from 'playwright/test';
import { expect, test } from '../fixtures.ts';

test('Exchange restarts without a word: it is doubted, nobody is told, nobody knocks at the emergency mailbox, and mail goes on', async ({
  lab,
  employee,
}) => {
  // A longer look than it takes as it ships, so that a busy machine comes back in time.
  const alice = await employee('alice', { policy: { 'failover.probeSeconds': 10 } });
  await lab.outside.sends({ to: 'alice', subject: 'Before the restart', text: 'All is well.' });
  await alice.lists('Before the restart');

  await lab.exchange.die();
  await expect.poll(() => kindOf(alice.page)).toBe('suspect');
  await alice.showsNoBanner();
  expect(lab.continuity.connections).toBe(0);
  await lab.exchange.comesBack();

  await expect.poll(() => kindOf(alice.page)).toBe('primary');
  await lab.outside.sends({ to: 'alice', subject: 'After the restart', text: 'All is well again.' });
  await alice.lists('After the restart');
  await alice.showsNoBanner();
  expect(lab.continuity.connections).toBe(0);
  const outages = await alice.page.evaluate(() => window.relevo.ledger.outages({ accountId: 1 as never }));
  expect(outages).toMatchObject({ ok: true, value: [] });
});

const kindOf = async (page: Page): Promise<string> => {
  const status = await page.evaluate(() => window.relevo.failover.status({}));
  return status.ok ? (status.value[0]?.kind ?? 'none') : status.error.code;
};
