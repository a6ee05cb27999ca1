import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, startBrowser, type TestBrowser } from '../../testing/browser.ts';
import { startSink } from '../../testing/sink.ts';
import type { SafeMail } from './sanitize.ts';

declare global {
  interface Window {
    readonly tested: { readonly sanitizeMail: (html: string, pictures?: Map<string, string>) => SafeMail };
  }
}

interface CorpusCase {
  readonly id: string;
  readonly input: string;
  readonly hasRemoteContent?: boolean;
  readonly remoteCount?: number;
}

const corpusFile = join(import.meta.dirname, '../../../../shared/corpus/sanitizer.expected.json');
const corpus: readonly CorpusCase[] = existsSync(corpusFile)
  ? (JSON.parse(readFileSync(corpusFile, 'utf8')) as { cases: CorpusCase[] }).cases
  : [];
if (corpus.length === 0) console.warn('No corpus beside the repository: its sanitizer cases are skipped.');
/** A few of our own, so that the frame is tested without the corpus as well. */
const wanting: readonly CorpusCase[] = [
  { id: 'picture', input: '<img src="http://picture.example/1.png">' },
  { id: 'style', input: '<p style="background: url(http://style.example/1.png)">x</p>' },
  { id: 'sheet', input: '<style>@import "http://sheet.example/1.css";</style>' },
  { id: 'preconnect', input: '<link rel="preconnect" href="http://preconnect.example/">' },
  { id: 'background', input: '<table background="http://background.example/1.png"><tr><td>x</table>' },
  ...corpus.filter(({ hasRemoteContent }) => hasRemoteContent),
];
if (chromiumPath === null) console.warn('No Chromium on this machine: the sanitizer is not tested.');

