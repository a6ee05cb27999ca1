import { AxeBuilder } from '@axe-core/playwright';
import type { App } from '../app.ts';
import { expect, test } from '../fixtures.ts';

async function hasNoViolation(app: App, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: app.page })
    // The mail itself is its sender's.
    .exclude('[data-testid=mail-frame]')
    .setLegacyMode(true)
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${what}: ${id} ${nodes.map(({ html }) => html).join(' ')}`),
  ).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every view can be used by everybody (${colorScheme})`, async ({ lab, employee }) => {
    const alice = await employee('alice');
    await alice.page.emulateMedia({ colorScheme });
    await alice.lists('');
    await hasNoViolation(alice, 'list');
    await lab.outside.sends({ to: 'alice', subject: 'A question', text: 'Can you read this?' });
    await alice.opens('A question');
    await hasNoViolation(alice, 'reader');
    await lab.exchange.die();
    await alice.showsBanner('continuity');
    await hasNoViolation(alice, 'banner');
    await alice.writesReply('Yes.');
    await hasNoViolation(alice, 'composer');
    lab.continuity.submission.script = 'acceptSilently';
    await alice.sends();
    await alice.showsOutgoing('uncertain');
    await alice.goesTo('outbox');
    await expect(alice.outboxItems()).toHaveCount(1);
    await hasNoViolation(alice, 'outbox');
    await alice.goesTo('ledger');
    await expect(alice.page.getByTestId('ledger-outage')).toHaveCount(1);
    await hasNoViolation(alice, 'ledger');
    await alice.goesTo('inbox');
    await alice.searches('question');
    await expect(alice.page.getByTestId('search-hit')).not.toHaveCount(0);
    await hasNoViolation(alice, 'search');
  });
}

test('an outage by keyboard alone: read, search, answer', async ({ lab, employee }) => {
  const alice = await employee('alice');
  await lab.outside.sends({ to: 'alice', subject: 'No mouse today', text: 'Can you still answer?' });
  await alice.lists('No mouse today');
  await lab.exchange.die();
  await alice.showsBanner('continuity');
  const { keyboard } = alice.page;

  await keyboard.press('Control+f');
  await keyboard.type('mouse');
  await expect(alice.page.getByTestId('search-hit')).toHaveCount(1);
  await keyboard.press('Escape');
  await alice.page.getByTestId('conversation-list').focus();
  await keyboard.press('Home');
  await expect(alice.page.getByTestId('reader')).toContainText('No mouse today');
  await keyboard.press('Control+r');
  await expect(alice.page.getByTestId('composer-text')).toBeFocused();
  await keyboard.type('Yes, by keyboard.');
  await keyboard.press('Control+Enter');
  await lab.outside.receives((mail) => mail.text.includes('Yes, by keyboard.'));
  await keyboard.press('Control+5');
  await expect(alice.page.getByTestId('ledger')).toBeVisible();
});
