import { AxeBuilder } from '@axe-core/playwright';
import { describe, it } from 'vitest';
import { scenes } from './testing/scenes.ts';
import { expect, hasBrowser, locales, windowHarness } from './testing/window-harness.ts';

describe.skipIf(!hasBrowser)('the window', () => {
  const { open, row, asked } = windowHarness();

  it.each(Object.keys(scenes(0)))('can be used by everybody: %s', async (scene) => {
    const page = await open(scene, { colorScheme: scene.length % 2 === 0 ? 'light' : 'dark' });
    await page.locator('main').waitFor();
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`)).toEqual([]);
  });

  it.each(locales)('cuts off no button and no banner in %s, in a small window', async (locale) => {
    const page = await open('refused', { locale, viewport: { width: 900, height: 620 } });
    await row(0).click();
    await page.getByTestId('reply-all').click();
    const overflowing = await page
      .locator('button, .banner-text p, .save-state, .sending-note')
      .evaluateAll((all) =>
        all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent),
      );
    const sidebar = await page.locator('.sidebar').evaluate((bar) => {
      const edge = bar.getBoundingClientRect().right;
      return [...bar.querySelectorAll('button')].filter((one) => one.getBoundingClientRect().right > edge)
        .length;
    });
    expect(sidebar).toBe(0);
    // Sender and first words of a message are meant to be cut off with an ellipsis.
    expect(overflowing.filter((text) => !text.includes('@') && !text.includes('Clause'))).toEqual([]);
    expect(await page.evaluate(() => document.body.scrollWidth)).toBeLessThanOrEqual(900);
  });

  it('has the whole composer in the smallest window', async () => {
    const page = await open('refused', { viewport: { width: 760, height: 480 } });
    await row(0).click();
    await page.getByTestId('reply').click();
    await expect(page.getByTestId('send')).toBeInViewport({ ratio: 1 });
    await expect(page.getByTestId('composer-text')).toBeInViewport();
    await expect(page.getByTestId('view-ledger')).toBeInViewport({ ratio: 1 });
  });

  it('asks only for the pages of the list that are looked at', async () => {
    const page = await open('well');
    await row(0).waitFor();
    expect((await asked('conversations.list')).map((input) => (input as { offset: number }).offset)).toEqual([
      0,
    ]);
    await page.getByTestId('conversation-list').focus();
    await page.keyboard.press('End');
    await expect(
      page.getByTestId('conversation-row').filter({ hasText: 'Site report 1' }).last(),
    ).toBeVisible();
    const offsets = (await asked('conversations.list')).map((input) => (input as { offset: number }).offset);
    expect(Math.max(...offsets)).toBe(800);
  });

  it('moves by arrows and letters, and reads on Enter', async () => {
    const page = await open('well');
    await row(0).waitFor();
    await page.getByTestId('conversation-list').focus();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByTestId('reader')).toContainText('Contract for the east wing');
    await page.keyboard.press('j');
    await expect(page.getByTestId('reader')).toContainText('Harbour quarter');
    await page.keyboard.press('k');
    await expect(page.getByTestId('reader')).toContainText('Contract for the east wing');
    await page.keyboard.press('Enter');
    await expect(page.locator('.reader-scroll')).toBeFocused();
    await page.keyboard.press('r');
    await expect(page.getByTestId('composer-text')).toBeFocused();
  });

  it('marks a conversation as seen when it is opened', async () => {
    await open('well');
    await row(0).click();
    await expect.poll(() => asked('conversations.markSeen')).toEqual([{ conversationId: 101 }]);
  });

  it('saves a reply while it is written, and sends it by keyboard', async () => {
    const page = await open('refused');
    await row(0).click();
    await page.getByTestId('reply').click();
    await expect(page.getByTestId('sending-note')).toContainText('emergency mailbox');
    await page.getByTestId('composer-text').pressSequentially('Yes, agreed.');
    await expect(page.locator('.save-state')).toHaveText('Saved on this computer');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByTestId('composer')).toHaveCount(0);
    const saved = (await asked('drafts.save')).at(-1) as { text: string };
    expect(saved.text).toMatch(/^Yes, agreed\./);
    expect(await asked('drafts.send')).toHaveLength(1);
  });

  it('is written as whom the person chooses, with their signature; others say why they cannot be chosen', async () => {
    const page = await open('well');
    await row(0).click();
    await page.getByTestId('reply').click();
    const [text, from] = [page.getByTestId('composer-text'), page.getByTestId('composer-from')];
    await text.pressSequentially('Yes, agreed.');
    const quotation = /\n\n2026-11-24 10:12, [^\n]+:\n> Clause 4/.source;
    await expect(from.locator('option:disabled')).toHaveText(/geschaeftsfuehrung@.* \(not in an outage\)/);
    await from.selectOption('info@nordlicht.example');
    await expect(text).toHaveValue(new RegExp(`^Yes, agreed\\.${quotation}`));
    await from.selectOption({ index: 0 });
    await expect(text).toHaveValue(
      new RegExp(`^Yes, agreed\\.\n\nAlice [^\n]+\nNordlicht [^\n]+${quotation}`),
    );
    await text.focus();
    expect(await text.evaluate((field: HTMLTextAreaElement) => field.selectionStart)).toBe(12);
    await from.selectOption('info@nordlicht.example');
    await page.getByTestId('send').click();
    await expect(page.getByTestId('composer')).toHaveCount(0);
    expect((await asked('drafts.save')).at(-1)).toMatchObject({ from: 'info@nordlicht.example' });
  });

  it('leaves no draft behind of a composer that was only opened', async () => {
    const page = await open('well');
    await page.getByTestId('new-message').click();
    await page.getByTestId('composer-text').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => asked('drafts.discard')).toHaveLength(1);
  });

  it('keeps what was typed when another conversation is opened', async () => {
    const page = await open('well');
    await row(0).click();
    await page.getByTestId('reply').click();
    await page.getByTestId('composer-text').pressSequentially('Half a');
    await row(1).click();
    await expect.poll(async () => (await asked('drafts.save')).length).toBeGreaterThan(0);
    expect(await asked('drafts.discard')).toEqual([]);
    await row(0).click();
    await expect(page.getByTestId('draft-hint')).toBeVisible();
  });

  it('keeps the text and says why when a message cannot be queued', async () => {
    const page = await open('sendFails');
    await row(0).click();
    await page.getByTestId('reply').click();
    await page.getByTestId('composer-text').pressSequentially('Yes.');
    await page.getByTestId('send').click();
    await expect(page.getByTestId('error')).toHaveAttribute('data-code', 'storage.full');
    await expect(page.getByTestId('composer-text')).toHaveValue(/^Yes\./);
  });

  it('sends nothing to what is no address', async () => {
    const page = await open('well');
    await page.getByTestId('new-message').click();
    await page.getByTestId('composer-to').fill('Bob <bob@x.example>, carla');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByTestId('needs-recipient')).toBeVisible();
    await expect(page.getByTestId('composer')).toContainText('Not a complete address: carla');
    expect(await asked('drafts.send')).toEqual([]);
  });

  it('shows a mail in a frame that can do nothing, with its own pictures and no others', async () => {
    const page = await open('well');
    await row(1).click();
    const frame = page.getByTestId('mail-frame');
    await expect(frame).toHaveAttribute('sandbox', '');
    await expect(frame).toHaveAttribute('title', 'Content of the message');
    const content = page.frameLocator('[data-testid=mail-frame]');
    await expect(content.getByRole('link')).toHaveText('the project portal');
    await expect(content.locator('img[src^="data:image/png"]')).toHaveCount(1);
    await expect(content.locator('script, form, input, style + style')).toHaveCount(0);
    await expect(page.getByTestId('remote-notice')).toContainText('4 remote pictures');
  });

  it('opens a link only after showing where it leads', async () => {
    const page = await open('well');
    // The window listens once it shows something.
    await row(0).waitFor();
    const url = 'https://bank.example@evil.example/login';
    await page.evaluate((link) => window.push({ kind: 'linkClicked', url: link }), url);
    await expect(page.getByTestId('link-address').locator('strong')).toHaveText('evil.example');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('link-dialog')).toHaveCount(0);
    expect(await asked('app.openLink')).toEqual([]);
    await page.evaluate((link) => window.push({ kind: 'linkClicked', url: link }), url);
    await page.getByTestId('link-open').click();
    expect(await asked('app.openLink')).toEqual([{ url }]);
  });

  it('runs what the menu of the application names', async () => {
    const page = await open('ledger');
    // The window listens once it shows something.
    await row(0).waitFor();
    await page.evaluate(() => window.push({ kind: 'command', id: 'view.ledger' }));
    await expect(page.getByTestId('ledger-outage').first()).toContainText('6 of 6 back in Exchange');
    await expect(page.getByTestId('ledger-entry')).toHaveCount(6);
  });

  it('finds a command by its name', async () => {
    const page = await open('outbox');
    await row(0).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette').waitFor();
    await page.keyboard.type('outb');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('outbox-item')).toHaveCount(4);
  });

  it('names the consequence of each decision, and passes it on', async () => {
    const page = await open('outbox');
    await page.getByTestId('view-outbox').click();
    const uncertain = page.locator('[data-testid=outbox-item][data-state=uncertain]');
    await expect(uncertain.getByTestId('decide-again')).toHaveAccessibleDescription(/get it twice/);
    await uncertain.getByTestId('decide-sent').click();
    expect((await asked('outbox.decide')).map((input) => (input as { decision: string }).decision)).toEqual([
      'treatAsSent',
    ]);
  });

  it('leads from a view without a search field to one that has it', async () => {
    const page = await open('ledger');
    await page.getByTestId('view-ledger').click();
    await page.getByTestId('ledger-outage').first().waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('clause');
    await expect(page.getByTestId('search-hit').first()).toBeVisible();
  });

  it('marks in what it found the words that were looked for, and says how far back it looked', async () => {
    const page = await open('well');
    await row(0).waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('clause');
    await expect(page.getByTestId('search-hit').locator('mark').first()).toHaveText(/clause/i);
    await expect(page.getByTestId('search-summary')).toContainText('back to');
    await page.keyboard.press('Escape');
    await expect(row(0)).toBeVisible();
  });
});
