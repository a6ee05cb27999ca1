import { describe, it } from 'vitest';
import { badlyLaidOut, pseudoLanguage } from './testing/layout.ts';
import { scenes } from './testing/scenes.ts';
import { expect, hasBrowser, locales, windowHarness } from './testing/window-harness.ts';

const everyday = [
  ...['refused', 'quiet', 'incident', 'invitation', 'agenda', 'outbox', 'ledger', 'settingsMailboxes'],
  ...['settingsNotReady', 'settingsPolicy', 'firstStart', 'keyLost'],
];
/** All of them in the long suites, in every language. */
const isDeep = Number(process.env.PROPERTY_RUNS) > 0;
const cases = isDeep
  ? Object.keys(scenes(0)).flatMap((scene) => locales.map((locale) => [scene, locale] as const))
  : everyday.map((scene, index) => [scene, locales[index % locales.length] ?? 'en-GB'] as const);

describe.skipIf(!hasBrowser)('the layout', { timeout: 120_000 }, () => {
  const { open } = windowHarness();

  it.each(cases)(
    'cuts off nothing and puts nothing over another, longer and from the right too: %s, %s',
    async (scene, locale) => {
      const page = await open(scene, { locale, viewport: { width: 1024, height: 700 } });
      await page.locator('main').first().waitFor();
      expect(await badlyLaidOut(page)).toEqual([]);
      await pseudoLanguage(page, 'ltr');
      expect(await badlyLaidOut(page)).toEqual([]);
      await pseudoLanguage(page, 'rtl');
      expect(await badlyLaidOut(page)).toEqual([]);
    },
  );

  it('is told of where it is wrong', async () => {
    const page = await open('agenda');
    await page.locator('.agenda-item').first().waitFor();
    await page.addStyleTag({ content: '.agenda h2 { width: 20px; overflow: hidden; white-space: nowrap }' });
    expect(await badlyLaidOut(page)).toEqual(['cut: h2. "Agenda"']);
  });
});
