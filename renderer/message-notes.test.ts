import { describe, it } from 'vitest';
import { expect, hasBrowser, locales, windowHarness } from './testing/window-harness.ts';

describe.skipIf(!hasBrowser)('what is said about a message', () => {
  const { open, byId } = windowHarness();

  it('names who did not get it and why, and leads to the message that it is about', async () => {
    const page = await open('undelivered');
    const [original, bounce, receipt] = [0, 1, 2].map((index) => byId('message').nth(index));
    if (original === undefined || bounce === undefined || receipt === undefined)
      throw new Error('no message');
    await expect(bounce).toContainText('A message was not delivered.');
    await expect(bounce).not.toContainText('I am sorry');
    await bounce.locator('.message-toggle').click();
    const recipients = bounce.getByRole('list', { name: 'About this message' }).getByRole('listitem');
    await expect(recipients.filter({ hasText: 'mj.iglesias@' }).last()).toHaveText(
      /^mj\.iglesias@puertosur\.exampleThis address does not exist\.The mail server said: 550 5\.1\.1 .*user unknown$/,
    );
    await expect(recipients.last()).toHaveText('and 3 more recipients');
    await expect(receipt.getByTestId('message-notes')).toHaveText(/^Read receipt: a message was opened\./);

    await expect(original).toHaveAttribute('data-open', 'false');
    await page.keyboard.press('Tab');
    await expect(bounce.getByTestId('message-menu')).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(bounce.getByTestId('show-original')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(original.locator('.message-toggle')).toBeFocused();
    await expect(original).toHaveAttribute('data-open', 'true');
    await expect(original).toBeInViewport();
  });

  it('is that it cannot be read here, or that nobody checked who signed it', async () => {
    await open('encrypted');
    const [encrypted, signed] = [byId('message').nth(0), byId('message').nth(1)];
    await expect(encrypted.locator('.message-first-words')).toHaveText(
      /^Encrypted with S\/MIME\. .* where its key is\.$/,
    );
    await expect(signed.getByTestId('message-notes')).toHaveText(
      'Signed with PGP. The signature was not checked.',
    );
    await expect(signed).toContainText('Did you get it?');
  });

  it('is nothing where there is nothing to say', async () => {
    const page = await open('well');
    await byId('conversation-row').first().click();
    await expect(byId('message').last()).toHaveAttribute('data-open', 'true');
    await expect(page.getByTestId('message-notes')).toHaveCount(0);
  });

  it.each(locales)('has room in %s, in a small window', async (locale) => {
    const page = await open('undelivered', { locale, viewport: { width: 760, height: 480 } });
    await byId('message').nth(1).locator('.message-toggle').click();
    const overflowing = await page
      .locator('.message-notes, .message-notes *')
      .evaluateAll((all) =>
        all.filter((one) => one.scrollWidth > one.clientWidth + 1).map(({ outerHTML }) => outerHTML),
      );
    expect(overflowing).toEqual([]);
  });
});
