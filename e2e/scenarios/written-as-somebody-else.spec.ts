import { expect, test } from '../fixtures.ts';

const boss = 'boss@corp.example';
const desk = 'desk@corp.example';

test('a message written on behalf of somebody waits for Exchange, since continuity may not send for them, and leaves as theirs', async ({
  lab,
  employee,
}) => {
  const account = lab.accountOf('alice');
  const signature = { en: 'The Director', de: 'Die Direktion' };
  const identities = [
    { address: boss, displayName: 'Director', kind: 'onBehalf', signature, continuity: false },
    { address: desk, displayName: 'Front Desk', kind: 'sendAs', continuity: true },
  ];
  const alice = await employee('alice', { policy: { accounts: [{ ...account, identities }] } });
  await lab.outside.sends({ to: 'alice', subject: 'Boat hire', text: 'For how many?' });
  await alice.opens('Boat hire');

  await lab.laptop.network.down();
  await alice.writesReply('Six of us.');
  const from = alice.page.getByTestId('composer-from');
  await from.selectOption(boss);
  await expect(alice.page.getByTestId('composer-text')).toHaveValue(/^Six of us\.\n\nThe Director\n\n/);
  await alice.sends();
  await lab.exchange.die();
  await lab.laptop.network.up();
  await alice.showsBanner('continuity');

  await alice.goesTo('outbox');
  await expect(alice.outboxItems('queued')).toContainText(
    'The emergency mailbox may not send as this sender.',
  );
  await alice.goesTo('inbox');
  await alice.opens('Boat hire');
  await alice.writesReply('On Friday.');
  await expect(from.locator('option:disabled')).toHaveText('Director <boss@corp.example> (not in an outage)');
  await from.selectOption(desk);
  await alice.sends();
  const allowed = await lab.outside.receives(({ text }) => text.startsWith('On Friday.'));
  expect(allowed).toMatchObject({ from: desk, envelopeFrom: desk });
  expect(lab.outside.received()).toHaveLength(1);

  await lab.exchange.comesBack();
  const waited = await lab.outside.receives(({ text }) => text.startsWith('Six of us.'), 60_000);
  expect(waited).toMatchObject({ from: boss, envelopeFrom: 'alice@corp.example' });
  expect(waited.header('sender')).toContain('alice@corp.example');
  expect(lab.continuity.submission.taken).toHaveLength(1);
});
