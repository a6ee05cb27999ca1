import { describe, it } from 'vitest';
import { expect, hasBrowser, locales, windowHarness } from './testing/window-harness.ts';

describe.skipIf(!hasBrowser)('reading a message', () => {
  const { open, row, byId, asked } = windowHarness();

  it('shows how it came, as text, and lets go of it by Escape', async () => {
    const page = await open('well');
    await row(0).click();
    await byId('message-menu').first().click();
    await byId('show-source').click();
    await expect(byId('source')).toContainText('Subject: Clause 4');
    await page.keyboard.press('Escape');
    await expect(byId('source')).toHaveCount(0);
  });

  it.each(locales)('warns of who may not be who they seem to be, in %s', async (locale) => {
    const page = await open('suspicious', { locale });
    const note = byId('sender-note').last();
    await expect(note.locator('[data-warning=lookalike]')).toContainText('puert0sur.example');
    await expect(note.locator('[data-warning=replyElsewhere]')).toContainText('freemail.example');
    await expect(note.locator('[data-warning=firstContact]')).toBeVisible();
    await expect(page.getByTestId('reader')).not.toContainText(/sender\.[a-z]/);
  });

  it('says nothing of who is known', async () => {
    await open('well');
    await row(0).click();
    await expect.poll(async () => (await asked('messages.sender')).length).toBeGreaterThan(0);
    await expect(byId('message-menu').first()).toBeVisible();
    await expect(byId('sender-note')).toHaveCount(0);
  });

  it('shows a picture that came along, and names what can run', async () => {
    const page = await open('withFiles');
    await byId('attachment-look').first().click();
    await expect(byId('preview').locator('img')).toHaveJSProperty('complete', true);
    await page.keyboard.press('Escape');
    await expect(byId('preview')).toHaveCount(0);
    await expect(byId('attachment-danger')).toHaveText(['Program in disguise']);
    await expect(byId('attachment-look')).toHaveCount(1);
  });
});
