import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startBrowser, type TestBrowser } from '../../testing/browser.ts';
import { startSink } from '../../testing/sink.ts';
import { expect, hasBrowser, windowHarness } from '../../testing/window-harness.ts';

const corpusFile = join(import.meta.dirname, '../../../../shared/corpus/sanitizer.expected.json');
const corpus: readonly string[] = existsSync(corpusFile)
  ? (
      JSON.parse(readFileSync(corpusFile, 'utf8')) as { cases: readonly { readonly input: string }[] }
    ).cases.map(({ input }) => input)
  : [];
if (corpus.length === 0) console.warn('No corpus beside the repository: its cases are not quoted.');
/** A few of our own, so that quoting is tested without the corpus as well. */
const hostile = [
  '<img src="http://picture.example/1.png" onerror="alert(1)">',
  '<p style="background: url(http://style.example/1.png)">x</p>',
  '<style>@import "http://sheet.example/1.css";</style><svg onload="alert(1)"><image href="http://svg.example/"/></svg>',
  '<link rel="preconnect" href="http://preconnect.example/"><script>alert(1)</script>',
  '<table background="http://background.example/1.png"><tr><td>x</table><a href="javascript:alert(1)">x</a>',
  ...corpus,
];

interface SavedDraft {
  readonly text: string;
  readonly html: string | null;
  readonly quotedHtml?: string | null;
}

