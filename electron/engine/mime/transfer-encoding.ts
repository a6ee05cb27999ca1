import { decodeUuencoded } from './uuencode.ts';

/**
 * The bytes of a part's body (RFC 2045 section 6). `encoding` is the header's value in whatever state it is; what is no
 * known encoding leaves the bytes as they are.
 */
export function decodeTransfer(body: Uint8Array, encoding: string): Uint8Array {
  const name = /[\w-]+/.exec(encoding.replace(/\([^()]*\)/g, ' '))?.[0]?.toLowerCase() ?? '';
  if (name.includes('base64')) return decodeBase64(body);
  if (name.includes('quoted-printable')) return decodeQuotedPrintable(body, { isHeader: false });
  if (/^(?:x-)?uu(?:e|encode)?$/.test(name)) return decodeUuencoded(body) ?? body;
  return body;
}

/** Of the beginning of a body: as much of it may be no base64 as damage explains, but not as much as in words. */
const sampleLength = 4000;
const maximumForeign = 0.05;

/**
 * Base64 with anything else between its characters, and one after the other when somebody has joined several. Words that
 * only claim to be base64 stay as they are.
 */
export function decodeBase64(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  const sample = text.slice(0, sampleLength).replace(/\s/g, '');
  const foreign = sample.replace(/[A-Za-z0-9+/=]/g, '').length;
  if (!text.includes('=') && foreign > sample.length * maximumForeign) return body;
  const padding = text.indexOf('=');
  if (padding < 0 || /^[=\s]*$/.test(text.slice(padding))) return Buffer.from(text, 'base64');
  const pieces: Buffer[] = [];
  for (const [, piece = '', end = ''] of text.matchAll(/([^=]*)((?:=[=\s]*)?)/g)) {
    if (pieces.length === 0) pieces.push(Buffer.from(piece, 'base64'));
    else {
      // Base64 ends with its padding: what follows and is no base64 of whole bytes is a list's footer, not data.
      const [data = ''] = /^[A-Za-z0-9+/\s]*(?=\n|$)/.exec(piece) ?? [];
      const isWhole = (end !== '' && data === piece) || data.replace(/\s/g, '').length % 4 === 0;
      if (isWhole) pieces.push(Buffer.from(data, 'base64'));
      if (!isWhole || data !== piece) break;
    }
  }
  return Buffer.concat(pieces);
}

/** Quoted-printable (RFC 2045 section 6.7); in a header the "Q" encoding, where no line ends. */
export function decodeQuotedPrintable(
  body: Uint8Array,
  { isHeader }: { readonly isHeader: boolean },
): Uint8Array {
  if (!body.includes(0x3d) && isHeader) return body;
  const out = Buffer.allocUnsafe(body.length);
  let length = 0;
  // Blanks before this place were encoded, and mean what they are.
  let encodedEnd = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === 0x3d) {
      const value = hexAt(body, at + 1);
      if (value >= 0) {
        out[length] = value;
        length += 1;
        encodedEnd = length;
        at += 2;
        continue;
      }
      const end = isHeader ? -1 : softBreakEnd(body, at + 1);
      if (end >= 0) {
        at = end - 1;
        continue;
      }
    }
    if (byte === 0x0a && !isHeader) length = withoutBlanks(out, length, encodedEnd);
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}

/** Blanks at the end of a line were added on the way (rule 3), unless they were encoded. */
function withoutBlanks(out: Uint8Array, length: number, encodedEnd: number): number {
  let end = length;
  const hasReturn = out[end - 1] === 0x0d;
  if (hasReturn) end -= 1;
  const before = end;
  while (end > encodedEnd && (out[end - 1] === 0x20 || out[end - 1] === 0x09)) end -= 1;
  if (end === before) return length;
  if (hasReturn) {
    out[end] = 0x0d;
    end += 1;
  }
  return end;
}

/** After "=" blanks and the end of the line: where the next line begins; -1 when it is no soft line break. */
function softBreakEnd(body: Uint8Array, from: number): number {
  let at = from;
  while (body[at] === 0x20 || body[at] === 0x09) at += 1;
  if (body[at] === 0x0d) at += 1;
  if (body[at] === 0x0a) return at + 1;
  return at >= body.length || body[at - 1] === 0x0d ? at : -1;
}

function hexAt(body: Uint8Array, at: number): number {
  const high = hexDigit(body[at] ?? 0);
  const low = hexDigit(body[at + 1] ?? 0);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
