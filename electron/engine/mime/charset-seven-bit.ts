import { TextDecoder } from 'node:util';

/* The charsets of seven bits, which no TextDecoder knows whole: UTF-7, HZ and the family of ISO 2022. */

const escapeByte = 0x1b;

/** UTF-7 (RFC 2152). A run that is no base64 of whole UTF-16 units ends where it stops being that. */
export function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)(-?)/g, (_run, base64: string) => {
    if (base64 === '') return '+';
    const bytes = Buffer.from(base64, 'base64');
    return bytes
      .subarray(0, bytes.length - (bytes.length % 2))
      .swap16()
      .toString('utf16le');
  });
}

/** Each set of characters that an escape sequence switches to, as the bytes of a charset that TextDecoder knows. */
interface CharacterSet {
  readonly charset: string;
  readonly width: 1 | 2;
  readonly lead: readonly number[];
  readonly high: boolean;
}
const ascii: CharacterSet = { charset: 'windows-1252', width: 1, lead: [], high: false };
const gb2312: CharacterSet = { charset: 'gb18030', width: 2, lead: [], high: true };
const korean: CharacterSet = { charset: 'euc-kr', width: 2, lead: [], high: true };
const katakana: CharacterSet = { charset: 'euc-jp', width: 1, lead: [0x8e], high: true };
const japanese: CharacterSet = { charset: 'euc-jp', width: 2, lead: [], high: true };

/** ISO-IR escape sequences after ESC (RFC 1468, 1554, 1557, 1922, 2237), into the set that is used at once. */
const immediate: Readonly<Record<string, CharacterSet>> = {
  '(B': ascii,
  '(J': ascii,
  '(H': ascii,
  '(I': katakana,
  $B: japanese,
  '$@': japanese,
  '$(B': japanese,
  '$(@': japanese,
  '$(D': { charset: 'euc-jp', width: 2, lead: [0x8f], high: true },
  '$(Q': japanese,
  '$(O': japanese,
  $A: gb2312,
  '$(A': gb2312,
  '$(C': korean,
};
/** Into the set that SO switches to. */
const shifted: Readonly<Record<string, CharacterSet>> = { '$)C': korean, '$)A': gb2312 };
/** Into the set of which ESC N takes one character. */
const single: Readonly<Record<string, string>> = { '.A': 'iso-8859-1', '.F': 'iso-8859-7' };

export function hasIso2022Escape(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(escapeByte); at >= 0; at = bytes.indexOf(escapeByte, at + 1))
    if (sequenceAt(bytes, at + 1) !== null) return true;
  return false;
}

/** Text of any ISO-2022 charset (JP, JP-1, JP-2, JP-MS, KR, CN without CNS): the escapes say which characters follow. */
export function decodeIso2022(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let set = ascii;
  let shiftedSet: CharacterSet | null = null;
  let singleCharset = 'iso-8859-1';
  let isShifted = false;
  let run: number[] = [];
  const flush = (): void => {
    const current = isShifted ? (shiftedSet ?? katakana) : set;
    if (run.length > 0) pieces.push(decodeRun(run, current));
    run = [];
  };
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const sequence = byte === escapeByte ? sequenceAt(bytes, at + 1) : null;
    if (sequence !== null) {
      flush();
      set = immediate[sequence] ?? set;
      shiftedSet = shifted[sequence] ?? shiftedSet;
      singleCharset = single[sequence] ?? singleCharset;
      at += sequence.length;
    } else if (byte === escapeByte && bytes[at + 1] === 0x4e) {
      flush();
      pieces.push(decode([(bytes[at + 2] ?? 0x20) | 0x80], singleCharset));
      at += 2;
    } else if (byte === 0x0e || byte === 0x0f) {
      flush();
      isShifted = byte === 0x0e;
    } else if (byte === 0x0a || byte === 0x0d) {
      // RFC 1468: a line ends in ASCII; where it does not, the writer forgot.
      flush();
      pieces.push(String.fromCharCode(byte));
      set = ascii;
      isShifted = false;
    } else run.push(byte);
  }
  flush();
  return pieces.join('');
}

/** HZ (RFC 1843) with the escapes of ISO 2022 in the place of its own. */
export function hzAsIso2022(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const sequences: Readonly<Record<string, string>> = { '~~': '~', '~{': '\x1b$A', '~}': '\x1b(B' };
  return Buffer.from(
    text.replace(/~(?:[~{}]|\r?\n)/g, (sequence) => sequences[sequence] ?? ''),
    'latin1',
  );
}

function sequenceAt(bytes: Uint8Array, at: number): string | null {
  for (const length of [2, 3]) {
    const sequence = String.fromCharCode(...bytes.subarray(at, at + length));
    if (sequence in immediate || sequence in shifted || sequence in single) return sequence;
  }
  return null;
}

function decodeRun(run: readonly number[], { charset, width, lead, high }: CharacterSet): string {
  if (!high) return decode(run, charset);
  const bytes: number[] = [];
  for (let at = 0; at < run.length; ) {
    const byte = run[at] ?? 0;
    const isPrintable = (byte & 0x7f) > 0x20 && (byte & 0x7f) < 0x7f;
    const isWhole = at + width <= run.length;
    if (isPrintable && isWhole) bytes.push(...lead, ...run.slice(at, at + width).map((part) => part | 0x80));
    else bytes.push(byte & 0x7f);
    at += isPrintable && isWhole ? width : 1;
  }
  return decode(bytes, charset);
}

function decode(bytes: readonly number[], charset: string): string {
  return new TextDecoder(charset).decode(Uint8Array.from(bytes));
}
