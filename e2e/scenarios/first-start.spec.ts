import { existsSync } from 'node:fs';
import { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';
import { quickPolicy } from '../quick-policy.ts';
import { filesIn, SecretSearch } from '../secret-search.ts';

test('the first start by policy: nobody types anything, and nothing planted can be found in the profile', async ({
  lab,
}) => {
  const laptop = lab.policyFor('alice', { overrides: quickPolicy });
  const alice = await App.launch({ policyFile: laptop.policyFile });
  try {
    const planted = Array.from({ length: 6 }, (_, index) => `planted-${index}-q8z${index * 7919}`);
    await lab.outside.sends({
      to: 'alice',
      from: { name: planted[0] ?? '', address: `${planted[1]}@outside.example` },
      subject: `A subject ${planted[2]}`,
      text: `A body ${planted[3]}`,
      attachments: [{ filename: `${planted[4]}.txt`, content: `content ${planted[5]}` }],
    });
    await alice.opens(`A subject ${planted[2]}`);
    await alice.writesReply('planted-reply-text-5521');
    await expect(alice.page.getByTestId('composer')).toContainText('Saved on this computer');
    await alice.sends();
    await alice.showsOutgoing('accepted');
    await alice.searches('planted-search-3307');
    expect(existsSync(laptop.provisioningFile)).toBe(false);

    const secrets = [
      ...laptop.secrets,
      ...planted,
      'planted-reply-text-5521',
      'planted-search-3307',
      'alice@corp.example',
      'clara@outside.example',
      'diego.fernandez@partner.example',
      'Margaret O’Neill',
      'Sofia Rossi',
      'SQLite format 3',
      'CREATE TABLE message',
      'Thread-Topic',
      'Bearer',
      'relevo-lab',
    ];
    expect(secrets.length).toBeGreaterThanOrEqual(20);
    const search = new SecretSearch(secrets);
    const lookFor = () => search.inFolder(alice.profile);
    expect(lookFor()).toEqual([]);
    await alice.quit();
    expect(lookFor()).toEqual([]);
    expect(filesIn(alice.profile).some(({ file }) => file.endsWith('mail.db'))).toBe(true);
  } finally {
    await alice.dispose();
  }
});

test('the first copy of a mailbox: the window can be used while it is being made', async ({
  lab,
  employee,
}) => {
  const { seedMailbox } = await import('../lab/seeder.ts');
  const mails = await seedMailbox({
    employee: { name: 'Bob Berg', address: 'bob@corp.example' },
    messages: 600,
    seed: 9,
    now: Date.now(),
  });
  await lab.exchange.mailbox('bob').appendAll(mails);
  await lab.outside.sends({ to: 'bob', subject: 'The newest of all', text: 'Read me first.' });
  await lab.exchange.imap.fault({ drip: 400_000 });
  const bob = await employee('bob');
  await bob.opens('The newest of all');
  await expect(bob.messages()).toContainText(['Read me first.']);
  await expect(bob.page.getByTestId('sync-progress')).toContainText(/\d+ of \d+/);
  await bob.goesTo('all');
  await bob.goesTo('inbox');
  await lab.exchange.imap.fault('none');
  await expect(bob.page.getByTestId('sync-progress')).toHaveCount(0, { timeout: 60_000 });
  await bob.goesTo('all');
  const page = await bob.page.evaluate(() =>
    window.relevo.conversations.list({ accountId: 1 as never, view: 'all', offset: 0, limit: 1 }),
  );
  expect(page).toMatchObject({ ok: true });
  await bob.goesTo('sent');
  await expect(bob.page.getByTestId('conversation-row').first()).toBeVisible();
});
