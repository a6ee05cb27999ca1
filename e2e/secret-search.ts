import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

interface Pattern {
  readonly secret: string;
  readonly form: Buffer;
}

/** Looks for texts wherever they must not be: files, memory, command lines, environments. */
export class SecretSearch {
  /** By their first three bytes, since hundreds of megabytes are looked through for hundreds of forms. */
  readonly #byStart = new Map<number, Pattern[]>();
  readonly #isStart = new Uint8Array(2 ** 24);
  readonly #longest: number;

  /** In every form that a secret takes on its way: UTF-8, UTF-16, hexadecimal, base64 whatever stands around it. */
  constructor(secrets: readonly (string | Uint8Array)[]) {
    let longest = 0;
    for (const each of secrets) {
      const secret = typeof each === 'string' ? each : Buffer.from(each).toString('hex');
      for (const form of formsOf(each)) {
        const start = form.readUIntBE(0, 3);
        this.#isStart[start] = 1;
        this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), { secret, form }]);
        longest = Math.max(longest, form.length);
      }
    }
    this.#longest = longest;
  }

  in(bytes: Buffer): readonly string[] {
    const found = new Set<string>();
    const isStart = this.#isStart;
    for (let at = 0, start = 0; at < bytes.length; at += 1) {
      start = ((start << 8) | (bytes[at] ?? 0)) & 0xffffff;
      if (isStart[start] === 0 || at < 2) continue;
      for (const { secret, form } of this.#byStart.get(start) ?? [])
        if (!found.has(secret) && form.equals(bytes.subarray(at - 2, at - 2 + form.length)))
          found.add(secret);
    }
    return [...found];
  }

  /** Every file below a folder: "secret in file". */
  inFolder(folder: string): readonly string[] {
    return filesIn(folder).flatMap(({ file, bytes }) =>
      this.in(bytes).map((secret) => `${secret} in ${file}`),
    );
  }

  /** What a process has written anywhere in its memory (Linux). */
  inMemoryOf(pid: number): readonly string[] {
    const found = new Set<string>();
    for (const bytes of memoryOf(pid, this.#longest)) for (const secret of this.in(bytes)) found.add(secret);
    return [...found];
  }

  /** How processes were started: "secret in cmdline of 123". */
  inStartOf(pids: readonly number[]): readonly string[] {
    return pids.flatMap((pid) =>
      (['cmdline', 'environ'] as const).flatMap((kind) =>
        this.in(readIfThere(`/proc/${pid}/${kind}`)).map((secret) => `${secret} in ${kind} of ${pid}`),
      ),
    );
  }
}

/** Every text in the memory of a process that looks like this (a global expression). */
export function textsInMemoryOf(pid: number, pattern: RegExp): readonly string[] {
  const found = new Set<string>();
  for (const bytes of memoryOf(pid, 4096))
    for (const [text] of bytes.toString('latin1').matchAll(pattern)) found.add(text);
  return [...found];
}

/** Every file below a folder, with its bytes. */
export function filesIn(folder: string): readonly { readonly file: string; readonly bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ file, bytes: readIfThere(file) }));
}

/** A process and all that it started, by Linux's account. */
export function familyOf(root: number): readonly number[] {
  const parents = new Map(
    readdirSync('/proc')
      .map(Number)
      .filter(Number.isInteger)
      .map((pid) => [
        pid,
        Number(/^PPid:\s+(\d+)/m.exec(readIfThere(`/proc/${pid}/status`).toString())?.[1]),
      ]),
  );
  const isInFamily = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isInFamily(parents.get(pid)));
  return [...parents.keys()].filter(isInFamily);
}

function formsOf(secret: string | Uint8Array): readonly Buffer[] {
  const bytes = typeof secret === 'string' ? Buffer.from(secret) : Buffer.from(secret);
  const forms = [bytes, Buffer.from(bytes.toString('latin1'), 'utf16le'), Buffer.from(bytes.toString('hex'))];
  if (typeof secret === 'string') forms.push(Buffer.from(secret, 'utf16le'));
  // What base64 makes of the middle of it, whatever stands before and after.
  for (const shift of [0, 1, 2])
    for (const encoding of ['base64', 'base64url'] as const) {
      const middle = bytes.subarray(shift, bytes.length - ((bytes.length - shift) % 3));
      forms.push(Buffer.from(middle.toString(encoding)));
    }
  return forms.filter((form) => form.length > 5);
}

/** The writable memory of a process, in pieces that overlap, each valid until the next. */
function* memoryOf(pid: number, overlap: number): Generator<Buffer> {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const chunk = Buffer.alloc(16 * 1024 * 1024);
  try {
    for (const { start, end } of writableRegions(pid))
      for (let at = start; at < end; at += chunk.length - overlap)
        yield chunk.subarray(0, readRegion(memory, chunk, Math.min(chunk.length, end - at), at));
  } finally {
    closeSync(memory);
  }
}

function writableRegions(pid: number): readonly { readonly start: number; readonly end: number }[] {
  return readIfThere(`/proc/${pid}/maps`)
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [, start, end] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (start === undefined || end === undefined) return [];
      return [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }];
    });
}

/** Pages that were reserved and never touched cannot be read. */
function readRegion(memory: number, into: Buffer, length: number, at: number): number {
  try {
    return readSync(memory, into, 0, length, at);
  } catch {
    return 0;
  }
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
