import { describe, it } from 'vitest';
import { expect, hasBrowser, locales, windowHarness } from './testing/window-harness.ts';

const small = { viewport: { width: 760, height: 480 } };

describe.skipIf(!hasBrowser)('the sign-in', () => {
  const { open, byId, row, asked } = windowHarness();

  it('is asked for once, says that it is not Exchange, and leaves the mail usable', async () => {
    await open('signInMissing');
    await expect(byId('sign-in')).toHaveCount(1);
    await expect(byId('sign-in')).toContainText('not Exchange itself');
    await expect(byId('sign-in')).toContainText('alice.hoffmann@nordlicht.example');
    await row(0).click();
    await expect(byId('reader')).toContainText('Contract for the east wing');
  });

  it('is not asked for again once it was put off, and can be found in the settings', async () => {
    await open('signInMissing');
    await byId('sign-in-later').click();
    await expect(byId('sign-in')).toHaveCount(0);
    await expect(byId('view-settings')).toContainText('1');
    await byId('view-settings').click();
    await byId('mailbox-sign-in-open').click();
    await expect(byId('sign-in')).toBeFocused();
  });

  it('goes to the browser, waits, and can be given up', async () => {
    await open('signInMissing');
    await byId('sign-in-browser').click();
    await expect(byId('sign-in')).toHaveAttribute('data-state', 'waiting');
    expect(await asked('signIn.begin')).toEqual([{ accountId: 1, provider: 'exchange', way: 'browser' }]);
    await byId('sign-in-cancel').click();
    await expect(byId('sign-in-browser')).toBeVisible();
  });

  it('shows the code for another device with its address and its end, and copies it', async () => {
    const page = await open('signInMissing');
    await page.context().grantPermissions(['clipboard-read']);
    await byId('sign-in-device-code').click();
    await expect(byId('sign-in-code')).toHaveText('WDJB-MJHT');
    await expect(byId('sign-in')).toContainText('Valid until');
    await byId('sign-in-copy').click();
    await expect(page.locator('.toast')).toContainText('copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('WDJB-MJHT');
    await byId('sign-in-address').click();
    await expect
      .poll(() => asked('app.openLink'))
      .toEqual([{ url: 'https://login.nordlicht.example/device' }]);
  });

  it('keeps a refused password in its field, and says so beside it', async () => {
    const page = await open('signInWrongPassword');
    await byId('sign-in-password').fill('not it');
    await page.keyboard.press('Enter');
    await expect(byId('error')).toHaveAttribute('data-code', 'auth.refused');
    await expect(byId('sign-in-password')).toHaveValue('not it');
    await expect(byId('sign-in-password')).toHaveAttribute('type', 'password');
  });

  it('tells a computer that was shut out, and takes a new code', async () => {
    await open('signInRevoked');
    await expect(byId('sign-in')).toHaveAttribute('data-reason', 'revoked');
    await byId('enrol-code').fill('OLD-CODE');
    await byId('enrol-submit').click();
    await expect(byId('error')).toHaveAttribute('data-code', 'enrolment.invalidCode');
    await expect(byId('enrol-code')).toHaveValue('OLD-CODE');
  });

  it('stands beside the banner of an outage, neither instead of the other', async () => {
    await open('signInInOutage');
    await expect(byId('banner')).toBeVisible();
    await expect(byId('sign-in')).toHaveAttribute('data-reason', 'refused');
    await expect(byId('sync-error')).toHaveCount(0);
  });

  it.each(locales)('cuts off nothing in the smallest window in %s', async (locale) => {
    for (const scene of ['signInMissing', 'signInByCode', 'signInRevoked', 'firstStart', 'keyLost']) {
      const page = await open(scene, { locale, ...small });
      await page.locator('main').waitFor();
      expect(await page.evaluate(cutOff), scene).toEqual([]);
      if (scene !== 'keyLost') await page.context().close();
    }
  });
});

/** In the page: what is wider than its place, and whatever ends beyond the right edge of the window. */
function cutOff(): readonly (string | null)[] {
  return [
    ...document.querySelectorAll<HTMLElement>('button, .sign-in p, .key-lost p, .first-start *, .field *'),
  ]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > innerWidth)
    .filter((one) => getComputedStyle(one).display !== 'inline' && one.closest('.conversation-row') === null)
    .map((one) => one.textContent);
}

