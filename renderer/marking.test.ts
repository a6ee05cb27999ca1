import { describe, it } from 'vitest';
import { expect, hasBrowser, windowHarness } from './testing/window-harness.ts';

describe.skipIf(!hasBrowser)('several conversations at once', () => {
  const { open, row, byId, asked } = windowHarness();
  const ids = async (method: string) =>
    (await asked(method)).map((input) => (input as { conversationId: number }).conversationId);

  it('are marked by Ctrl and Shift, archived together, and undone together', async () => {
    const page = await open('well');
    await row(0).click();
    await row(2).click({ modifiers: ['Control'] });
    await expect(byId('marked')).toContainText('2 conversations selected');
    await row(4).click({ modifiers: ['Shift'] });
    await expect(byId('marked')).toContainText('3 conversations selected');
    await expect(byId('reader')).toContainText('3 conversations selected');
    await byId('marked-archive').click();
    await expect(byId('toast')).toContainText('3 conversations: Archived.');
    expect(await ids('conversations.archive')).toHaveLength(3);
    await expect(byId('marked')).toHaveCount(0);
    await byId('undo').click();
    await expect.poll(() => asked('conversations.undo')).toHaveLength(3);
    await expect(page.locator('[aria-selected=true]')).toHaveCount(0);
  });

  it('are marked by keys, also those that are not loaded yet, and let go by Escape', async () => {
    const page = await open('well');
    await row(0).click();
    await byId('conversation-list').focus();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(byId('marked')).toContainText('3 conversations selected');
    await page.keyboard.press('Shift+ArrowUp');
    await expect(byId('marked')).toContainText('2 conversations selected');
    await page.keyboard.press('Control+a');
    await expect(byId('marked')).toContainText(/90\d conversations selected/);
    await page.keyboard.press('Escape');
    await expect(byId('marked')).toHaveCount(0);
    await expect(byId('reader')).toContainText('Contract for the east wing');
  });

  it('have a menu at the pointer, and by a key at the row where the keys are', async () => {
    const page = await open('well');
    await row(3).click({ button: 'right' });
    await byId('menu-conversation.flag').click();
    await expect.poll(() => asked('conversations.setFlagged')).toHaveLength(1);
    await row(1).click();
    await byId('flag').waitFor();
    await byId('conversation-list').focus();
    await page.keyboard.press('Shift+F10');
    await expect(byId('menu-message.reply')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(byId('context-menu')).toHaveCount(0);
    await expect(byId('reader')).toContainText('Harbour quarter');
  });

  it('are dragged to a folder', async () => {
    const page = await open('well');
    await row(1).dragTo(page.getByTestId('folder').filter({ hasText: 'Night shift' }));
    await expect(byId('toast')).toContainText('Moved to Clients/Night shift.');
    expect(await ids('conversations.move')).toEqual([106]);
  });

  it('are narrowed down, which is said, and a folder is shown by itself', async () => {
    const page = await open('ledgerOpen');
    await byId('view-inbox').click();
    await row(0).waitFor();
    await byId('filter').click();
    await byId('choice-sinceOutage').click();
    await expect(byId('filtered')).toContainText('Only: Since the outage began');
    await expect
      .poll(async () => (await asked('conversations.list')).at(-1))
      .toMatchObject({ since: expect.any(Number) });
    await byId('filter').click();
    await byId('choice-unread').click();
    await expect
      .poll(async () => (await asked('conversations.list')).at(-1))
      .toMatchObject({ filter: 'unread' });
    await page.getByTestId('folder').filter({ hasText: 'Harbour' }).click();
    await expect
      .poll(async () => (await asked('conversations.list')).at(-1))
      .toMatchObject({ folder: 'Clients/Harbour' });
  });
});
