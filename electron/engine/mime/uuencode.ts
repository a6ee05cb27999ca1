/** A file that stands in the text of a message between "begin 644 name" and "end", as before MIME. */
export interface UuencodedFile {
  readonly fileName: string;
  readonly content: Uint8Array;
}

const maximumFiles = 100;
const beginLine = /^begin(?:-base64)? [0-7]{3,4} +(\S.*?)\s*$/;

/** The content of the first file in the bytes; null when there is none. */
export function decodeUuencoded(body: Uint8Array): Uint8Array | null {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  return takeUuencoded(text).files[0]?.content ?? null;
}

/**
 * Takes the files out of a text. What only looks like one ("begin 666 of the story") has no lines of the length that
 * they say they have, and stays where it is.
 */
export function takeUuencoded(text: string): {
  readonly text: string;
  readonly files: readonly UuencodedFile[];
} {
  if (!text.includes('begin') || !/^begin(?:-base64)? [0-7]{3,4} /m.test(text)) return { text, files: [] };
  const lines = text.split('\n');
  const kept: string[] = [];
  const files: UuencodedFile[] = [];
  let at = 0;
  while (at < lines.length) {
    const file = files.length < maximumFiles ? fileAt(lines, at) : null;
    if (file === null) {
      kept.push(lines[at] ?? '');
      at += 1;
    } else {
      files.push(file);
      at = file.next;
    }
  }
  return { text: kept.join('\n'), files: files.map(({ fileName, content }) => ({ fileName, content })) };
}

function fileAt(lines: readonly string[], from: number): (UuencodedFile & { readonly next: number }) | null {
  const line = lines[from] ?? '';
  const name = beginLine.exec(line)?.[1];
  if (name === undefined) return null;
  const isBase64 = line.startsWith('begin-base64');
  const pieces: Uint8Array[] = [];
  let at = from + 1;
  for (; at < lines.length; at += 1) {
    const data = (lines[at] ?? '').replace(/\r$/, '');
    if (isBase64 ? data === '====' : /^end\s*$/.test(data)) break;
    const piece = isBase64 ? Buffer.from(data, 'base64') : decodeLine(data);
    if (piece === null) return null;
    pieces.push(piece);
  }
  if (pieces.length === 0 || (at >= lines.length && pieces.length < 2)) return null;
  return { fileName: name, content: Buffer.concat(pieces), next: at + 1 };
}

/** A line of uuencoded data; null when its length is not the one that its first character says. */
function decodeLine(line: string): Uint8Array | null {
  if (line.trim() === '' || line.trim() === '`') return new Uint8Array(0);
  const length = (line.charCodeAt(0) - 32) & 63;
  const groups = Math.ceil(length / 3);
  // Blanks at the end may have been lost on the way; some writers add a check character.
  if (line.length > 1 + groups * 4 + 2 || line.length < 1 + Math.ceil((length * 8) / 6) - 4) return null;
  if (/[^ -`]/.test(line)) return null;
  const out = new Uint8Array(groups * 3);
  for (let group = 0; group < groups; group += 1) {
    let bits = 0;
    for (let index = 1; index <= 4; index += 1) {
      const code = line.charCodeAt(group * 4 + index);
      bits = (bits << 6) | (Number.isNaN(code) ? 0 : (code - 32) & 63);
    }
    out.set([(bits >> 16) & 255, (bits >> 8) & 255, bits & 255], group * 3);
  }
  return out.subarray(0, length);
}
