import { describe, it } from 'vitest';
import { expect, hasBrowser, locales, windowHarness } from './testing/window-harness.ts';

describe.skipIf(!hasBrowser)('meetings in the window', { timeout: 60_000 }, () => {
  const { open, byId, asked } = windowHarness();

  it('are answered from the card of an invitation, by keyboard', async () => {
    const page = await open('invitation');
    const card = byId('meeting').first();
    await expect(card).toContainText('Site meeting');
    await expect(card.getByTestId('meeting-conflicts')).toContainText('Contract for the east wing');
    await card.getByTestId('meeting-declined').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => asked('calendar.answer')).toMatchObject([{ answer: 'declined' }]);
  });

  it('say what was answered and ask for another answer only', async () => {
    await open('invitationMoved');
    const card = byId('meeting').first();
    await expect(card.getByRole('status')).toHaveText('You have accepted.');
    await expect(card.getByTestId('meeting-accepted')).toHaveAttribute('aria-pressed', 'true');
    await card.getByTestId('meeting-accepted').click({ force: true });
    await card.getByTestId('meeting-tentative').click();
    await expect.poll(() => asked('calendar.answer')).toMatchObject([{ answer: 'tentative' }]);
  });

  it('that are called off, or cannot be read, ask for nothing', async () => {
    await open('meetingCancelled');
    await expect(byId('meeting').first()).toContainText('Called off');
    await expect(byId('meeting-accepted')).toHaveCount(0);
  });

  it.each(locales)(
    'stand in an agenda that says what it is, and lead to their mail, in %s',
    async (locale) => {
      const page = await open('agenda', { locale, viewport: { width: 760, height: 600 } });
      await expect(byId('agenda-item')).toHaveCount(5);
      await expect(byId('agenda')).toContainText('Exchange');
      const cut = await page
        .locator('.agenda *')
        .evaluateAll((all) =>
          all.filter((one) => one.scrollWidth > one.clientWidth + 1).map(({ outerHTML }) => outerHTML),
        );
      expect(cut).toEqual([]);
    },
  );
});
