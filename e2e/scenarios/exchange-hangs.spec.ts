import { expect, test } from '../fixtures.ts';

test('Exchange accepts connections and never answers: continuity within 20 s', async ({ lab, employee }) => {
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Before the hang', text: 'All is well.' });
  await alice.lists('Before the hang');

  const hungAt = Date.now();
  await lab.exchange.hang();
  await alice.showsBanner('continuity', 20_000);
  expect(Date.now() - hungAt).toBeLessThan(20_000);

  await lab.outside.sends({ to: 'alice', subject: 'During the hang', text: 'Still here.' });
  await alice.lists('During the hang');
});
