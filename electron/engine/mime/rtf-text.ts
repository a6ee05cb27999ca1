import { codePageCharset, decodeText } from './charset.ts';

/** What an RTF body says: the HTML or the plain text that Outlook wrapped into it, or its words. */
export interface RtfBody {
  readonly kind: 'html' | 'text';
  readonly content: string;
}

const maximumDepth = 500;

/** Groups that hold no words of the message. */
const silentGroups = new Set(
  'fonttbl colortbl stylesheet info pict object generator listtable listoverridetable rsidtbl themedata colorschememapping datastore latentstyles xmlnstbl mmathPr fldinst header footer headerl headerr headerf footerl footerr footerf pntext pntxta pntxtb filetbl revtbl'.split(
    ' ',
  ),
);

const symbols: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  sect: '\n',
  page: '\n',
  row: '\n',
  cell: '\t',
  tab: '\t',
  lquote: '\u2018',
  rquote: '\u2019',
  ldblquote: '\u201c',
  rdblquote: '\u201d',
  bullet: '\u2022',
  endash: '\u2013',
  emdash: '\u2014',
  enspace: '\u2002',
  emspace: '\u2003',
  '~': '\u00a0',
  _: '\u2011',
};

/** Windows code pages of the character sets that a font is declared with (\fcharset). */
const fontCodePages: Readonly<Record<number, number>> = {
  0: 1252,
  77: 10000,
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
};

interface Group {
  isSilent: boolean;
  isTag: boolean;
  isHidden: boolean;
  skip: number;
  font: number;
}

/**
 * Reads RTF, [MS-OXRTFEX] where it encapsulates HTML (\fromhtml1) or text (\fromtext). One pass in linear time; groups
 * deeper than anybody writes them are left out.
 */
export function readRtf(rtf: Uint8Array): RtfBody {
  const text = Buffer.from(rtf.buffer, rtf.byteOffset, rtf.byteLength).toString('latin1');
  const head = text.slice(0, 1000);
  const isHtml = /\\fromhtml1\b/.test(head);
  const out: string[] = [];
  let bytes: number[] = [];
  let codePage = 1252;
  let inFontTable = false;
  const fonts = new Map<number, number>();
  const stack: Group[] = [];
  let group: Group = { isSilent: false, isTag: false, isHidden: false, skip: 1, font: -1 };
  let tooDeep = 0;
  let skipped = 0;

  const flush = (): void => {
    if (bytes.length > 0) {
      const page = fonts.get(group.font) ?? codePage;
      out.push(decodeText(Uint8Array.from(bytes), codePageCharset(page) ?? 'windows-1252'));
    }
    bytes = [];
  };
  const isHeard = (): boolean => !group.isSilent && (!group.isHidden || group.isTag);
  const say = (words: string): void => {
    if (!isHeard()) return;
    flush();
    out.push(words);
  };
  const byte = (value: number): void => {
    if (skipped > 0) skipped -= 1;
    else if (isHeard()) bytes.push(value);
  };

  const token = /\\([a-z]+)(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|[{}]|[\r\n]+|[^\\{}\r\n]+/giy;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [whole, word, number, hex, symbol] = match;
    if (whole === '{') {
      skipped = 0;
      if (stack.length >= maximumDepth) tooDeep += 1;
      else {
        flush();
        stack.push(group);
        group = { ...group };
      }
    } else if (whole === '}') {
      skipped = 0;
      if (tooDeep > 0) tooDeep -= 1;
      else {
        flush();
        const before = stack.pop();
        if (before === undefined) break;
        if (inFontTable && !before.isSilent) inFontTable = false;
        group = before;
      }
    } else if (tooDeep > 0) {
      // Within a group that is left out.
    } else if (hex !== undefined) byte(Number.parseInt(hex, 16));
    else if (symbol !== undefined) {
      if (symbol === '*') {
        const isKept = /^\\(?:htmltag|mhtmltag)/.test(text.slice(token.lastIndex, token.lastIndex + 12));
        if (!isKept) group.isSilent = true;
      } else if (symbol === '\\' || symbol === '{' || symbol === '}') byte(symbol.charCodeAt(0));
      else if (symbols[symbol] !== undefined) say(symbols[symbol]);
      else if (symbol === '\r' || symbol === '\n') say('\n');
    } else if (word === undefined) {
      if (!/^[\r\n]/.test(whole)) for (const character of whole) byte(character.charCodeAt(0));
    } else control(word, number === undefined ? null : Number(number));
  }
  flush();
  return { kind: isHtml ? 'html' : 'text', content: out.join('') };

  function control(word: string, number: number | null): void {
    if (word === 'u' && number !== null) {
      say(String.fromCharCode(number & 0xffff));
      skipped = group.skip;
    } else if (word === 'uc') group.skip = Math.min(number ?? 1, 10);
    else if (word === 'bin') token.lastIndex += Math.max(0, number ?? 0);
    else if (word === 'ansicpg') codePage = number ?? 1252;
    else if (word === 'fonttbl') {
      inFontTable = true;
      group.isSilent = true;
    } else if (silentGroups.has(word)) group.isSilent = true;
    else if (word === 'f') {
      flush();
      group.font = number ?? -1;
    } else if (word === 'fcharset' && inFontTable)
      fonts.set(group.font, fontCodePages[number ?? 0] ?? codePage);
    else if (word === 'htmltag') group.isTag = true;
    else if (word === 'mhtmltag') group.isSilent = true;
    else if (word === 'htmlrtf') {
      flush();
      group.isHidden = isHtml && number !== 0;
    } else if (symbols[word] !== undefined) {
      // Between the tags of encapsulated HTML a paragraph is a line of its source.
      say(word === 'par' || word === 'line' ? '\n' : symbols[word]);
    }
  }
}
