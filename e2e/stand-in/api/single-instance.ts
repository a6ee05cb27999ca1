import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** What a second instance tells the first. */
export interface SecondInstance {
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  readonly additionalData: unknown;
}

/** One instance for each profile: a symbolic link names the process that holds it, and a socket leads there. */
export class SingleInstanceLock {
  readonly #link: string;
  readonly #socket: string;
  #server: Server | null = null;
  #told: Promise<void> = Promise.resolve();

  constructor(profile: string) {
    mkdirSync(profile, { recursive: true });
    this.#link = join(profile, 'SingletonLock');
    const name = createHash('sha256').update(profile).digest('hex').slice(0, 16);
    // Linux's abstract namespace: nothing is left behind, however the process ends.
    this.#socket = `\0electron-stand-in-${name}`;
  }

  get isHeld(): boolean {
    return this.#server !== null;
  }

  /** Takes the lock, or tells its holder about us. */
  request(own: SecondInstance, onSecond: (second: SecondInstance) => void): boolean {
    if (this.isHeld) return true;
    if (!this.#take()) {
      this.#told = this.#tell(own);
      return false;
    }
    this.#server = createServer((connection) => {
      const chunks: Buffer[] = [];
      connection.on('data', (chunk: Buffer) => chunks.push(chunk));
      connection.on('end', () => onSecond(JSON.parse(Buffer.concat(chunks).toString()) as SecondInstance));
    });
    this.#server.listen(this.#socket).unref();
    return true;
  }

  release(): void {
    if (!this.isHeld) return;
    this.#server?.close();
    this.#server = null;
    rmSync(this.#link, { force: true });
  }

  /** Resolves when the holder has heard of us. */
  get told(): Promise<void> {
    return this.#told;
  }

  #take(): boolean {
    const holder = readHolder(this.#link);
    if (holder !== null && holder === identityOf(Number.parseInt(holder, 10))) return false;
    rmSync(this.#link, { force: true });
    try {
      symlinkSync(identityOf(process.pid) ?? '', this.#link);
      return true;
    } catch {
      // Somebody else was faster.
      return false;
    }
  }

  #tell(own: SecondInstance): Promise<void> {
    return new Promise((resolve) => {
      const connection = connect(this.#socket, () => connection.end(JSON.stringify(own)));
      connection.on('close', () => resolve());
      connection.on('error', () => resolve());
    });
  }
}

function readHolder(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
}

/** A process id comes again; together with the time of its start it does not. */
function identityOf(pid: number): string | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? null : `${pid}-${fields[19]}`;
  } catch {
    return null;
  }
}
