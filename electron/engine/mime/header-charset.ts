import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Where the first line of the body begins, or the end when there is no empty line. LF and CRLF both end lines. */
export function bodyStart(source: Uint8Array): number {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const ends = ['\n\n', '\n\r\n'].map((end) => ({ at: bytes.indexOf(end), length: end.length }));
  const found = ends.filter(({ at }) => at >= 0).map(({ at, length }) => at + length);
  return found.length === 0 ? bytes.length : Math.min(...found);
}

/**
 * The message with header lines in UTF-8. RFC 6532 allows no other 8-bit headers, but mail made before it, and much
 * spam, has them in the charset of its body. Lines that are UTF-8 already stay as they are.
 */
export function withUtf8Headers(source: Uint8Array): Uint8Array {
  const end = bodyStart(source);
  const header = Buffer.from(source.buffer, source.byteOffset, end);
  if (isUtf8(header)) return source;
  const text = header.toString('latin1');
  const decoder = decoderFor(/\bcharset\s*=\s*"?([\w.:-]{1,40})/i.exec(text)?.[1] ?? 'windows-1252');
  const lines = text.split(/(?<=\n)/).map((line) => {
    const bytes = Buffer.from(line, 'latin1');
    return isUtf8(bytes) ? bytes : Buffer.from(decoder.decode(bytes), 'utf8');
  });
  return new Uint8Array(Buffer.concat([...lines, source.subarray(end)]));
}

function decoderFor(charset: string): TextDecoder {
  try {
    // A header that is not UTF-8 although its mail claims to be says nothing about what it is.
    return new TextDecoder(/^utf-?8$/i.test(charset) ? 'windows-1252' : charset);
  } catch {
    return new TextDecoder('windows-1252');
  }
}
