import { languageOf, translator } from '../../../shared/messages/index.ts';

/** What the browser shows when the person has come back. */
export function returnPage(isSignedIn: boolean, locale: string): string {
  const t = translator(locale);
  const [title, text] = isSignedIn
    ? [t('signInPage.doneTitle'), t('signInPage.doneText')]
    : [t('signInPage.failedTitle'), t('signInPage.failedText')];
  return `<!doctype html>
<html lang="${languageOf(locale)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem }
</style>
<h1>${title}</h1>
<p>${text}</p>
</html>
`;
}