describe.skipIf(!hasBrowser)('the composer', () => {
  const { open, row, byId, asked } = windowHarness();
  const saved = async () => (await asked('drafts.save')).at(-1) as SavedDraft | undefined;
  const text = () => byId('composer-text');
  const paste = (page: Page, html: string, pictures = 0) =>
    page.evaluate(
      ([pasted, count]) => {
        const data = new DataTransfer();
        if (pasted !== '') data.setData('text/html', pasted);
        for (let index = 0; index < count; index++)
          data.items.add(new File([new Uint8Array(8)], 'plan.png', { type: 'image/png' }));
        document
          .querySelector('.rich-text')
          ?.dispatchEvent(
            new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
          );
      },
      [html, pictures] as const,
    );

  it('saves what is formatted with the keyboard as HTML and as the same words', async () => {
    const page = await open('well');
    await byId('new-message').click();
    await text().focus();
    await page.keyboard.type('Dear ');
    await page.keyboard.press('Control+b');
    await page.keyboard.type('Bob');
    await page.keyboard.press('Enter');
    await page.keyboard.type('- one');
    await expect.poll(async () => (await saved())?.text).toBe('Dear Bob\n- one');
    expect((await saved())?.html).toMatch(/Dear <strong>Bob<\/strong><\/p><ul><li>.*one/);
  });

  it('says which format is on, and lets arrows go through the formats', async () => {
    const page = await open('well');
    await byId('new-message').click();
    await text().focus();
    await page.keyboard.press('Control+i');
    await expect(byId('format-italic')).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('Shift+Tab');
    await expect(byId('format-bold')).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(byId('format-italic')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(byId('format-italic')).toHaveAttribute('aria-pressed', 'false');
    await expect(text()).toBeFocused();
  });

  it('links what is written to where the person says, and to nothing else', async () => {
    const page = await open('well');
    await byId('new-message').click();
    await byId('format-link').click();
    await byId('format-link-to').fill('javascript:alert(1)');
    await page.keyboard.press('Enter');
    await expect(byId('format-link-to')).toHaveAttribute('aria-invalid', 'true');
    await byId('format-link-to').fill('corp.example/plan');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await saved())?.html).toContain('<a href="https://corp.example/plan">');
  });

  it('keeps the words when it turns to plain text and back', async () => {
    const page = await open('well');
    await byId('new-message').click();
    await text().focus();
    await page.keyboard.type('One');
    await page.keyboard.press('Enter');
    await page.keyboard.type('> two');
    await byId('format-plain').click();
    await expect(text()).toHaveValue('One\n> two');
    await expect.poll(async () => (await saved())?.html).toBeNull();
    await byId('format-rich').click();
    await expect(text().locator('blockquote')).toHaveText('two');
    await expect.poll(async () => (await saved())?.text).toBe('One\n> two');
  });

  it('quotes HTML folded and cleaned, in a frame that can do nothing', async () => {
    const page = await open('quotesHtml');
    await row(0).click();
    await byId('reply').click();
    await text().focus();
    await page.keyboard.type('Yes.');
    await expect.poll(async () => (await saved())?.text).toMatch(/^Yes\.\n\n2026-11-24 10:12, /);
    const all = (await asked('drafts.save')) as readonly SavedDraft[];
    expect(all.map(({ quotedHtml }) => quotedHtml).filter((quoted) => quoted !== undefined)).toEqual([
      '<p>Monday, Bob:</p><blockquote><p>Clause <b>4</b>.</p>Logo</blockquote>',
    ]);
    await byId('quotation-toggle').click();
    await expect(byId('quotation-frame')).toHaveAttribute('sandbox', '');
    await expect(page.frameLocator('[data-testid=quotation-frame]').getByText('Clause 4.')).toBeVisible();
  });

  it('lets one answer between the lines of a quotation, or without it', async () => {
    const page = await open('quotesHtml');
    await row(0).click();
    await byId('reply').click();
    await byId('answer-between').click();
    await expect(text().locator('blockquote')).toContainText('Clause 4.');
    await expect(byId('quotation')).toHaveCount(0);
    await text().locator('blockquote p').first().click();
    await page.keyboard.press('End');
    await page.keyboard.type(' Agreed.');
    await expect.poll(async () => (await saved())?.text).toContain('> Clause 4. Agreed.');
    expect((await saved())?.quotedHtml ?? null).toBeNull();
  });

  it('asks once after a file that is spoken of', async () => {
    const page = await open('well');
    await byId('new-message').click();
    await byId('composer-to').fill('bob@x.example');
    await text().focus();
    await page.keyboard.type('The plan is attached.');
    await byId('send').click();
    await expect(byId('doubt-back')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(text()).toBeFocused();
    expect(await asked('drafts.send')).toEqual([]);
    await byId('send').click();
    await byId('doubt-send').click();
    await expect(byId('composer')).toHaveCount(0);
  });

  it('completes addresses by keyboard, and closes the list before itself', async () => {
    const page = await open('well');
    await byId('new-message').click();
    const field = byId('composer-to');
    await field.pressSequentially('fu');
    const options = byId('composer-to-suggestions').getByRole('option');
    await expect(options).toHaveText([/Bob Fuchs/, /Bea Fuchs/]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(field).toHaveValue('Bea Fuchs <bea.fuchs@x.example>, ');
    await field.pressSequentially('b');
    await expect(options).toHaveText([/Bob Fuchs/]);
    await page.keyboard.press('Escape');
    await expect(options).toHaveCount(0);
    await expect(byId('composer')).toBeVisible();
  });

  it('leaves nothing behind of an answer that was only opened', async () => {
    const page = await open('quotesHtml');
    await row(0).click();
    await byId('reply').click();
    await expect(byId('quotation')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect.poll(() => asked('drafts.discard')).toHaveLength(1);
  });

  it('takes a table of Office as a table, without its styles', async () => {
    const page = await open('well');
    await byId('new-message').click();
    await text().focus();
    await paste(
      page,
      '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>td{mso-number-format:General}</style></head><body><!--StartFragment--><table width=200 style="width:150pt"><colgroup><col width=80></colgroup><tr><td class=xl65 style="mso-width-source:userset">Price<o:p></o:p></td><td>12</td></tr></table><!--EndFragment--></body></html>',
      1,
    );
    await expect(text().locator('td')).toHaveText(['Price', '12']);
    await expect.poll(async () => (await saved())?.text).toContain('Price | 12');
    expect((await saved())?.html).not.toMatch(/mso|xl65|o:p/);
    expect(await asked('drafts.attach')).toEqual([]);
  });

  it('puts a picture that is pasted into the draft, and shows it from there', async () => {
    const page = await open('well');
    await byId('new-message').click();
    await text().focus();
    await paste(page, '', 1);
    const picture = text().locator('img:not(.ProseMirror-separator)');
    await expect(picture).toHaveCount(1);
    const [attached] = (await asked('drafts.attach')) as readonly { readonly contentId: string }[];
    await expect.poll(async () => (await saved())?.html).toContain(`src="cid:${attached?.contentId}"`);
    await expect(picture).toHaveAttribute('src', /^data:image\/png/);
    await expect(byId('draft-attachment')).toHaveCount(0);
  });
});

declare global {
  interface Window {
    readonly quoting: typeof import('./testing/quoting.ts').quoting;
  }
}

describe.skipIf(!hasBrowser)('a hostile mail that is quoted', () => {
  let browser: TestBrowser;
  let script: string;

  beforeAll(async () => {
    browser = await startBrowser();
    const page = await browser.load('features/composer/testing/quoting.ts');
    script = await page.evaluate(() => fetch('tested.js').then((answer) => answer.text()));
  }, 60_000);
  afterAll(() => browser.close());

  it('runs nothing and asks for nothing, in the editor, pasted, and folded', async () => {
    const sink = await startSink();
    const context = await browser.newContext({ proxy: { server: sink.address } });
    const page = await context.newPage();
    const acted: string[] = [];
    page.on('dialog', (dialog) => {
      acted.push(dialog.message());
      void dialog.dismiss();
    });
    await page.setContent('<!doctype html><main></main>');
    await page.addScriptTag({ content: `${script};window.quoting = tested.quoting;` });
    const left = await page.evaluate(async (mails) => {
      const { bodyOf, cleanHtml, createEditor, forEditor, quotationPage } = window.quoting;
      const main = document.querySelector('main') as HTMLElement;
      const wrong: string[] = [];
      const judge = (where: string, root: ParentNode, index: number) => {
        for (const element of root.querySelectorAll('*'))
          for (const { name, value } of element.attributes)
            if (
              element.matches(
                'script, style, svg, math, form, input, iframe, object, embed, link, meta, base',
              ) ||
              name.startsWith('on') ||
              (name === 'src' && !/^(?:cid|data:image)/.test(value)) ||
              (name === 'href' && !/^(?:https?|mailto):/.test(value)) ||
              (name === 'style' && /url|\\|expression/i.test(value))
            )
              wrong.push(`${where} ${index}: ${element.localName} ${name}=${value}`);
      };
      const editor = createEditor({
        content: { text: '' },
        label: 'Text',
        loadPicture: () => Promise.resolve(null),
        onChange: () => undefined,
        onPictures: () => undefined,
        isPicture: () => true,
      });
      const place = document.createElement('div');
      main.append(place);
      editor.mount(place);
      for (const [index, mail] of mails.entries()) {
        editor.commands.setContent(forEditor(mail));
        judge('editor', editor.view.dom, index);
        editor.view.pasteHTML(mail);
        judge('pasted', editor.view.dom, index);
        const leaves = new DOMParser().parseFromString(bodyOf(editor.state.doc).html, 'text/html');
        judge('sent', leaves.body, index);
        const cleaned = cleanHtml(mail);
        judge('quoted', new DOMParser().parseFromString(cleaned, 'text/html').body, index);
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', '');
        frame.srcdoc = await quotationPage(cleaned, () => Promise.resolve(null));
        main.append(frame);
      }
      return wrong;
    }, hostile);
    expect(left).toEqual([]);
    // The control, and the end: whatever was asked for before this has been heard.
    await page.evaluate(() =>
      document.body.append(Object.assign(new Image(), { src: 'http://end.example/' })),
    );
    await expect.poll(() => sink.asked.filter((url) => url.includes('end.example'))).toHaveLength(1);
    expect(sink.asked).toEqual(['http://end.example/']);
    expect(acted).toEqual([]);
    await context.close();
    await sink.close();
  }, 120_000);
});
