import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AccountSummary } from '../../../../../shared/model/account.ts';
import type { PlacementKind } from '../../../../../shared/model/conversation.ts';
import type { ServerSettings } from '../../../../../shared/policy/account-settings.ts';
import type { Credentials } from '../../../mail/types.ts';

export interface Begin {
  readonly databaseFile: string;
  readonly account: AccountSummary;
  readonly authorities: readonly string[];
  readonly imap: ServerSettings;
  readonly credentials: Credentials;
  readonly clock: { readonly factor: number; readonly start: number };
  readonly policy: typeof busyPolicy;
  /** It kills itself at this point, counted from 1; null: it lives. */
  readonly diesAfter: number | null;
}

/** Looks at everything again and again. */
export const busyPolicy = {
  windowDays: 30,
  largestAttachmentMegabytes: 25,
  diskMegabytes: 0,
  leftOutFolders: [] as readonly string[],
  pollSeconds: 2,
  lookThroughSeconds: 4,
};

export interface Act {
  readonly kind: 'read' | 'unread' | 'star' | 'unstar' | Exclude<PlacementKind, 'destroy'>;
  /** Which conversation. */
  readonly pick: number;
  /** Of a move. */
  readonly folder: string | null;
}

/** Subjects of the messages that it concerned, and where they are wanted. */
export interface Acted {
  readonly messages: readonly string[];
  readonly folder: string | null;
}

export interface Rested {
  /** Why it is not at rest; null: it is. */
  readonly reason: string | null;
  readonly points: number;
}

export type Ask =
  | { readonly kind: 'begin'; readonly begin: Begin }
  | { readonly kind: 'act'; readonly act: Act }
  | { readonly kind: 'rest'; readonly patienceMs: number }
  | { readonly kind: 'work'; readonly points: number; readonly patienceMs: number }
  | { readonly kind: 'dieAfter'; readonly points: number }
  | { readonly kind: 'poke' | 'stop' };

export interface Reply {
  readonly id: number;
  readonly value: unknown;
}

/** Engines that have loaded their code and wait for a mailbox: killing one costs no start. */
export class EnginePool {
  #next = spawnEngine();

  take(): Engine {
    const engine = this.#next;
    this.#next = spawnEngine();
    return engine;
  }

  close(): void {
    this.#next.kill();
  }
}

/** An engine in a process of its own. What is asked of a dead one is answered with null. */
export class Engine {
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #open = new Map<number, (value: unknown) => void>();
  #isDead = false;
  #lastId = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', ({ id, value }: Reply) => {
      this.#open.get(id)?.(value);
      this.#open.delete(id);
    });
    this.ended = once(child, 'exit').then(() => {
      this.#isDead = true;
      for (const answer of this.#open.values()) answer(null);
      this.#open.clear();
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  begin(begin: Begin): Promise<unknown> {
    return this.#ask({ kind: 'begin', begin });
  }
  act(act: Act): Promise<Acted | null> {
    return this.#ask({ kind: 'act', act });
  }
  rest(patienceMs: number): Promise<Rested | null> {
    return this.#ask({ kind: 'rest', patienceMs });
  }
  /** Resolves when it has done so much, or is idle for `patienceMs`. True: done; null: dead. */
  work(points: number, patienceMs: number): Promise<boolean | null> {
    return this.#ask({ kind: 'work', points, patienceMs });
  }
  dieAfter(points: number): Promise<null> {
    return this.#ask({ kind: 'dieAfter', points });
  }
  poke(): Promise<null> {
    return this.#ask({ kind: 'poke' });
  }
  /** Ends in peace; yields how many points there were. */
  async stop(): Promise<number | null> {
    const points = await this.#ask<number>({ kind: 'stop' });
    if (this.#child.connected) this.#child.disconnect();
    await this.ended;
    return points;
  }

  /** In bytes; 0 where the system does not tell. */
  peakMemory(): number {
    const file = `/proc/${this.#child.pid}/status`;
    const peak = existsSync(file) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8')) : null;
    return Number(peak?.[1] ?? 0) * 1024;
  }

  /** Stands still, in the middle of whatever it does, until it is thawed. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }
  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #ask<T>(ask: Ask): Promise<T | null> {
    if (this.#isDead || !this.#child.connected) return Promise.resolve(null);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#open.set(id, (value) => resolve(value as T | null));
      this.#child.send({ id, ask }, () => undefined);
    });
  }
}

function spawnEngine(): Engine {
  const hook = new URL('../../../testing/sql-as-text.ts', import.meta.url);
  const module = new URL('./engine-child.ts', import.meta.url);
  return new Engine(
    spawn(process.execPath, ['--import', hook.href, fileURLToPath(module)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
  );
}
