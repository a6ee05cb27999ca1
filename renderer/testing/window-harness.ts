import type { BrowserContextOptions, Locator, Page } from 'playwright';
import { expect as patientless } from 'playwright/test';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { chromiumPath, startBrowser, type TestBrowser } from './browser.ts';
import { scenes } from './scenes.ts';

if (chromiumPath === null) console.warn('No Chromium on this machine: the window is not tested.');

export const hasBrowser = chromiumPath !== null;
export const locales = ['en-GB', 'de-DE', 'es-ES', 'fr-FR', 'it-IT'];

/** The machine may be busy with something else. */
export const expect = patientless.configure({ timeout: 45_000 });

interface WindowHarness {
  readonly page: () => Page;
  /** Opens the window in a scene, and clicks what the scene clicks. */
  readonly open: (scene: string, options?: BrowserContextOptions) => Promise<Page>;
  readonly byId: (testId: string) => Locator;
  readonly row: (index: number) => Locator;
  /** What the window asked of a method of the bridge, in order. */
  readonly asked: (method: string) => Promise<readonly unknown[]>;
}

/** One browser for the tests of a block, a window for each; a mistake thrown in it fails the test. */
export function windowHarness(): WindowHarness {
  let browser: TestBrowser;
  let page: Page;
  const crashes: string[] = [];
  beforeAll(async () => {
    browser = await startBrowser();
  }, 60_000);
  afterAll(() => browser.close());
  afterEach(async () => {
    await page.context().close();
    expect(crashes.splice(0)).toEqual([]);
  });
  return {
    page: () => page,
    open: async (scene, options = {}) => {
      page = await browser.open(scene, { locale: 'en-GB', ...options });
      page.on('pageerror', ({ message }) => crashes.push(message));
      for (const testId of scenes(0)[scene]?.clicks ?? []) await page.getByTestId(testId).first().click();
      return page;
    },
    byId: (testId) => page.getByTestId(testId),
    row: (index) => page.getByTestId('conversation-row').nth(index),
    asked: (method) =>
      page.evaluate(
        (name) => window.asked.filter((call) => call.method === name).map(({ input }) => input),
        method,
      ),
  };
}
