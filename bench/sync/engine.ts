import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { addressOf, type Lab } from '../../e2e/lab/lab.ts';
import type { FromEngine, ToEngine } from '../../electron/engine/protocol.ts';
import type { SyncStatus } from '../../shared/model/sync.ts';
import { defaultPolicy } from '../../shared/policy/resolve.ts';
import type { Policy } from '../../shared/policy/settings.ts';

const bundle = join(import.meta.dirname, '../../out/engine/index.cjs');
const shim = join(import.meta.dirname, 'engine-shim.cjs');
export const databaseKey = new Uint8Array(32).fill(9);
/** Half the longest that a message over this bridge takes. */
const pollMs = 20;

export interface EngineOptions {
  readonly lab: Lab;
  readonly employee: string;
  readonly databaseFile: string;
  /** Where a profile of its processor time is left. */
  readonly profileFolder?: string;
  readonly isPlain?: boolean;
}

/** The engine as it ships, bundled, in a process of its own; asked over the same messages that main asks it by. */
export class BenchEngine {
  readonly startedAt = performance.now();
  readonly #child: ChildProcess;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  #nextId = 1;
  #accountId = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(options: EngineOptions): Promise<BenchEngine> {
    const { lab, employee, databaseFile, profileFolder } = options;
    const { policyFile, provisioningFile } = lab.policyFor(employee, {
      overrides: { 'sync.windowDays': 180, 'sync.maximumWindowDays': 180 },
    });
    const policy = { ...defaultPolicy, ...JSON.parse(readFileSync(policyFile, 'utf8')) } as Policy;
    const { secrets } = JSON.parse(readFileSync(provisioningFile, 'utf8')) as {
      readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
    };
    const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
    const child = spawn(process.execPath, [...profile, '--require', shim, bundle], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
      env: { ...process.env, BENCH_PLAIN: options.isPlain === true ? '1' : '' },
    });
    const engine = new BenchEngine(child);
    const started = Promise.withResolvers<void>();
    child.once('exit', (code, signal) => {
      const ended = new Error(`the engine has ended: ${signal ?? code}`);
      started.reject(ended);
      for (const { reject } of engine.#open.values()) reject(ended);
    });
    const say = (message: ToEngine): void => void child.send(message, () => undefined);
    child.on('message', (message: FromEngine) => {
      switch (message.kind) {
        case 'started':
          engine.#accountId = message.accounts[0]?.id ?? 0;
          return started.resolve();
        case 'startFailed':
          return started.reject(new Error(message.error.code));
        case 'answer':
          engine.#open.get(message.id)?.resolve(message.answer);
          return void engine.#open.delete(message.id);
        case 'proxyWanted':
          return say({ kind: 'proxyAnswer', id: message.id, answer: 'DIRECT' });
        case 'secretWanted': {
          const { address, provider } = message.name;
          const value = secrets[address]?.[provider];
          const missing = { ok: false, error: { code: 'auth.missing', retry: 'afterUserAction' } } as const;
          const answer = value === undefined ? missing : ({ ok: true, value } as const);
          return say({ kind: 'secretAnswer', id: message.id, answer });
        }
        case 'secretReplaced':
          return say({ kind: 'secretAnswer', id: message.id, answer: { ok: true, value: null } });
        default:
          return;
      }
    });
    say({
      kind: 'start',
      databaseFile,
      databaseKeys: [databaseKey],
      policy,
      isKeyStoreProtected: true,
      locale: 'en',
    });
    await started.promise;
    return engine;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get accountId(): number {
    return this.#accountId;
  }

  async ask<T>(method: string, input: unknown = null): Promise<T> {
    const id = this.#nextId++;
    const answer = Promise.withResolvers<unknown>();
    this.#open.set(id, answer);
    this.#child.send({ kind: 'call', id, method, input } satisfies ToEngine, () => undefined);
    const { ok, value } = (await answer.promise) as { readonly ok: boolean; readonly value: T };
    if (!ok) throw new Error(`${method}: ${JSON.stringify(value)}`);
    return value;
  }

  async status(): Promise<SyncStatus> {
    const [status] = await this.ask<readonly SyncStatus[]>('accounts.syncStatus');
    if (status === undefined) throw new Error('an engine has an account');
    return status;
  }

  /** Asks again and again until `isThere` says so; yields the moment. */
  async until(isThere: () => Promise<boolean>): Promise<number> {
    for (;;) {
      if (await isThere()) return performance.now();
      await pause(pollMs);
    }
  }

  /** Processor seconds so far, of all its threads. */
  cpuSeconds(): number {
    const [, , utime = '0', stime = '0'] = afterName(this.pid, [0, 1, 11, 12]);
    return (Number(utime) + Number(stime)) / 100;
  }

  /** How often its threads have waited for something so far. */
  wakeUps(): number {
    return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(procFile(this.pid, 'status'))?.[1] ?? 0);
  }

  /** Megabytes that it has held at most. */
  peakMemory(): number {
    return Number(/^VmHWM:\s+(\d+)/m.exec(procFile(this.pid, 'status'))?.[1] ?? 0) / 1024;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.send({ kind: 'stop' } satisfies ToEngine, () => undefined);
    await ended;
  }
}

/** Fields of /proc/PID/stat after the name, which may hold anything. */
function afterName(pid: number, fields: readonly number[]): readonly (string | undefined)[] {
  const stat = procFile(pid, 'stat');
  const parts = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.map((field) => parts[field]);
}

function procFile(pid: number, name: string): string {
  return readFileSync(`/proc/${pid}/${name}`, 'utf8');
}

export const accessOf = (lab: Lab, employee: string) => ({
  // As the engine reaches it, by the same hop.
  port: lab.accountOf(employee).exchange.imap.port,
  user: addressOf(employee),
  password: lab.passwordOf(employee),
  authority: lab.exchange.mailbox(employee).access.authority,
});
