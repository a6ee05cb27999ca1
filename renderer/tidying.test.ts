import { describe, it } from 'vitest';
import { expect, hasBrowser, locales, windowHarness } from './testing/window-harness.ts';

describe.skipIf(!hasBrowser)('tidying up', () => {
  const { open, row, byId, asked } = windowHarness();
  const actionId = '33333333-3333-4333-8333-333333333333';

  it('archives by a key, leaves the conversation, and is undone by another key', async () => {
    const page = await open('well');
    await row(0).click();
    await byId('archive').waitFor();
    await page.keyboard.press('e');
    await expect(byId('toast')).toContainText('Archived.');
    await expect(byId('reader')).toContainText('Choose a conversation');
    expect(await asked('conversations.archive')).toEqual([{ conversationId: 101 }]);
    await page.keyboard.press('z');
    await expect(byId('toast')).toContainText('Undone.');
    expect(await asked('conversations.undo')).toEqual([{ actionId }]);
    await page.keyboard.press('z');
    expect(await asked('conversations.undo')).toHaveLength(1);
  });

  it('deletes, marks as unread, puts to junk and flags by keys', async () => {
    const page = await open('well');
    for (const [key, method] of [
      ['Delete', 'delete'],
      ['u', 'markUnread'],
      ['!', 'junk'],
      ['s', 'setFlagged'],
    ] as const) {
      await row(0).click();
      await expect(byId('flag')).toBeVisible();
      await page.keyboard.press(key);
      await expect.poll(() => asked(`conversations.${method}`)).toHaveLength(1);
    }
  });

  it('moves to a folder that is found by its name, all by keyboard', async () => {
    const page = await open('well');
    await row(0).click();
    await byId('move').waitFor();
    await page.keyboard.press('v');
    await byId('move-dialog').waitFor();
    await page.keyboard.type('clients');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(byId('toast')).toContainText('Moved to Clients/Night shift.');
    expect(await asked('conversations.move')).toEqual([
      { conversationId: 101, folder: 'Clients/Night shift' },
    ]);
    await byId('undo').click();
    expect(await asked('conversations.undo')).toEqual([{ actionId }]);
  });

  it('deletes for good only what is deleted already, and only when it is said so', async () => {
    const page = await open('putAway');
    await row(0).click();
    await byId('delete').click();
    await byId('destroy-dialog').waitFor();
    await page.keyboard.press('Enter');
    await expect(byId('destroy-dialog')).toHaveCount(0);
    expect(await asked('conversations.deleteForGood')).toEqual([]);
    await byId('delete').click();
    await byId('destroy').click();
    await expect(byId('toast')).toContainText('Deleted for good.');
    expect(await asked('conversations.deleteForGood')).toHaveLength(1);
    expect(await asked('conversations.delete')).toEqual([]);
  });

  it('says once what was decided otherwise', async () => {
    await open('decided');
    await expect(byId('toast')).toContainText('“Boat hire” was moved elsewhere by another program');
    await expect.poll(() => asked('conversations.decisionsTold')).toEqual([{ accountId: 1, upTo: 7 }]);
  });

  it('says when a mailbox has no folder for it', async () => {
    const page = await open('noArchive');
    await row(0).click();
    await byId('archive').waitFor();
    await page.keyboard.press('e');
    await expect(byId('toast')).toContainText('no folder for that');
  });

  it.each(locales)('shows every button of a conversation in the smallest window in %s', async (locale) => {
    await open('well', { locale, viewport: { width: 760, height: 480 } });
    await row(0).click();
    for (const id of ['reply', 'archive', 'delete', 'junk', 'move', 'mark-unread', 'flag'])
      await expect(byId(id)).toBeInViewport({ ratio: 1 });
  });
});
