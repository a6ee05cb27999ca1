import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a mortal process answers to the question of this number. */
export interface Reply {
  readonly id: number;
  readonly value: unknown;
}

/** An engine in a process of its own, that is asked and answers. What is asked of a dead one is answered with null. */
export class MortalProcess<Ask> {
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  protected readonly child: ChildProcess;
  readonly #open = new Map<number, (value: unknown) => void>();
  #isDead = false;
  #end: string | null = null;
  #lastId = 0;

  constructor(child: ChildProcess) {
    this.child = child;
    child.on('message', (message: Reply | { readonly note: unknown }) => {
      if ('note' in message) return this.hears(message.note);
      this.#open.get(message.id)?.(message.value);
      this.#open.delete(message.id);
    });
    this.ended = once(child, 'exit').then(([code, signal]) => {
      this.#isDead = true;
      this.#end = String(signal ?? code);
      for (const answer of this.#open.values()) answer(null);
      this.#open.clear();
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** By which signal it ended, or with which code; null: it lives. */
  get end(): string | null {
    return this.#end;
  }

  /** Stands still, in the middle of whatever it does, until it is thawed. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }
  thaw(): void {
    this.child.kill('SIGCONT');
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Once it has ended its work it has nothing to live for. */
  protected async letGo(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.ended;
  }

  /** What it says without having been asked. */
  protected hears(_note: unknown): void {}

  protected ask<T>(ask: Ask): Promise<T | null> {
    if (this.#isDead || !this.child.connected) return Promise.resolve(null);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#open.set(id, (value) => resolve(value as T | null));
      this.child.send({ id, ask }, () => undefined);
    });
  }
}

const compiled = new URL('../../../.cache/compiled', import.meta.url);

/** Processes that have loaded their code and wait to be asked: killing one costs no start. */
export class MortalPool<Mortal extends MortalProcess<unknown>> {
  readonly #spawn: () => Mortal;
  #next: Mortal;

  constructor(module: URL, made: (child: ChildProcess) => Mortal) {
    const hook = new URL('./sql-as-text.ts', import.meta.url);
    this.#spawn = () =>
      made(
        spawn(process.execPath, ['--import', hook.href, fileURLToPath(module)], {
          stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
          // Two thirds of a start are reading and compiling the same modules again.
          env: { ...process.env, NODE_COMPILE_CACHE: fileURLToPath(compiled) },
        }),
      );
    this.#next = this.#spawn();
  }

  take(): Mortal {
    const taken = this.#next;
    this.#next = this.#spawn();
    return taken;
  }

  /** One that has only just been started. */
  spare(): Mortal {
    return this.#spawn();
  }

  close(): void {
    this.#next.kill();
  }
}
