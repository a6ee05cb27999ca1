import { type HeaderField, readHeader } from './header.ts';
import { readStructured, type StructuredValue } from './parameters.ts';

/** One entity of a message (RFC 2045 section 2.4): its header, and where in the source its body stands. */
export interface Part {
  readonly header: readonly HeaderField[];
  /** E.g. `text/plain`; the default of its place when the header names none that makes sense. */
  readonly type: string;
  readonly parameters: StructuredValue['parameters'];
  readonly disposition: StructuredValue;
  /** Of a multipart, in order. A multipart in which its boundary never comes has none, and is read as text. */
  readonly children: readonly Part[];
  /** Still in its transfer encoding. */
  readonly body: Uint8Array;
  /** Decoded bytes, about, of a part whose body was not fetched. */
  readonly absentSize?: number;
}

/** Deeper parts are not divided; more parts are not told apart: what is left belongs to the last one. */
const maximumDepth = 50;
const maximumParts = 2000;
const maximumBoundary = 1000;
const maximumRepairs = 3;
const maximumBlankLines = 10;
const repairLength = 65_536;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from('\ufeff');

interface OpenPart {
  readonly part: { -readonly [Key in keyof Part]: Part[Key] } & { children: Part[] };
  readonly boundary: string | null;
  readonly bodyStart: number;
}

export function field(part: Pick<Part, 'header'>, name: string): string | null {
  return part.header.find((entry) => entry.name === name)?.value ?? null;
}

export function encodingOf(part: Pick<Part, 'header'>): string {
  return field(part, 'content-transfer-encoding') ?? '';
}

/** The part and all that are in it, from the outside in and in order. */
export function* partsOf(part: Part): Iterable<Part> {
  yield part;
  for (const child of part.children) yield* partsOf(child);
}

/**
 * Divides a message into its parts (RFC 2046). One pass, in time linear in its length, without copying: bodies are views
 * of the source. Parts of `message/rfc822` are not opened; their body can be read in the same way.
 */
export function readStructure(source: Uint8Array): Part {
  return repaired(divide(source, null), 0);
}

/**
 * A multipart in which its boundary never comes: divided at the lines that look like delimiters, or taken for the header
 * and body that stand in it without any. Left as it is where there is neither.
 */
function repaired(part: Part, depth: number): Part {
  if (part.children.length > 0)
    return { ...part, children: part.children.map((child) => repaired(child, depth)) };
  if (!part.type.startsWith('multipart/') || depth >= maximumRepairs) return part;
  const head = Buffer.from(part.body.subarray(0, repairLength)).toString('latin1');
  const boundary = /^--(\S[^\r\n]{0,200})\r?\nContent-[a-z-]{1,40}:/im.exec(head)?.[1];
  if (boundary !== undefined) {
    const { children } = divide(part.body, boundary.trimEnd());
    return { ...part, children: children.map((child) => repaired(child, depth + 1)) };
  }
  return /^\s*Content-[a-z-]{1,40}:/i.test(head)
    ? { ...part, children: [repaired(divide(part.body, null), depth + 1)] }
    : part;
}

