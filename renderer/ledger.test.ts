import { describe, it } from 'vitest';
import { expect, hasBrowser, locales, windowHarness } from './testing/window-harness.ts';

describe.skipIf(!hasBrowser)('the ledger in the window', () => {
  const { open, byId, asked } = windowHarness();

  it('says how many are back, why the others are not, and what to do', async () => {
    await open('ledgerOpen');
    await expect(byId('ledger-outage')).toContainText('2 of 4 back in Exchange');
    await byId('ledger-filter-exceptions').check({ force: true });
    await expect(byId('ledger-entry')).toHaveCount(2);
    await expect(byId('ledger-why')).toContainText('The server asks for a pause.');
    await byId('ledger-save-message').last().click();
    expect(await asked('messages.export')).toEqual([{ messageIds: [503] }]);
    await byId('ledger-save-exceptions').click();
    await expect.poll(() => asked('messages.export')).toContainEqual({ exceptionsOf: 9 });
    await expect(byId('toast')).toContainText('Saved.');
  });

  it('tells what was done to messages meanwhile', async () => {
    await open('ledgerOpen');
    await byId('ledger-filter-changed').check({ force: true });
    await expect(byId('ledger-entry')).toContainText('Archived');
    await expect(byId('ledger-entry')).toContainText('Archive');
  });

  it('is saved in each form', async () => {
    await open('ledgerOpen');
    for (const form of ['pdf', 'csv', 'signed']) {
      await byId(`ledger-export-${form}`).click();
      await expect.poll(() => asked('ledger.export')).toContainEqual({ accountId: 1, outageId: 9, form });
    }
  });

  it('shows 5,000 messages of which the page holds a few, asked for by pages, and finds one', async () => {
    const page = await open('ledgerLong');
    await expect(byId('ledger-filter-all').locator('..')).toContainText('(5,000)');
    await expect(byId('ledger-entry').first()).toBeVisible();
    expect(await byId('ledger-entry').count()).toBeLessThan(40);
    await page.locator('.ledger-scroll').focus();
    // Rows are measured as they come, so that the end may move while it is gone to.
    await expect(async () => {
      await page.keyboard.press('End');
      await expect(page.locator('[aria-posinset="5000"]')).toBeVisible({ timeout: 1000 });
    }).toPass({ timeout: 60_000 });
    const offsets = (await asked('ledger.entries')) as { readonly offset: number }[];
    expect(offsets.some(({ offset }) => offset === 4800)).toBe(true);
    await byId('ledger-search').fill('bellini');
    await expect(byId('ledger-entry').first()).toContainText('bellini');
    await byId('ledger-search').fill('nobody at all');
    await expect(byId('ledger-none')).toContainText('Nothing here.');
  });

  it('is moved through by keyboard', async () => {
    const page = await open('ledgerOpen');
    await byId('ledger-filter-all').focus();
    await page.keyboard.press('ArrowRight');
    await expect(byId('ledger-filter-exceptions')).toBeChecked();
    await page.keyboard.press('Tab');
    await expect(byId('ledger-search')).toBeFocused();
  });

  it('names who has signed, and says so where nobody else has', async () => {
    await open('ledger');
    await byId('view-ledger').click();
    await expect(byId('ledger-signatures')).toContainText('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    await expect(byId('ledger-signatures')).toContainText('12 of 12 lines');
  });

  it('says what failed instead of showing nothing', async () => {
    await open('ledgerBroken');
    await expect(byId('error')).toHaveAttribute('data-code', 'storage.failed');
  });

  it('shows copies as one, and each by itself where the person wants that', async () => {
    const page = await open('twoCopies');
    await expect(byId('message-merged')).toContainText('2 copies in Exchange');
    await byId('message-menu').first().click();
    await byId('show-apart').click();
    expect(await asked('messages.showApart')).toMatchObject([{ isApart: true }]);
    await expect(page.getByRole('menu')).toHaveCount(0);
    await byId('message-menu').first().click();
    await byId('save-message').click();
    await expect.poll(() => asked('messages.export')).toHaveLength(1);
  });

  it('shows a message apart as one card for each copy', async () => {
    await open('twoCopiesApart');
    await expect(byId('message-copy')).toHaveCount(2);
    await expect(byId('message-copy').last()).toContainText('Copy 2 of 2, in Archive');
  });

  it.each(locales)('shows no raw key and overflows nowhere in %s', async (locale) => {
    const page = await open('ledgerOpen', { locale, viewport: { width: 760, height: 620 } });
    await byId('ledger-entry').first().waitFor();
    await expect(page.getByTestId('ledger')).not.toContainText(/ledger\.\w/);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
