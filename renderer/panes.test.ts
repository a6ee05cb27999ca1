import { describe, it } from 'vitest';
import { expect, hasBrowser, windowHarness } from './testing/window-harness.ts';

describe.skipIf(!hasBrowser)('the panes', () => {
  const { open, row, byId, asked } = windowHarness();
  const kept = async () => (await asked('preferences.keep')).at(-1);

  it('are as wide as they were dragged or moved by keys, and that is kept', async () => {
    const page = await open('well');
    await row(0).waitFor();
    const line = page.getByRole('separator', { name: 'Width of the list' });
    const box = await line.boundingBox();
    if (box === null) throw new Error('no line');
    await page.mouse.move(box.x + 1, box.y + 300);
    await page.mouse.down();
    await page.mouse.move(box.x + 81, box.y + 300);
    await page.mouse.up();
    await expect(line).toHaveAttribute('aria-valuenow', '430');
    await expect.poll(kept).toMatchObject({ listWidth: 430 });
    await line.focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(kept).toMatchObject({ listWidth: 414 });
    await page.keyboard.press('Home');
    await expect(line).toHaveAttribute('aria-valuenow', '240');
    await line.dblclick();
    await expect(line).toHaveAttribute('aria-valuenow', '350');
  });

  it('fold away one by one by keys, and come back', async () => {
    const page = await open('well');
    await row(0).click();
    await page.keyboard.press('F7');
    await expect(row(0)).toBeHidden();
    await expect(page.locator('.reader-scroll')).toBeVisible();
    await page.keyboard.press('F7');
    await expect(row(0)).toBeVisible();
    await page.keyboard.press('F9');
    await expect(byId('sidebar-fold')).toHaveAttribute('aria-expanded', 'false');
    await page.keyboard.press('F8');
    await expect(row(0)).toBeHidden();
    await byId('back').click();
    await expect(row(0)).toBeVisible();
    await expect(byId('reader')).toBeHidden();
  });

  it('stand one at a time in a narrow window, with a way back that keeps the focus', async () => {
    const page = await open('well', { viewport: { width: 880, height: 700 } });
    await row(1).click();
    await expect(byId('reader')).toBeVisible();
    await expect(row(1)).toBeHidden();
    await expect(page.locator('.reader-scroll')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(byId('conversation-list')).toBeFocused();
    await byId('sidebar-fold').click();
    await byId('view-outbox').click();
    await expect(byId('outbox')).toBeVisible();
    await expect(byId('sidebar-fold')).toHaveAttribute('aria-expanded', 'false');
    expect(await page.evaluate(() => document.body.scrollWidth)).toBeLessThanOrEqual(880);
  });

  it('are gone through by F6', async () => {
    const page = await open('well');
    await row(0).click();
    await page.locator('.reader-scroll').waitFor();
    await byId('conversation-list').focus();
    await page.keyboard.press('F6');
    await expect(page.locator('.reader-scroll')).toBeFocused();
    await page.keyboard.press('F6');
    await expect(byId('view-inbox')).toBeFocused();
    await page.keyboard.press('Shift+F6');
    await expect(page.locator('.reader-scroll')).toBeFocused();
  });

  it('take the keys of the mail program that was chosen, and the help shows them', async () => {
    const page = await open('well');
    await row(0).click();
    await byId('flag').waitFor();
    await page.keyboard.press('F1');
    await byId('shortcut-set').selectOption('outlook');
    await expect(byId('shortcut-conversation.archive')).toContainText('Backspace');
    await expect.poll(kept).toMatchObject({ shortcutSet: 'outlook' });
    await page.keyboard.press('Escape');
    await expect(byId('shortcuts')).toHaveCount(0);
    await page.keyboard.press('e');
    expect(await asked('conversations.archive')).toEqual([]);
    await page.keyboard.press('Backspace');
    await expect.poll(() => asked('conversations.archive')).toHaveLength(1);
  });

  it('name what was done last first in the palette, and find by first letters', async () => {
    const page = await open('well');
    await row(0).waitFor();
    await page.keyboard.press('Control+k');
    await byId('palette').waitFor();
    await page.keyboard.type('cl');
    await page.keyboard.press('Enter');
    await expect.poll(kept).toMatchObject({ density: 'compact', recentCommands: ['pane.density'] });
    await page.keyboard.press('Control+k');
    await expect(byId('palette').getByRole('option').first()).toContainText('Comfortable list');
  });
});
