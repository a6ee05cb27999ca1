import { expect, test } from '../fixtures.ts';

test('a token expires in the night: it is renewed once in time, and nobody notices', async ({
  lab,
  employee,
}) => {
  const seconds = 16;
  lab.issuer.tokenLifetime = seconds;
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Good night', text: 'Until tomorrow.' });
  await alice.lists('Good night');
  // The next one lasts until the morning.
  lab.issuer.tokenLifetime = 3600;
  const before = lab.issuer.requests;
  const expiredAt = Date.now() + seconds * 1000;
  await expect.poll(() => lab.issuer.requests, { timeout: 60_000 }).toBe(before + 1);
  await expect.poll(() => Date.now(), { timeout: 60_000 }).toBeGreaterThan(expiredAt);

  // Exchange ends its connections, as it does every night: everybody has to sign in again, with what there is now.
  const connections = lab.exchange.imap.connections;
  await lab.exchange.imap.fault('reset');
  await lab.exchange.imap.fault('none');
  await lab.outside.sends({ to: 'alice', subject: 'Good morning', text: 'Coffee?' });
  await alice.lists('Good morning', 30_000);
  expect(lab.exchange.imap.connections).toBeGreaterThan(connections);
  expect(lab.issuer.requests).toBe(before + 1);

  await alice.opens('Good morning');
  await alice.replies('With milk, please.');
  await lab.outside.receives((mail) => mail.text.includes('With milk'), 30_000);
  await alice.showsNoBanner();
  await expect(alice.page.getByTestId('sign-in')).toHaveCount(0);
  await expect(alice.page.getByTestId('sync-error')).toHaveCount(0);
});
