import { decodeText } from './charset.ts';
import { decodeQuotedPrintable } from './transfer-encoding.ts';

/*
 * RFC 2047 as real mail writes it: spaces and question marks within a word, words without their end, without a
 * charset, glued to each other or to text, in quoted strings, and characters divided between two words.
 */
const start = String.raw`=\?([^?\s]{0,60})\?([QqBb])\?`;
const another = String.raw`=\?[^?\s]{0,60}\?[QqBb]\?`;
/** The text ends at the first "?=", unless another word begins before it. */
const word = new RegExp(String.raw`${start}((?:(?!${another})[\s\S])*?)\?=`, 'y');
/** A word that was cut off ends where none of its characters can stand. */
const cutOff = new RegExp(String.raw`${start}((?:(?!=\?)[^\s?<>",;])*)`, 'y');

interface EncodedWord {
  readonly charset: string;
  readonly bytes: Uint8Array;
}

/** The text of a header with its encoded words decoded. `fallback`: the charset where a word names none. */
export function decodeWords(value: string, fallback: string | null = null): string {
  return replaceWords(value, fallback, (text) => text);
}

/**
 * The value with every encoded word written again in the one form that every reader understands, so that what they
 * decode to (commas, brackets, quotes) does not become part of a header's structure.
 */
export function normalizeWords(value: string, fallback: string | null = null): string {
  return replaceWords(
    value,
    fallback,
    (text) => `=?utf-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`,
  );
}

function replaceWords(value: string, fallback: string | null, write: (text: string) => string): string {
  if (!value.includes('=?')) return value;
  const pieces: string[] = [];
  let run: EncodedWord[] = [];
  let at = 0;
  while (at < value.length) {
    const next = value.indexOf('=?', at);
    const between = value.slice(at, next < 0 ? value.length : next);
    if (next < 0) {
      at = value.length;
      if (run.length > 0) pieces.push(write(decodeRun(run, fallback)));
      run = [];
      pieces.push(between);
      break;
    }
    const match = wordAt(value, next);
    if (match === null) {
      if (run.length > 0) pieces.push(write(decodeRun(run, fallback)));
      run = [];
      pieces.push(between, '=?');
      at = next + 2;
      continue;
    }
    // White space between two words is there for the folding only (RFC 2047 section 6.2).
    if (run.length > 0 && between.trim() !== '') {
      pieces.push(write(decodeRun(run, fallback)));
      run = [];
    }
    if (run.length === 0) pieces.push(between);
    run.push(match.word);
    at = match.end;
  }
  if (run.length > 0) pieces.push(write(decodeRun(run, fallback)));
  return pieces.join('');
}

function wordAt(value: string, at: number): { readonly word: EncodedWord; readonly end: number } | null {
  word.lastIndex = at;
  cutOff.lastIndex = at;
  const match = word.exec(value) ?? cutOff.exec(value);
  if (match === null) return null;
  const [whole, charset = '', encoding = '', text = ''] = match;
  return {
    word: { charset: charset.replace(/\*.*$/, ''), bytes: bytesOf(encoding, text) },
    end: at + whole.length,
  };
}

function bytesOf(encoding: string, text: string): Uint8Array {
  if (encoding === 'B' || encoding === 'b') return Buffer.from(text.replace(/[^A-Za-z0-9+/]/g, ''), 'base64');
  // Blanks after "=" come from folding a word where it must not be folded.
  const spaced = text.replace(/=\s+(?=[0-9a-f])/gi, '=').replace(/_/g, ' ');
  return decodeQuotedPrintable(Buffer.from(spaced, 'utf8'), { isHeader: true });
}

/** Words next to each other are decoded as one: many writers divide a character between two of them. */
function decodeRun(run: readonly EncodedWord[], fallback: string | null): string {
  const joined: EncodedWord[] = [];
  for (const entry of run) {
    const last = joined.at(-1);
    if (last !== undefined && last.charset.toLowerCase() === entry.charset.toLowerCase())
      joined[joined.length - 1] = { charset: last.charset, bytes: Buffer.concat([last.bytes, entry.bytes]) };
    else joined.push(entry);
  }
  const decode = (words: readonly EncodedWord[]): string =>
    words.map(({ charset, bytes }) => decodeText(bytes, charset === '' ? null : charset, fallback)).join('');
  const text = decode(joined);
  if (!text.includes('\ufffd')) return text;
  const apart = decode(run);
  return apart.includes('\ufffd') ? text : apart;
}
