import type { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';

/** By its name, as every command. */
async function commands(app: App, name: string): Promise<void> {
  await app.page.keyboard.press('Control+k');
  const palette = app.page.getByTestId('palette');
  await palette.getByRole('combobox').fill(name);
  await palette.getByRole('option', { name }).click();
  await expect(palette).toHaveCount(0);
}

test('the person chooses the emergency mailbox though Exchange answers, and leaves it to Relevo again', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Slow all morning', text: 'Did you get my mail?' });
  await alice.lists('Slow all morning');

  await commands(alice, 'Use the emergency mailbox');
  await alice.showsBanner('continuity');
  await expect(alice.banner).toContainText('as you chose');
  await alice.opens('Slow all morning');
  await alice.replies('By the emergency mailbox.');
  await alice.showsOutgoing('accepted');
  await lab.outside.receives((mail) => mail.text.includes('By the emergency mailbox.'));

  // It outlives a restart, and an Exchange that answers all the while.
  await alice.quit();
  const connections = lab.exchange.connections;
  await alice.startAgain();
  await alice.showsBanner('continuity');
  await expect(alice.page.getByTestId('banner-choice')).toContainText('Your choice: the emergency mailbox');
  expect(lab.exchange.connections).toBe(connections);

  await alice.page.getByTestId('choose-automatic').click();
  await alice.showsNoBanner(60_000);
  const sent = await lab.exchange.mailbox('alice').messages('Sent Items');
  expect(sent.filter(({ text }) => text.includes('By the emergency mailbox.'))).toHaveLength(1);
});

test('the person chooses Exchange in an outage: what they send waits for it, and leaves once it is Relevo’s to decide', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'Scaffolding', text: 'When does it go?' });
  await alice.lists('Scaffolding');
  await lab.exchange.die();
  await alice.showsBanner('continuity');

  // A draft that is open stays open, whichever way mail goes.
  await alice.opens('Scaffolding');
  await alice.writesReply('On Monday.');
  await alice.banner.getByRole('button', { name: 'Details' }).click();
  await alice.page.getByTestId('choose-primary').click();
  await alice.showsBanner('returning');
  await expect(alice.banner).toContainText('You have been going by Exchange');
  await expect(alice.page.getByTestId('composer-text')).toHaveValue(/^On Monday\./);
  await alice.sends();
  await alice.showsOutgoing('queued');
  await alice.goesTo('outbox');
  await expect(alice.outboxItems().first()).toContainText('Last through Exchange');

  await alice.page.getByTestId('choose-automatic').click();
  await alice.showsBanner('continuity');
  await lab.outside.receives((mail) => mail.text.includes('On Monday.'), 30_000);
  await expect(alice.outboxItems()).toHaveCount(0);
  expect(lab.outside.received().filter((mail) => mail.text.includes('On Monday.'))).toHaveLength(1);
});

test('where policy does not allow it, nobody chooses', async ({ lab, employee }) => {
  const alice = await employee('alice', { policy: { 'failover.personMayChoose': false } });
  await lab.exchange.die();
  await alice.showsBanner('continuity');
  await alice.banner.getByRole('button', { name: 'Details' }).click();
  await expect(alice.banner).toContainText('Your IT department decides on the way.');
  await alice.page.keyboard.press('Control+k');
  await alice.page.getByTestId('palette').getByRole('combobox').fill('Exchange');
  await expect(alice.page.getByRole('option', { name: 'Use Exchange' })).toHaveCount(0);
});
