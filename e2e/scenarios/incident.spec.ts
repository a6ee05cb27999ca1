import { expect, test } from '../fixtures.ts';

test('Exchange is compromised and taken out of use: nothing touches it until the company releases it', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  const first = await lab.outside.sends({ to: 'alice', subject: 'Tender 14', text: 'Please confirm.' });
  await alice.lists('Tender 14');

  // The key for everyday notices is not enough.
  await lab.bulletins.post({ kind: 'incident', matter: 'too-light' }, 'it');
  const jws = await lab.bulletins.post(
    { kind: 'incident', matter: 'compromise', texts: { en: 'Do not open Outlook.' } },
    'grave',
  );
  await alice.showsBanner('incident');
  await expect(alice.banner).toContainText('Do not open Outlook.');
  expect(jws).not.toBe('');

  // Every session is cut, and none begins: neither with Exchange nor with its identity provider.
  await expect.poll(() => lab.exchange.standing).toBe(0);
  const [connections, requests] = [lab.exchange.connections, lab.issuer.requests];

  // The gateway no longer gives the company's mail to Exchange alone.
  lab.gateway.mode = 'always';
  await lab.outside.sends({ to: 'alice', subject: 'Tender 14', text: 'By noon, please.', inReplyTo: first });
  await alice.lists('By noon, please.');
  await alice.opens('Tender 14');
  await expect(alice.messages()).toHaveCount(2);
  await alice.replies('Confirmed.');
  await alice.showsOutgoing('accepted');
  await lab.outside.receives((mail) => mail.text.includes('Confirmed.'));
  await expect(await alice.searches('confirm')).not.toHaveCount(0);
  await alice.endsSearch();

  // A laptop that hears of it at its very first start touches nothing either.
  const bob = await employee('bob');
  await bob.showsBanner('incident');
  expect([lab.exchange.connections, lab.issuer.requests]).toEqual([connections, requests]);

  // It outlives a crash, and a board that is silent or says that it is over by the wrong key.
  lab.bulletins.posted = '';
  await lab.bulletins.post({ kind: 'end', matter: 'compromise' }, 'it');
  await alice.kill();
  await alice.startAgain();
  await alice.showsBanner('incident');
  const answers = lab.bulletins.answers.length;
  await expect.poll(() => lab.bulletins.answers.length).toBeGreaterThan(answers + 1);
  await alice.showsBanner('incident');
  expect([lab.exchange.connections, lab.issuer.requests]).toEqual([connections, requests]);

  // The board is down: the release comes as a mail, from whomever; its signature counts.
  lab.bulletins.posted = '';
  await lab.outside.sends({
    to: 'alice',
    subject: 'Exchange may be used again',
    from: { name: 'Somebody', address: 'somebody@outside.example' },
    text: 'See the attachment.',
    attachments: [
      {
        filename: 'release.bulletin',
        content: await lab.bulletins.sign({ kind: 'end', matter: 'compromise' }, 'grave'),
        contentType: 'application/vnd.relevo.bulletin',
      },
    ],
  });
  await alice.showsNoBanner(60_000);
  expect(lab.exchange.connections).toBeGreaterThan(connections);
  const sent = await lab.exchange.mailbox('alice').messages('Sent Items');
  expect(sent.filter(({ text }) => text.includes('Confirmed.'))).toHaveLength(1);
});
