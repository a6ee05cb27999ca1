import { describe, it } from 'vitest';
import { expect, hasBrowser, locales, windowHarness } from './testing/window-harness.ts';

describe.skipIf(!hasBrowser)('the settings', () => {
  const { open, byId, row, asked } = windowHarness();

  it('are reached by keyboard, by the menu and by the palette, and left by the search', async () => {
    const page = await open('well');
    await row(0).waitFor();
    await page.keyboard.press('Control+,');
    await expect(byId('settings')).toBeVisible();
    await page.keyboard.press('Control+f');
    await expect(byId('settings')).toHaveCount(0);
    await page.evaluate(() => window.push({ kind: 'command', id: 'view.settings' }));
    await expect(byId('settings')).toBeVisible();
    await page.keyboard.press('Control+k');
    await byId('palette').waitFor();
    await page.keyboard.type('readi');
    await page.keyboard.press('Enter');
    await expect(byId('readiness')).toBeVisible();
  });

  it('move from section to section by arrows', async () => {
    const page = await open('settingsMailboxes');
    await byId('tab-mailboxes').focus();
    await page.keyboard.press('ArrowRight');
    await expect(byId('tab-senders')).toBeFocused();
    await expect(byId('sender').first()).toBeVisible();
    await page.keyboard.press('End');
    await expect(byId('setting').first()).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await expect(byId('mailbox-card').first()).toBeVisible();
  });

  it('mark a shared mailbox, and say of each provider whether it is signed in', async () => {
    await open('settingsMailboxes');
    await expect(byId('mailbox-card')).toHaveCount(2);
    await expect(byId('mailbox-card').nth(1)).toContainText('Shared');
    await expect(byId('mailbox-card').nth(0).getByTestId('mailbox-sign-in')).toHaveCount(2);
    await expect(byId('mailbox-card').nth(1).getByTestId('mailbox-sign-in')).toHaveAttribute(
      'data-state',
      'needed',
    );
  });

  it('say why a sender cannot be used, and keep a signature', async () => {
    await open('settingsSenders');
    await expect(byId('sender').nth(3)).toContainText('may not send for this address');
    await byId('signature-text').fill('Alice\nNordlicht');
    await byId('signature-save').click();
    await expect(byId('sender').first()).toContainText('Nordlicht');
    expect(await asked('identities.setSignature')).toEqual([
      { accountId: 1, address: 'alice.hoffmann@nordlicht.example', signature: 'Alice\nNordlicht' },
    ]);
  });

  it('take another sender by hand, and let go of it again', async () => {
    await open('settingsSenders');
    await byId('sender-add').click();
    await expect(byId('sender-address')).toBeFocused();
    await byId('sender-address').fill('alice@nordlicht.example');
    await byId('sender-name').fill('Alice');
    await byId('sender-save').click();
    await expect(byId('sender')).toHaveCount(5);
    await byId('sender').nth(4).getByTestId('sender-remove').click();
    await expect(byId('sender')).toHaveCount(4);
  });

  it('say in plain words what would fail in an outage, as of when, and what to do', async () => {
    await open('settingsNotReady');
    await expect(byId('readiness')).toHaveAttribute('data-level', 'bad');
    const check = (name: string) => byId('readiness').locator(`[data-check=${name}]`);
    await expect(check('continuitySignIn')).toContainText('ask your IT department for a new code');
    await expect(check('copy')).toContainText('Leave Relevo open');
    await expect(check('copy')).toContainText('Never so far');
    await expect(check('rehearsal')).toContainText('As of');
  });

  it('rehearse an outage, and show what came of it', async () => {
    await open('settingsReady');
    await byId('rehearse').click();
    await expect(byId('readiness')).toHaveAttribute('data-level', 'good');
  });

  it('show that a rehearsal is under way, and begin no second one', async () => {
    await open('settingsRehearsing');
    await expect(byId('rehearsal-state')).toContainText('Signing in');
    await expect(byId('rehearse')).toBeDisabled();
  });

  it('show a recovery code once, and do not lose it by a slip', async () => {
    const page = await open('settingsRecoveryCode');
    await expect(byId('recovery-code-text')).toHaveText(/^(\w{5}-){5}\w{5}$/);
    await expect(byId('recovery-code')).toContainText('shown only this once');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(byId('recovery-code-text')).toBeVisible();
    await byId('recovery-code-kept').click();
    await expect(byId('recovery-code')).toHaveCount(0);
    await expect(byId('key-recovery')).toHaveAttribute('data-recovery', 'code');
  });

  it('print the recovery code, and nothing of the mail', async () => {
    const page = await open('settingsRecoveryCode');
    await byId('recovery-code-text').waitFor();
    await page.emulateMedia({ media: 'print' });
    await expect(byId('recovery-code-text')).toBeVisible();
    await expect(page.getByText('Inbox')).toBeHidden();
    await expect(byId('recovery-code-kept')).toBeHidden();
  });

  it('change the key while the app runs', async () => {
    const page = await open('settingsKeys');
    await byId('key-rotate').click();
    await expect(page.locator('.toast')).toContainText('The key is changed');
    expect(await asked('keyStore.rotate')).toHaveLength(1);
  });

  it('name an unprotected key as what it is', async () => {
    await open('settingsKeysUnprotected');
    await expect(byId('key-protection')).toContainText('whoever can read this disk can read your mail');
  });

  const setting = (name: string) => byId('settings').locator(`[data-name="${name}"]`);

  it('show each setting with its source, its lock, and what was refused', async () => {
    await open('settingsPolicy');
    await expect(byId('policy-refusal')).toHaveCount(2);
    await expect(byId('admin-contact')).toContainText('IT service desk');
    const locked = setting('keystore.allowUnprotected');
    await expect(locked.getByTestId('setting-lock')).toHaveAttribute('title', /IT service desk/);
    await expect(locked.getByTestId('setting-restart')).toBeVisible();
    await expect(locked.getByTestId('setting-change')).toHaveCount(0);
    await byId('policy-filter').fill('offline');
    await expect(setting('sync.windowDays')).toBeVisible();
    await expect(locked).toHaveCount(0);
  });

  it('let the person change what is theirs, with the field that fits, and take it back', async () => {
    await open('settingsPolicy');
    const days = setting('sync.windowDays');
    await expect(days.getByTestId('setting-input')).toHaveAttribute('type', 'number');
    await days.getByTestId('setting-input').fill('60');
    await days.getByTestId('setting-save').click();
    await expect(days).toHaveAttribute('data-source', 'person');
    const folders = setting('sync.leftOutFolders');
    await folders.getByTestId('setting-change').click();
    await folders.getByTestId('setting-input').fill('["Archive"');
    await expect(folders.getByTestId('setting-save')).toBeDisabled();
    await folders.getByTestId('setting-input').fill('["Archive", "Projects"]');
    await folders.getByTestId('setting-save').click();
    await expect(folders.getByTestId('setting-value')).toHaveText('["Archive","Projects"]');
    const pictures = setting('reading.remotePictures');
    await pictures.getByTestId('setting-change').click();
    await pictures.getByTestId('setting-input').selectOption('true');
    await pictures.getByTestId('setting-save').click();
    await expect(pictures.getByTestId('setting-value')).toHaveText('true');
    expect(await asked('policy.change')).toEqual([
      { name: 'sync.windowDays', value: '60' },
      { name: 'sync.leftOutFolders', value: '["Archive","Projects"]' },
      { name: 'reading.remotePictures', value: 'true' },
    ]);
    await folders.getByTestId('setting-reset').click();
    await expect(folders).toHaveAttribute('data-source', 'product');
  });

  it('say why a section cannot be shown', async () => {
    await open('settingsBroken');
    await expect(byId('error')).toHaveAttribute('data-code', 'storage.failed');
    await byId('tab-mailboxes').click();
    await expect(byId('error')).toHaveAttribute('data-code', 'engine.restarting');
  });

  it.each(locales)('cut off nothing in the smallest window in %s', async (locale) => {
    for (const scene of ['settingsMailboxes', 'settingsNotReady', 'settingsRecoveryCode', 'settingsPolicy']) {
      const page = await open(scene, { locale, viewport: { width: 760, height: 480 } });
      await byId('settings').waitFor();
      const cutOff = await page
        .locator('.settings *')
        .evaluateAll((all) =>
          all
            .filter(
              (one) =>
                getComputedStyle(one).display !== 'inline' &&
                !one.matches('.visually-hidden, option, svg *') &&
                (one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > innerWidth),
            )
            .map((one) => `${one.className} ${one.textContent}`),
        );
      expect(cutOff, scene).toEqual([]);
      await expect(byId('view-settings')).toBeInViewport({ ratio: 1 });
    }
  });
});
