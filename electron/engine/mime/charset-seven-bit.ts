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

/** A set of characters that an escape sequence switches to, by the charset of eight bits that has it. */
interface CharacterSet {
  /** Null: whatever the charset, it is ASCII. */
  readonly charset: string | null;
  readonly width: 1 | 2;
  /** What that charset writes before a character of the set. */
  readonly lead: number | null;
}
const ascii: CharacterSet = { charset: null, width: 1, lead: null };
const gb2312: CharacterSet = { charset: 'gb18030', width: 2, lead: null };
const korean: CharacterSet = { charset: 'euc-kr', width: 2, lead: null };
const katakana: CharacterSet = { charset: 'euc-jp', width: 1, lead: 0x8e };
const japanese: CharacterSet = { charset: 'euc-jp', width: 2, lead: null };

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
  '$(D': { charset: 'euc-jp', width: 2, lead: 0x8f },
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
  const out = new EightBitText(bytes.length);
  let set = ascii;
  let shiftedSet: CharacterSet | null = null;
  let singleCharset = 'iso-8859-1';
  let isShifted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const sequence = byte === escapeByte ? sequenceAt(bytes, at + 1) : null;
    if (sequence !== null) {
      set = immediate[sequence] ?? set;
      shiftedSet = shifted[sequence] ?? shiftedSet;
      singleCharset = single[sequence] ?? singleCharset;
      at += sequence.length;
    } else if (byte === escapeByte && bytes[at + 1] === 0x4e) {
      out.add([(bytes[at + 2] ?? 0x20) | 0x80], singleCharset);
      at += 2;
    } else if (byte === 0x0e || byte === 0x0f) isShifted = byte === 0x0e;
    else {
      // RFC 1468: a line ends in ASCII; where it does not, the writer forgot.
      if (byte === 0x0a || byte === 0x0d) {
        set = ascii;
        isShifted = false;
      }
      at += out.addCharacter(bytes, at, isShifted ? (shiftedSet ?? katakana) : set) - 1;
    }
  }
  return out.text();
}

/** Collects characters of several sets, and decodes as many together as one charset has. */
class EightBitText {
  readonly #bytes: Uint8Array;
  readonly #pieces: string[] = [];
  #length = 0;
  #charset: string | null = null;

  constructor(length: number) {
    this.#bytes = new Uint8Array(2 * length + 2);
  }

  add(bytes: readonly number[], charset: string | null): void {
    if (charset !== null && charset !== this.#charset) {
      this.#flush();
      this.#charset = charset;
    }
    for (const byte of bytes) {
      this.#bytes[this.#length] = byte;
      this.#length += 1;
    }
  }

  /** How many bytes the character has. */
  addCharacter(source: Uint8Array, at: number, { charset, width, lead }: CharacterSet): number {
    const first = source[at] ?? 0;
    const isOne =
      charset === null || (first & 0x7f) <= 0x20 || (first & 0x7f) === 0x7f || at + width > source.length;
    if (isOne) {
      this.add([first], null);
      return 1;
    }
    const high = width === 1 ? [first | 0x80] : [first | 0x80, (source[at + 1] ?? 0) | 0x80];
    this.add(lead === null ? high : [lead, ...high], charset);
    return width;
  }

  text(): string {
    this.#flush();
    return this.#pieces.join('');
  }

  #flush(): void {
    if (this.#length > 0)
      this.#pieces.push(decode(this.#bytes.subarray(0, this.#length), this.#charset ?? 'windows-1252'));
    this.#length = 0;
  }
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
  const first = bytes[at];
  if (first !== 0x24 && first !== 0x28 && first !== 0x2e) return null;
  for (const length of [2, 3]) {
    const sequence = String.fromCharCode(...bytes.subarray(at, at + length));
    if (sequence in immediate || sequence in shifted || sequence in single) return sequence;
  }
  return null;
}

const decoders = new Map<string, TextDecoder>();

/** `charset`: one of the sets above. */
function decode(bytes: Uint8Array, charset: string): string {
  const decoder = decoders.get(charset) ?? new TextDecoder(charset);
  decoders.set(charset, decoder);
  return decoder.decode(bytes);
}
