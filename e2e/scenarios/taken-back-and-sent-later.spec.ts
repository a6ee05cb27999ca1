import { expect, test } from '../fixtures.ts';

test('a reply is taken back at once, gets a file and a blind copy, and is sent for an hour that waits through a kill', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice', { policy: { 'sending.undoSeconds': 120 } });
  await lab.outside.sends({ to: 'alice', subject: 'Brochure', text: 'Shall we print it?' });
  await alice.opens('Brochure');
  await alice.replies('Print it.');
  await alice.page.getByTestId('undo').click();
  const composer = alice.page.getByTestId('composer');
  await expect(composer.getByTestId('composer-text')).toHaveValue(/^Print it\./);

  const content = Buffer.from('East wing, second floor');
  await composer
    .getByTestId('attach-files')
    .setInputFiles({ name: 'Plan.txt', mimeType: 'text/plain', buffer: content });
  await expect(composer.getByTestId('draft-attachment')).toContainText('Plan.txt');
  await composer.getByTestId('show-bcc').click();
  await composer.getByTestId('composer-bcc').fill('eve@outside.example');
  await composer.getByTestId('send-later').click();
  await composer.getByTestId('send-later-confirm').click();
  await expect(composer).toHaveCount(0);

  await alice.goesTo('outbox');
  await expect(alice.outboxItems('held')).toHaveCount(1);
  await alice.kill();
  await alice.startAgain();
  await alice.goesTo('outbox');
  await expect(alice.outboxItems('held')).toHaveCount(1);
  expect(lab.outside.received()).toEqual([]);
  await alice.page.getByTestId('decide-now').click();

  const reply = await lab.outside.receives((mail) => mail.text.includes('Print it.'));
  expect(reply.source.toString('latin1')).not.toMatch(/^bcc:|eve@/im);
  expect(reply.source.toString('latin1')).toContain(content.toString('base64'));
  await expect(alice.outboxItems()).toHaveCount(0);
});
