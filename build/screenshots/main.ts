import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBrowser } from '../../renderer/testing/browser.ts';
import { badlyLaidOut } from '../../renderer/testing/layout.ts';
import { scenes } from '../../renderer/testing/scenes.ts';

/**
 * Every face of the window in every language and theme, as pictures with a page that shows them side by side, and what
 * is cut off or lies over something else. `--scene`, `--language` and `--theme` choose some, and may be repeated.
 */
const { values } = parseArgs({
  options: {
    scene: { type: 'string', multiple: true, default: Object.keys(scenes(0)) },
    language: { type: 'string', multiple: true, default: ['en-GB', 'de-DE', 'es-ES', 'fr-FR', 'it-IT'] },
    theme: { type: 'string', multiple: true, default: ['light', 'dark', 'contrast'] },
    folder: { type: 'string', default: 'test-results/screenshots' },
  },
});

const themes: Readonly<Record<string, { colorScheme: 'light' | 'dark'; forcedColors: 'none' | 'active' }>> = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  contrast: { colorScheme: 'dark', forcedColors: 'active' },
};

const folder = values.folder;
await mkdir(folder, { recursive: true });
const browser = await startBrowser();
const rows: string[] = [];
let flaws = 0;
for (const scene of values.scene) {
  const cells: string[] = [];
  for (const locale of values.language)
    for (const theme of values.theme) {
      const page = await browser.open(scene, {
        locale,
        viewport: { width: 1280, height: 800 },
        ...themes[theme],
      });
      for (const testId of scenes(0)[scene]?.clicks ?? []) await page.getByTestId(testId).first().click();
      await page.locator('main').first().waitFor();
      const name = `${scene}.${locale}.${theme}.png`;
      await page.screenshot({ path: join(folder, name), animations: 'disabled' });
      const bad = await badlyLaidOut(page);
      flaws += bad.length;
      for (const one of bad) console.log(`${name}: ${one}`);
      cells.push(
        `<figure><a href="${name}"><img loading="lazy" src="${name}" alt="${scene}, ${locale}, ${theme}"></a><figcaption>${locale} · ${theme}${bad.length > 0 ? ' · ⚠' : ''}</figcaption></figure>`,
      );
      await page.context().close();
    }
  rows.push(`<h2 id="${scene}">${scene}</h2><div>${cells.join('')}</div>`);
}
await browser.close();
const style =
  'body{font:14px system-ui;margin:24px}div{display:flex;flex-wrap:wrap;gap:12px}figure{margin:0;width:300px}img{width:100%;border:1px solid #ccc}';
const page = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Relevo, every face</title><style>${style}</style><h1>Every face of the window</h1>${rows.join('')}</html>`;
await writeFile(join(folder, 'index.html'), page);
console.log(
  `${join(folder, 'index.html')}: ${flaws === 0 ? 'nothing cut off, nothing over another' : `${flaws} flaws`}`,
);
