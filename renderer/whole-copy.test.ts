import { describe, it } from 'vitest';
import { expect, hasBrowser, locales, windowHarness } from './testing/window-harness.ts';

describe.skipIf(!hasBrowser)('what is kept on this computer', () => {
  const { open, byId, row, asked } = windowHarness();

  it('says of a large attachment that it is not in the copy, and fetches it when it is asked for', async () => {
    await open('largeAttachments');
    const absent = byId('attachment-absent').first();
    await expect(absent).toContainText('not in the copy');
    await expect(absent).toContainText('42 MB');
    await absent.click();
    await expect.poll(() => asked('attachments.fetch')).toHaveLength(1);
    expect(await asked('conversations.saveAttachment')).toEqual([]);
  });

  it('shows how far a large attachment is', async () => {
    await open('largeAttachmentsOnTheirWay');
    await byId('attachment-absent').first().click();
    await expect(byId('attachment-progress')).toContainText('12 MB of 57 MB');
    await expect(byId('attachment-absent').first()).toBeDisabled();
  });

  it('says in place that an attachment has to wait while Exchange is away', async () => {
    await open('largeAttachmentsOffline');
    await byId('attachment-absent').first().click();
    await expect(byId('attachment-error')).toContainText('once it is back');
    await expect(byId('attachment-absent').first()).toBeEnabled();
  });

  it('says of a forward what it lacks', async () => {
    await open('largeAttachments');
    await byId('forward').click();
    await expect(byId('toast')).toContainText('One attachment is not in the copy');
  });

  it('marks what is kept whole, and lets go of it by button and by key', async () => {
    const page = await open('kept');
    await expect(row(0).getByTestId('row-pin')).toBeVisible();
    await expect(row(1).getByTestId('row-pin')).toHaveCount(0);
    await expect(byId('pin')).toHaveAttribute('aria-pressed', 'true');
    await byId('pin').click();
    await expect(byId('toast')).toContainText('no longer');
    const target = { kind: 'conversation', conversationId: 101 };
    expect(await asked('pins.remove')).toMatchObject([{ accountId: 1, target }]);
    await row(1).click();
    await expect(byId('pin')).toHaveAttribute('aria-pressed', 'false');
    await page.keyboard.press('p');
    await expect.poll(() => asked('pins.add')).toHaveLength(1);
  });

  it('says in the settings how complete the copy is', async () => {
    await open('settingsKept');
    await expect(byId('completeness')).toContainText(
      '2,310 messages here, 3 missing. The oldest that is missing is from 12 Oct 2026.',
    );
  });

  it('lists in the settings what is kept, lets go of it, and keeps a folder or a person’s mail', async () => {
    await open('settingsKept');
    await expect(byId('pin-line')).toHaveCount(2);
    await byId('pin-line').nth(1).getByTestId('pin-remove').click();
    await expect(byId('pin-line')).toHaveCount(1);
    await byId('pin-add').click();
    await byId('pin-folder').selectOption('Clients/Night shift');
    await byId('pin-save').click();
    await expect(byId('pin-line')).toHaveCount(2);
    await byId('pin-add').click();
    await expect(byId('pin-save')).toBeDisabled();
    await byId('pin-address').fill('meyer@client.example');
    await byId('pin-save').click();
    await expect(byId('pin-line')).toHaveCount(3);
    expect(await asked('pins.add')).toMatchObject([
      { target: { kind: 'folder', path: 'Clients/Night shift' } },
      { target: { kind: 'correspondent', address: 'meyer@client.example' } },
    ]);
  });

  it.each(locales)('fits in %s', async (locale) => {
    const page = await open('settingsKept', { locale, viewport: { width: 900, height: 640 } });
    await byId('pin-add').click();
    await expect(byId('completeness')).toBeVisible();
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth),
    ).toBe(false);
  });
});