/** `guessed`: the source is the inside of a multipart, whose boundary it is. */
function divide(source: Uint8Array, guessed: string | null): Part {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const open: OpenPart[] = [];
  let current: OpenPart | null =
    guessed === null ? openPart(bytes, afterMboxLine(bytes), open, null) : inside(guessed);
  const root = current.part;
  let count = 1;
  let fallback = current.part.parameters.get('charset') ?? null;
  const close = (end: number): void => {
    if (current !== null) current.part.body = bytes.subarray(Math.min(current.bodyStart, end), end);
    current = null;
  };
  let at = current.bodyStart;
  if (current.boundary !== null) open.push(current);
  while (open.length > 0 && count < maximumParts) {
    const line = nextDashes(bytes, at);
    if (line < 0) break;
    const end = lineEnd(bytes, line);
    const delimiter = delimiterOf(bytes, line, end, open);
    at = end;
    if (delimiter === null) continue;
    const bodyEnd = withoutLineEnd(bytes, line);
    close(bodyEnd);
    // Everything that was begun within the multipart ends where one of its delimiters comes.
    while (open.length > delimiter.level + 1) endMultipart(open.pop(), bytes, bodyEnd);
    const parent = open[delimiter.level];
    if (parent === undefined) break;
    if (delimiter.isLast) {
      endMultipart(open.pop(), bytes, bodyEnd);
      continue;
    }
    current = openPart(
      bytes,
      end,
      open,
      parent.part.type === 'multipart/digest' ? 'message/rfc822' : null,
      fallback,
    );
    fallback ??= current.part.parameters.get('charset') ?? null;
    parent.part.children.push(current.part);
    count += 1;
    at = current.bodyStart;
    if (current.boundary !== null && open.length < maximumDepth) open.push(current);
  }
  close(bytes.length);
  for (const multipart of open.toReversed()) endMultipart(multipart, bytes, bytes.length);
  return root;
}

function inside(boundary: string): OpenPart {
  const none = readStructured('');
  const part = {
    header: [],
    type: 'multipart/mixed',
    parameters: none.parameters,
    disposition: none,
    children: [],
    body: new Uint8Array(0),
  };
  return { part, boundary, bodyStart: 0 };
}

function endMultipart(multipart: OpenPart | undefined, bytes: Buffer, end: number): void {
  if (multipart !== undefined) multipart.part.body = bytes.subarray(Math.min(multipart.bodyStart, end), end);
}

function openPart(
  bytes: Buffer,
  start: number,
  open: readonly OpenPart[],
  defaultType: string | null,
  fallback: string | null = null,
): OpenPart {
  const { headerEnd, bodyStart } = headerAt(bytes, start, open);
  const header = readHeader(bytes.subarray(start, headerEnd), fallback);
  const written = header.find(({ name }) => name === 'content-type')?.value;
  const type = readStructured(written ?? '', fallback);
  const isType = /^[^\s/]+\/[^\s/]+/.test(type.value);
  const value = isType ? type.value : (defaultType ?? bareType(type.value));
  const boundary = value.startsWith('multipart/') ? type.parameters.get('boundary') : undefined;
  return {
    part: {
      header,
      type: value,
      parameters: type.parameters,
      disposition: readStructured(
        header.find(({ name }) => name === 'content-disposition')?.value ?? '',
        fallback,
      ),
      children: [],
      body: bytes.subarray(bodyStart, bodyStart),
    },
    boundary: boundary === undefined || boundary === '' ? null : asBytes(boundary.slice(0, maximumBoundary)),
    bodyStart,
  };
}

/** A type without its second half, as some write it. What makes no sense at all is text (RFC 2045 section 5.2). */
function bareType(value: string): string {
  const [kind = ''] = value.split('/');
  if (/^(?:application|image|audio|video|font|model)$/.test(kind)) return 'application/octet-stream';
  return kind === 'html' ? 'text/html' : 'text/plain';
}

/** A boundary is compared with the bytes of a line, one character each. */
const asBytes = (boundary: string): string => Buffer.from(boundary.trimEnd(), 'utf8').toString('latin1');

/**
 * Where the header ends and the body begins: at an empty line, or at a delimiter. Where neither comes, at the first line
 * that is no header line; bytes that do not begin with a header have none.
 */
