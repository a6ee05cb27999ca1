import { describe, it } from 'vitest';
import { expect, hasBrowser, locales, windowHarness } from '../../testing/window-harness.ts';

describe.skipIf(!hasBrowser)('the banner', () => {
  const { open, byId, asked, page } = windowHarness();
  const readOut = () => byId('banner').locator('[role=status], [role=alert]');

  it('reads out when a quiet time ends, and counts only for the eye', async () => {
    await open('quiet');
    await expect(readOut()).toHaveAttribute('role', 'status');
    await expect(readOut()).toContainText('What you send is held and leaves at about');
    await expect(readOut()).toContainText(
      'Notice from Nordlicht IT: The mail servers move to the new data centre.',
    );
    await expect(readOut()).not.toContainText('minutes');
    await expect(byId('banner-countdown')).toHaveText(/About 6[0-9] minutes left/);
    await expect(byId('banner-countdown')).toHaveAttribute('aria-hidden', 'true');
  });

  it('is made small and never nothing, and stands there whole when something else happens', async () => {
    await open('quiet');
    await byId('banner-fold').focus();
    await page().keyboard.press('Enter');
    await expect(byId('banner')).toHaveAttribute('data-folded', 'true');
    await expect(readOut()).toHaveText(/planned maintenance/i);
    await expect(byId('banner-countdown')).toBeVisible();
    await expect(byId('banner-fold')).toBeFocused();
    await page().keyboard.press('Enter');
    await expect(readOut()).toContainText('What you send is held');
  });

  it('counts down to what is announced, while all is well', async () => {
    await open('quietAnnounced');
    await expect(byId('banner')).toHaveAttribute('data-phase', 'announced');
    await expect(readOut()).toContainText('Planned maintenance:');
    await expect(byId('banner-countdown')).toHaveText(/Begins in \d+ minutes/);
  });

  it.each([
    ['quietOver', 'The planned maintenance is over.'],
    ['quietCancelled', 'The planned maintenance does not take place.'],
    ['quietMoved', 'Changed; it was to be'],
    ['quietInOutage', 'nothing is held'],
    ['drillAnnounced', 'Drill:'],
    ['drill', 'This is a drill'],
    ['declared', 'An outage of Exchange has been declared'],
    ['chosen', 'as you chose'],
  ])('says of %s: %s', async (scene, words) => {
    await open(scene);
    await expect(readOut()).toContainText(words);
  });

  it('interrupts for an incident, and says by whom it is signed', async () => {
    await open('incident');
    await expect(readOut()).toHaveAttribute('role', 'alert');
    await byId('banner').getByRole('button', { name: 'Details' }).click();
    await expect(byId('banner')).toContainText('Signed by Nordlicht IT and verified');
    await expect(byId('banner')).toContainText('Exchange was put out of use by a signed notice.');
  });

  it('shows the company’s words as text and nothing else', async () => {
    await open('declared');
    await expect(byId('banner-notice')).toContainText('<b>Not</b> by https://phishing.example/');
    await expect(byId('banner').locator('a, b, img, iframe')).toHaveCount(0);
  });

  it.each(locales)('says everything in %s and cuts nothing off, in a small window', async (locale) => {
    for (const scene of ['quiet', 'quietMoved', 'incident', 'chosen', 'drill']) {
      await open(scene, { locale, viewport: { width: 900, height: 620 } });
      const cut = await byId('banner')
        .locator('p, button')
        .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length);
      expect(cut).toBe(0);
      expect(await page().evaluate(() => document.body.scrollWidth)).toBeLessThanOrEqual(900);
      if (scene !== 'drill') await page().context().close();
    }
  });

  it.each([
    ['chosen', 'Your choice: the emergency mailbox, since'],
    ['chosenExchange', 'Your choice: Exchange, since'],
    ['chosenOffline', 'Your choice: the emergency mailbox, since'],
  ])('shows in %s what the person chose, and leaves it to Relevo again', async (scene, words) => {
    await open(scene);
    await expect(byId('banner-choice')).toContainText(words);
    await byId('choose-automatic').click();
    await expect.poll(() => asked('failover.choose')).toEqual([{ accountId: 1, route: null }]);
  });

  it('lets the person choose the other way in its details, and says where it is not theirs to choose', async () => {
    await open('refused');
    await byId('banner').getByRole('button', { name: 'Details' }).click();
    await byId('choose-primary').click();
    await expect.poll(() => asked('failover.choose')).toEqual([{ accountId: 1, route: 'primary' }]);
    await open('quiet');
    await byId('banner').getByRole('button', { name: 'Details' }).click();
    await expect(byId('banner')).toContainText('Your IT department decides on the way.');
    await expect(byId('choose-primary')).toHaveCount(0);
  });

  it('says how much has been brought over', async () => {
    await open('reconciling');
    await expect(byId('carrying-over')).toHaveText(/Brought over: \d+ of \d+/);
  });

  it('offers in the outbox the way for what cannot wait', async () => {
    await open('quietOutbox');
    await expect(byId('held')).toContainText('leaves at about');
    await byId('send-urgently').click();
    await expect.poll(() => asked('failover.sendUrgently')).toHaveLength(1);
  });
});
