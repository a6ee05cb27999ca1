/**
 * What a mail would fetch if it were shown as it is. Nothing of it is ever loaded; the person is told how much was
 * left out.
 */
export function countRemoteContent(html: string): number {
  // A parsed document without a window is inert: it loads nothing.
  const mail = new DOMParser().parseFromString(html, 'text/html');
  let count = 0;
  for (const element of mail.querySelectorAll('*')) {
    count += loadingAttributes(element).filter(isRemote).length;
    const style = element.getAttribute('style');
    if (style !== null) count += declarationsOf(style).filter(fetchesRemotely).length;
    if (element.localName === 'style') count += stylesheetReferences(element.textContent);
  }
  return count;
}

/** A style without whatever would load something: also `data:` pictures, which no mail needs in a style. */
export function withoutLoading(style: string): string {
  return declarationsOf(style)
    .map((declaration) => (loads(declaration) ? declaration.replace(plainUrl, '') : declaration))
    .filter((declaration) => !loads(declaration))
    .join(';');
}

/** What most mail writes: without it, the colour beside it in a `background` can stay. */
const plainUrl = /url\(\s*(?:"[^"\\]*"|'[^'\\]*'|[^)"'\\]*)\s*\)/gi;

const loading = /\b(url|src|image|image-set|-webkit-image-set)\s*\(/i;
const remote = /^\s*(https?:|ftp:)?\/\//i;

function loads(declaration: string): boolean {
  return loading.test(unescapeCss(declaration));
}

function isRemote(value: string): boolean {
  return remote.test(value);
}

/** The values of those attributes that make a browser fetch, whichever element they stand on. */
function loadingAttributes(element: Element): readonly string[] {
  const names = ['src', 'srcset', 'background', 'poster', 'data', 'lowsrc', 'dynsrc'];
  const isReference = ['link', 'image', 'use', 'feimage'].includes(element.localName.toLowerCase());
  return [...names, ...(isReference ? ['href', 'xlink:href'] : [])].flatMap(
    (name) => element.getAttribute(name) ?? [],
  );
}

function fetchesRemotely(declaration: string): boolean {
  return loads(declaration) && /(https?:|ftp:)?\/\//i.test(unescapeCss(declaration));
}

function stylesheetReferences(sheet: string): number {
  return unescapeCss(sheet).match(/(url\s*\(|@import)\s*["']?\s*(https?:|ftp:)?\/\//gi)?.length ?? 0;
}

/** Splits at semicolons that stand in no string and no parenthesis. */
function declarationsOf(style: string): readonly string[] {
  const declarations: string[] = [];
  let begin = 0;
  let depth = 0;
  let quote = '';
  for (let at = 0; at < style.length; at++) {
    const letter = style[at];
    if (letter === '\\') at++;
    else if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '(') depth++;
    else if (letter === ')') depth = Math.max(0, depth - 1);
    else if (letter === ';' && depth === 0) {
      declarations.push(style.slice(begin, at));
      begin = at + 1;
    }
  }
  return [...declarations, style.slice(begin)];
}

/** CSS Syntax Level 3, section 4.3.7: `\75 rl(` is `url(`. */
function unescapeCss(css: string): string {
  return css.replace(/\\(?:([0-9a-f]{1,6})\s?|([\s\S]))/gi, (_all, code: string | undefined, letter = '') => {
    if (code === undefined) return letter;
    const point = Number.parseInt(code, 16);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  });
}
