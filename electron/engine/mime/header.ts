import { isUtf8 } from 'node:buffer';
import { decodeText } from './charset.ts';

export interface HeaderField {
  /** Lower case. */
  readonly name: string;
  /** Unfolded, without blanks at its ends; encoded words as they stand. */
  readonly value: string;
}

/** More fields, or longer ones, are nobody's mail: what comes after is not read. */
const maximumFields = 5000;
const maximumValue = 262_144;

/**
 * The fields of a header block. Bytes that are no UTF-8 (RFC 6532 allows nothing else, but mail made before it and much
 * spam has them) are read in the charset that the block's own Content-Type names, or `fallback`.
 */
export function readHeader(block: Uint8Array, fallback: string | null): readonly HeaderField[] {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const raw = rawFields(bytes.toString('latin1'));
  const own = raw.find(({ name }) => name === 'content-type')?.value;
  const charset = /\bcharset\s*=\s*"?([^\s";]{1,40})/i.exec(own ?? '')?.[1] ?? fallback;
  return raw.map(({ name, value }) => ({ name, value: decodeRaw(value, charset) }));
}

/** One character a byte. */
function rawFields(text: string): readonly HeaderField[] {
  const fields: string[][] = [];
  for (const line of lines(text)) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line)) last?.push(line);
    else if (fields.length < maximumFields) fields.push([line]);
    else break;
  }
  return fields.flatMap((pieces) => {
    // The colon may stand in a continuation (RFC 5322 section 4.5). A line without any belongs to nothing.
    const field = pieces.join('').slice(0, maximumValue);
    // Printable ASCII only: what merely looks like "From" is not, and stands in no one's way.
    const name = /^([!-9;-~]{1,200})[ \t\r\n]*:/.exec(field);
    return name === null ? [] : [{ name: (name[1] ?? '').toLowerCase(), value: field.slice(name[0].length) }];
  });
}

function* lines(text: string): Iterable<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const next = end < 0 ? text.length : end + 1;
    yield text.slice(at, end < 0 ? text.length : text[end - 1] === '\r' ? Math.max(at, end - 1) : end);
    at = next;
  }
}

function decodeRaw(value: string, charset: string | null): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape begins a sequence of ISO 2022
  const text = /[\x80-\xff\x1b]/.test(value) ? decodeBytes(Buffer.from(value, 'latin1'), charset) : value;
  return text.replace(/[\r\n]+/g, ' ').trim();
}

function decodeBytes(bytes: Buffer, charset: string | null): string {
  return isUtf8(bytes) && !bytes.includes(0x1b)
    ? bytes.toString('utf8')
    : decodeText(bytes, /^us-ascii$/i.test(charset ?? '') ? null : charset);
}