function headerAt(
  bytes: Buffer,
  start: number,
  open: readonly OpenPart[],
): { readonly headerEnd: number; readonly bodyStart: number } {
  let firstOther = -1;
  let at = start;
  let isFirst = true;
  while (at < bytes.length) {
    const end = lineEnd(bytes, at);
    if (isEmptyLine(bytes, at, end)) {
      if (firstOther === start) return { headerEnd: start, bodyStart: start };
      return { headerEnd: at, bodyStart: end };
    }
    if (open.length > 0 && delimiterOf(bytes, at, end, open) !== null)
      return { headerEnd: at, bodyStart: at };
    if (firstOther < 0 && !isHeaderLine(bytes, at, end, isFirst)) {
      firstOther = at;
      if (isFirst) return { headerEnd: start, bodyStart: start };
    }
    isFirst = false;
    at = end;
  }
  const headerEnd = firstOther < 0 ? bytes.length : firstOther;
  return { headerEnd, bodyStart: headerEnd };
}

/** A field name (RFC 5322 section 2.2) and a colon, or a continuation. */
function isHeaderLine(bytes: Buffer, at: number, end: number, isFirst: boolean): boolean {
  const first = bytes[at];
  if (first === 0x20 || first === 0x09) return !isFirst;
  return /^[!-9;-~]+[ \t]*:/.test(bytes.toString('latin1', at, Math.min(end, at + 250)));
}

/** Fields that a message begins with, where blank lines before them have been left by whoever copied it. */
const firstField =
  /^(?:return-path|received|delivered-to|from|to|subject|date|message-id|mime-version|content-[a-z-]+|x-[\w-]+)[ \t]*:/i;

/** "From a@x.example Mon Nov 23 10:00:00 2026" is a line of a mailbox file, left there in the same way, as is a byte order mark. */
function afterMboxLine(bytes: Buffer): number {
  const top = bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  let start = top;
  for (let count = 0; count < maximumBlankLines; count += 1) {
    const end = lineEnd(bytes, start);
    if (!isEmptyLine(bytes, start, end)) break;
    start = end;
  }
  const line = bytes.toString('latin1', start, start + 200);
  if (/^>?From [^:\r\n]*[ \r\n]/.test(line)) return lineEnd(bytes, start);
  return firstField.test(line) ? start : top;
}

/** The next line that begins with two dashes, from the beginning of a line on; -1 when there is none. */
function nextDashes(bytes: Buffer, from: number): number {
  if (bytes[from] === 0x2d && bytes[from + 1] === 0x2d) return from;
  const found = bytes.indexOf('\n--', Math.max(0, from - 1), 'latin1');
  return found < 0 ? -1 : found + 1;
}

interface Delimiter {
  readonly level: number;
  readonly isLast: boolean;
}

/** The innermost open multipart whose delimiter the line is: "--", its boundary, "--" at its end, then only blanks. */
function delimiterOf(bytes: Buffer, at: number, end: number, open: readonly OpenPart[]): Delimiter | null {
  if (bytes[at] !== 0x2d || bytes[at + 1] !== 0x2d) return null;
  if (!open.some(({ boundary }) => boundary?.charCodeAt(0) === bytes[at + 2])) return null;
  const line = bytes.toString('latin1', at + 2, Math.min(end, at + 2 * maximumBoundary + 4)).trimEnd();
  const levelOf = (boundary: string): number =>
    open.findLastIndex((multipart) => multipart.boundary === boundary);
  const level = levelOf(line);
  const lastLevel = line.endsWith('--') ? levelOf(line.slice(0, -2).trimEnd()) : -1;
  if (level < 0 && lastLevel < 0) return null;
  return level >= lastLevel ? { level, isLast: false } : { level: lastLevel, isLast: true };
}

function lineEnd(bytes: Buffer, at: number): number {
  const found = bytes.indexOf(lineFeed, at);
  return found < 0 ? bytes.length : found + 1;
}

function isEmptyLine(bytes: Buffer, at: number, end: number): boolean {
  return bytes[at] === lineFeed || (bytes[at] === carriageReturn && end - at <= 2);
}

/** The line end before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1). */
function withoutLineEnd(bytes: Buffer, line: number): number {
  if (bytes[line - 1] !== lineFeed) return line;
  return bytes[line - 2] === carriageReturn ? line - 2 : line - 1;
}
