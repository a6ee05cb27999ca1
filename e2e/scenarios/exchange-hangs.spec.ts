import { test } from '../fixtures.ts';

test('Exchange accepts connections and never answers: continuity', async ({ lab, employee }) => {
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Before the hang', text: 'All is well.' });
  await alice.lists('Before the hang');

  await lab.exchange.hang();
  await alice.showsBanner('continuity');

  await lab.outside.sends({ to: 'alice', subject: 'During the hang', text: 'Still here.' });
  await alice.lists('During the hang');
});