describe.skipIf(chromiumPath === null)('a mail that is shown', () => {
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser();
    page = await browser.load('features/reader/sanitize.ts');
  });
  afterAll(() => browser.close());

  const sanitize = (html: string, pictures: Readonly<Record<string, string>> = {}) =>
    page.evaluate(([mail, own]) => window.tested.sanitizeMail(mail, new Map(Object.entries(own))), [
      html,
      pictures,
    ] as const);
  const body = async (html: string) => /<body[^>]*>(.*)<\/body>/s.exec((await sanitize(html)).page)?.[1];

  it('keeps its tables, colours and spacing', async () => {
    const table =
      '<table width="600" cellpadding="0" align="center"><tbody><tr><td colspan="2" bgcolor="#ffffff" style="padding: 20px; color: red">x</td></tr></tbody></table>';
    const shown = await body(table);
    for (const kept of ['width="600"', 'cellpadding="0"', 'align="center"', 'colspan="2"', 'padding: 20px'])
      expect(shown).toContain(kept);
  });

  it('loses from a style only what loads', async () => {
    expect(
      await body('<p style="color: red; background: \\75 rl(https://x.example/1.gif); margin: 0">x</p>'),
    ).toBe('<p style="color: red; margin: 0">x</p>');
  });

  it('keeps the colour behind a picture that is left out: its text may be white', async () => {
    const shown = await body(
      '<p style="background: #20456b url(\'https://x.example/1.png\') no-repeat; color: #fff">x</p>',
    );
    expect(shown).toContain('#20456b');
    expect(shown).not.toContain('x.example');
  });

  it.each([
    ['<p>Dear Alice,</p><blockquote>quoted</blockquote>', true],
    ['<style>p { color: red }</style><p>the sheet is not shown</p>', true],
    ['<p>bgcolor=red, he wrote</p>', true],
    ['<p style="color: #333">dark letters</p>', false],
    ['<table bgcolor="#ffffff"><tr><td>x</td></tr></table>', false],
    ['<font color="navy">x</font>', false],
    ['<p style="background: #fff">x</p>', false],
  ])('stands on dark paper only when it says nothing of colours: %s', async (html, bearsDark) => {
    const { page: shown, bearsDark: found } = await sanitize(html);
    expect(found).toBe(bearsDark);
    expect(shown.includes('prefers-color-scheme:dark')).toBe(bearsDark);
  });

  it('shows the pictures that came with it, and no others', async () => {
    const html = '<img src="cid:a%40b"><img src="cid:missing"><img src="https://x.example/1.png">';
    const own = { 'a@b': 'data:image/png;base64,AAAA', other: 'data:image/png;base64,BBBB' };
    const safe = await sanitize(html, own);
    expect(safe.contentIds).toEqual(['a@b', 'missing']);
    expect(safe.page).toContain('data:image/png;base64,AAAA');
    expect(safe.page).not.toContain('BBBB');
    expect(safe.page).not.toContain('x.example');
    expect(safe.remoteCount).toBe(1);
  });

  it('shows no SVG, even when main should serve one as a picture of the mail', async () => {
    const safe = await sanitize('<img src="cid:a">', { a: 'data:image/svg+xml;base64,AAAA' });
    expect(safe.page).not.toContain('svg');
  });

  it.each([
    ['<a href="https://corp.example/a">b</a>', 'https://corp.example/a'],
    ['<a href="mailto:a@b.example" target="_blank">b</a>', 'mailto:a@b.example'],
    ['<a href="javascript:alert(1)">b</a>', null],
    ['<a href="file:///etc/passwd">b</a>', null],
    ['<a href="smb://host/share">b</a>', null],
    ['<a href="search-ms:query=x">b</a>', null],
    ['<a href="/relative">b</a>', null],
  ])('lets %s lead to %s', async (html, target) => {
    const link = await body(html);
    if (target === null) expect(link).toBe('<a>b</a>');
    else expect(link).toContain(`href="${target}"`);
    expect(link).not.toContain('target');
  });

  it.runIf(corpus.length > 0)('has nothing left that acts, in any case of the corpus', async () => {
    const left = await page.evaluate(
      (cases) =>
        cases.flatMap(({ id, input }) => {
          const shown = new DOMParser().parseFromString(window.tested.sanitizeMail(input).page, 'text/html');
          const wrong = [...shown.body.querySelectorAll('*')].flatMap((element) => [
            ...(element.matches(
              'script, style, svg, math, form, input, button, iframe, object, embed, link, meta, base, video, audio, template',
            )
              ? [element.localName]
              : []),
            ...[...element.attributes]
              .filter(
                ({ name, value }) =>
                  name.startsWith('on') ||
                  /^\s*(javascript|vbscript|data:text|file|blob):/i.test(value) ||
                  (name === 'src' && !value.startsWith('data:image/')) ||
                  (name === 'href' && !/^(https?|mailto):/.test(value)),
              )
              .map(({ name, value }) => `${element.localName} ${name}=${value}`),
          ]);
          return wrong.map((what) => `${id}: ${what}`);
        }),
      corpus.map(({ id, input }) => ({ id, input })),
    );
    expect(left).toEqual([]);
  });

  it.runIf(corpus.length > 0)('tells whether it wanted to load something, as the corpus has it', async () => {
    const judged = corpus.filter(
      // proton-33 has relative addresses only; in a mail they lead nowhere.
      ({ id, hasRemoteContent }) => hasRemoteContent !== undefined && id !== 'proton-33',
    );
    const counts = await page.evaluate(
      (inputs) => inputs.map((input) => window.tested.sanitizeMail(input).remoteCount),
      judged.map(({ input }) => input),
    );
    const wrong = judged.filter(
      ({ hasRemoteContent, remoteCount }, index) =>
        counts[index] === undefined ||
        counts[index] > 0 !== hasRemoteContent ||
        (remoteCount !== undefined && counts[index] !== remoteCount),
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  it('asks the network for nothing in its frame, where the raw mail would', async () => {
    const raw = wanting.map(({ input }) => input);
    const safe = await page.evaluate(
      (inputs) => inputs.map((input) => window.tested.sanitizeMail(input).page),
      raw,
    );
    const asked = async (documents: readonly string[]): Promise<readonly string[]> => {
      const sink = await startSink();
      const context = await browser.newContext({ proxy: { server: sink.address } });
      const free = await context.newPage();
      const frames = documents.map(
        (one) =>
          `<iframe sandbox="" srcdoc="${one.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`,
      );
      await free.setContent(frames.join(''), { waitUntil: 'load' });
      await context.close();
      await sink.close();
      return sink.asked;
    };
    // The control: a sink that hears nothing would prove nothing.
    expect(new Set(await asked(raw)).size).toBeGreaterThanOrEqual(3);
    expect(await asked(safe)).toEqual([]);
  });
});
