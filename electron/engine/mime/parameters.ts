import { decodeText } from './charset.ts';
import { decodeWords } from './encoded-words.ts';

/** A header value such as `text/plain; charset=utf-8` (RFC 2045 section 5.1, RFC 2231). */
export interface StructuredValue {
  /** Lower case, without comments and blanks. */
  readonly value: string;
  /** Decoded; names in lower case. What is given twice counts the first time. */
  readonly parameters: ReadonlyMap<string, string>;
}

const maximumLength = 65_536;
const maximumParameters = 500;

/** Reads a structured value in whatever state it is. `fallback`: the charset of what names none. */
export function readStructured(text: string, fallback: string | null = null): StructuredValue {
  const [first = '', ...rest] = split(text.slice(0, maximumLength));
  const raw = new Map<string, { readonly value: string; readonly isQuoted: boolean }>();
  for (const piece of rest) {
    const equals = piece.indexOf('=');
    if (equals < 0) continue;
    const name = withoutComments(piece.slice(0, equals)).replace(/\s/g, '').toLowerCase();
    if (name === '' || name.startsWith('*') || raw.has(name)) continue;
    const value = parameterValue(piece.slice(equals + 1));
    if (value.value !== '') raw.set(name, value);
  }
  return {
    value: withoutComments(first)
      .replace(/[\s"]|\/\s*$/g, '')
      .toLowerCase(),
    parameters: joinSections(raw, fallback),
  };
}

/** The name of a parameter after a blank, where somebody forgot the semicolon: more is asked of it after the first. */
const afterType = /\s+[\w-]{1,40}(?:\*\d{0,4}\*?)?=/y;
const afterParameter = /\s+[\w-]{1,40}(?:\*\d{0,4}\*?=|=")/y;

/** At semicolons that stand in no quoted string and no comment, and where one is missing. */
function split(text: string): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  let isQuoted = false;
  let depth = 0;
  for (let at = 0; at < text.length && pieces.length < maximumParameters; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\' && (isQuoted || depth > 0)) at += 1;
    else if (character === '"' && depth === 0) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '(' && (at === 0 || /[\s;]/.test(text[at - 1] ?? ''))) depth += 1;
    else if (character === ')' && depth > 0) depth -= 1;
    else if (depth === 0 && (character === ';' || isMissing(text, at, start, pieces.length))) {
      pieces.push(text.slice(start, at));
      start = at + 1;
    }
  }
  const last = text.slice(start);
  // A quote or a comment that is never closed would swallow all that follows it.
  const isOpen = (isQuoted || depth > 0) && last.includes(';');
  return [...pieces, ...(isOpen ? last.split(';', maximumParameters) : [last])];
}

function isMissing(text: string, at: number, start: number, count: number): boolean {
  if (!/\s/.test(text[at] ?? '') || /[\s=]/.test(text[at - 1] ?? ' ') || at === start) return false;
  const name = count === 0 ? afterType : afterParameter;
  name.lastIndex = at;
  return name.test(text);
}

function withoutComments(text: string): string {
  let rest = text;
  for (let depth = 0; depth < 5 && rest.includes('('); depth += 1) {
    const shorter = rest.replace(/\((?:[^()\\]|\\.)*\)/g, ' ');
    if (shorter === rest) break;
    rest = shorter;
  }
  return rest;
}

function parameterValue(text: string): { readonly value: string; readonly isQuoted: boolean } {
  const trimmed = text.trim();
  if (trimmed.startsWith('"')) {
    const end = /^"((?:[^"\\]|\\[\s\S])*)/.exec(trimmed)?.[1] ?? '';
    // A backslash stands before a character that would end the string; elsewhere it is one of a Windows path.
    return { value: end.replace(/\\(["\\])/g, '$1'), isQuoted: true };
  }
  // A comment follows a blank; "report(1).pdf" is a name.
  return { value: trimmed.replace(/\s+\((?:[^()\\]|\\.)*\)\s*$/, '').replace(/"$/, ''), isQuoted: false };
}

interface Section {
  readonly number: number;
  readonly value: string;
  readonly isEncoded: boolean;
}

/** RFC 2231 sections 3 and 4: `name*0*=utf-8''%41; name*1="b"` is one parameter. */
function joinSections(
  raw: ReadonlyMap<string, { readonly value: string; readonly isQuoted: boolean }>,
  fallback: string | null,
): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  const sections = new Map<string, Section[]>();
  for (const [name, { value }] of raw) {
    const match = /^([^*]+)\*(?:(\d{1,9})(\*?))?$/.exec(name);
    if (match === null) {
      joined.set(name, plainValue(value, fallback));
      continue;
    }
    const [, base = '', number, star] = match;
    const section = { number: Number(number ?? 0), value, isEncoded: number === undefined || star === '*' };
    sections.set(base, [...(sections.get(base) ?? []), section]);
  }
  // An encoded parameter counts more than a plain one of its name: that one is for old programs (RFC 6266 4.3).
  for (const [name, list] of sections) joined.set(name, decodeSections(list, fallback));
  return joined;
}

/** Encoded words are not allowed here (RFC 2047 section 5), and Outlook writes them all the same. */
function plainValue(value: string, fallback: string | null): string {
  // Some writers percent-encode without the asterisk that says so.
  const extended = /^([\w.:-]{2,40})'[\w-]{0,20}'((?:[^%]|%[0-9a-f]{2})*)$/i.exec(value);
  if (extended !== null && (extended[2] ?? '').includes('%'))
    return decodeText(percentDecoded(extended[2] ?? ''), extended[1] ?? null, fallback);
  return decodeWords(value, fallback);
}

function decodeSections(list: readonly Section[], fallback: string | null): string {
  const ordered = list.toSorted((a, b) => a.number - b.number);
  let charset: string | null = null;
  const pieces = ordered.map(({ value, isEncoded }, index) => {
    if (!isEncoded) return Buffer.from(value, 'utf8');
    const match = index === 0 ? /^([^']*)'[^']*'([\s\S]*)$/.exec(value) : null;
    if (match === null) return percentDecoded(value);
    charset = match[1] === '' ? null : (match[1] ?? null);
    return percentDecoded(match[2] ?? '');
  });
  // Encoded words are not allowed here either, and met all the same.
  const hasEncoded = ordered.some(({ isEncoded }) => isEncoded);
  const bytes = Buffer.concat(pieces);
  return decodeWords(hasEncoded ? decodeText(bytes, charset, fallback) : bytes.toString('utf8'), fallback);
}

function percentDecoded(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return Buffer.from(
    bytes.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}
