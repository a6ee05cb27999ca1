import { readFileSync } from 'node:fs';
import { expect, test } from '../fixtures.ts';

test('IT declares an outage that no laptop sees: everybody goes through continuity until it is declared over', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  const first = await lab.outside.sends({ to: 'alice', subject: 'Crane hire', text: 'Which week?' });
  await alice.lists('Crane hire');

  // What others say changes nothing, however well they say it.
  await lab.bulletins.post(
    { kind: 'outage', issuer: 'Corp IT', texts: { en: 'Read on at x.example' } },
    'forger',
  );
  await lab.bulletins.post({ kind: 'outage', matter: 'bob', scope: { addresses: ['bob@corp.example'] } });
  const log = () => readFileSync(`${alice.profile}/logs/relevo.log`, 'utf8');
  await expect.poll(log).toMatch(/bulletin refused.*"reason":"key"/);
  await expect.poll(log).toMatch(/bulletin refused.*"reason":"scope"/);
  await alice.showsNoBanner();

  const words = 'The calendar service deletes entries. <b>Do not</b> call http://help.example/';
  await lab.bulletins.post({ kind: 'outage', matter: 'calendar', texts: { en: words, de: 'Kalender' } });
  await alice.showsBanner('continuity');
  await expect(alice.banner).toContainText('An outage of Exchange has been declared');
  await expect(alice.page.getByTestId('banner-notice')).toHaveText(`Notice from Corp IT: ${words}`);
  await expect(alice.banner.locator('a, b, img')).toHaveCount(0);

  // The gateway keeps both in step, as docs/provider.md asks of it while an outage is declared.
  lab.gateway.mode = 'always';
  // Exchange answers all the while, and nobody goes back by themselves.
  await lab.outside.sends({
    to: 'alice',
    subject: 'Crane hire',
    text: 'Or the week after?',
    inReplyTo: first,
  });
  await alice.opens('Crane hire');
  await alice.replies('The second week.');
  await alice.showsOutgoing('accepted');
  await lab.outside.receives((mail) => mail.text.includes('The second week'));
  await expect(async () => {
    expect(await lab.continuity.mailbox('alice').messages('Sent')).toHaveLength(1);
  }).toPass();
  await alice.showsBanner('continuity');

  await alice.quit();
  const connections = lab.exchange.connections;
  await alice.startAgain();
  await alice.showsBanner('continuity');
  await alice.opens('Crane hire');
  await expect(alice.messages()).toHaveCount(3);
  expect(lab.exchange.connections).toBe(connections);

  await lab.bulletins.post({ kind: 'end', matter: 'calendar' });
  await alice.showsNoBanner(60_000);
  const copies = async (folder: string, words: string) =>
    (await lab.exchange.mailbox('alice').messages(folder)).filter(({ text }) => text.includes(words)).length;
  expect(await copies('Sent Items', 'The second week')).toBe(1);
  expect(await copies('INBOX', 'Or the week after?')).toBe(1);
});