describe.skipIf(!hasBrowser)('the first start', () => {
  const { open, byId, row, asked } = windowHarness();

  it('opens the mailbox of a code that was typed, by keyboard alone', async () => {
    const page = await open('firstStart');
    await byId('enrol-code').waitFor();
    await page.keyboard.press('Tab');
    await expect(byId('enrol-code')).toBeFocused();
    await page.keyboard.type('NORD-4711-ABCD');
    await page.keyboard.press('Enter');
    await expect(row(0)).toBeVisible();
    expect(await asked('signIn.enrol')).toEqual([{ code: 'NORD-4711-ABCD' }]);
  });

  it.each([
    ['firstStartRefused', 'enrolment.invalidCode'],
    ['firstStartUnreachable', 'enrolment.unreachable'],
  ])('says in its place what is wrong, and keeps what was typed: %s', async (scene, code) => {
    await open(scene);
    await byId('enrol-code').fill('https://enrol.continuity.example/#NORD-4711');
    await byId('enrol-submit').click();
    await expect(byId('error')).toHaveAttribute('data-code', code);
    await expect(byId('enrol-code')).toHaveValue('https://enrol.continuity.example/#NORD-4711');
    await expect(byId('enrol-submit')).toBeEnabled();
  });

  it('shows that it is at work, and asks only once', async () => {
    await open('firstStartBusy');
    await byId('enrol-code').fill('NORD');
    await byId('enrol-submit').click();
    await expect(byId('enrol-busy')).toBeVisible();
    await expect(byId('enrol-submit')).toBeDisabled();
    await byId('enrol-code').press('Enter');
    expect(await asked('signIn.enrol')).toHaveLength(1);
  });

  it('says whose turn it is without a code', async () => {
    await open('firstStart');
    await expect(byId('first-start')).toContainText('your IT department has to act');
  });

  it('shows who is called to help what has been set, and what was refused', async () => {
    await open('firstStart');
    await byId('policy-details').click();
    await expect(byId('policy-refusal').first()).toBeVisible();
  });
});

describe.skipIf(!hasBrowser)('a lost key', () => {
  const { open, byId, asked } = windowHarness();

  it('is opened by the recovery code', async () => {
    const page = await open('keyLost');
    await byId('recover-code').fill(' 7k2mf-9qx4t ');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Opening your mail')).toBeVisible();
    expect(await asked('keyStore.recover')).toEqual([{ code: ' 7k2mf-9qx4t ' }]);
  });

  it('keeps a wrong code in its field, and says so', async () => {
    await open('keyLostWrongCode');
    await byId('recover-code').fill('7K2MF');
    await byId('recover-submit').click();
    await expect(byId('recover-wrong')).toBeVisible();
    await expect(byId('recover-code')).toHaveValue('7K2MF');
  });

  it('names the numbers before it removes anything, and Enter does not remove', async () => {
    const page = await open('keyLost');
    await byId('wipe').click();
    const question = byId('wipe-dialog');
    await expect(question).toContainText('3 messages that have not been sent');
    await expect(question).toContainText('1 draft');
    await expect(question).toContainText('12 messages of an outage');
    await page.keyboard.press('Enter');
    await expect(question).toHaveCount(0);
    expect(await asked('keyStore.wipe')).toEqual([]);
    await byId('wipe').click();
    await byId('wipe-confirm').click();
    await expect.poll(() => asked('keyStore.wipe')).toHaveLength(1);
  });

  it('does not pretend to know what was never counted', async () => {
    await open('keyLostNotCounted');
    await expect(byId('wipe-dialog')).toContainText('never counted');
  });

  it('says when nothing would be lost', async () => {
    await open('keyLostNothing');
    await expect(byId('losses')).toContainText('Nothing would be lost');
  });
});
