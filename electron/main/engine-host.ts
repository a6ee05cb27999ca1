import { app, type UtilityProcess, utilityProcess } from 'electron';
import type { EngineState } from '../../shared/contract/app.ts';
import type { Topic } from '../../shared/contract/events.ts';
import { type AppError, appError } from '../../shared/errors.ts';
import type { AccountSummary } from '../../shared/model/account.ts';
import type { Attention } from '../../shared/model/attention.ts';
import type { OnlyHere } from '../../shared/model/key-protection.ts';
import type { Policy } from '../../shared/policy/settings.ts';
import { err, type Result } from '../../shared/result.ts';
import type { OpenBrowser } from '../engine/ports.ts';
import type { AttachmentBytes, ExportWanted, FromEngine, ToEngine } from '../engine/protocol.ts';
import type { KeyStore } from './key-store.ts';
import type { WriteLog } from './log.ts';
import type { ProxyResolver } from './proxy.ts';

/** Pauses before the engine is started again after 1, 2, 3 … crashes in a row, in milliseconds. */
const restartPauses = [0, 1000, 2000, 5000, 15_000, 30_000] as const;
/** An engine that ran this long counts as healthy: the next crash is a first one. */
const healthyAfter = 60_000;
/** How long the engine may take to close its database at the end, in milliseconds. */
const stopDeadline = 5000;

export interface EngineStart {
  readonly entry: string;
  readonly databaseFile: string;
  /** One, or two when a change of the key was cut short: the copy opens by one of them. */
  readonly databaseKeys: readonly Uint8Array[];
  readonly policy: Policy;
}

export interface EngineHostPorts {
  readonly proxies: ProxyResolver;
  readonly keyStore: KeyStore;
  readonly openBrowser: OpenBrowser;
  readonly attention: () => Attention;
  readonly log: WriteLog;
  readonly onChanged: (topic: Topic) => void;
  /** Hears which key opened the copy, after every start of the engine. */
  readonly onOpened: (key: Uint8Array) => void;
  readonly onOnlyHere: (counts: Omit<OnlyHere, 'countedAt'>) => void;
}

export interface EngineStatus {
  readonly state: EngineState;
  readonly error: AppError | null;
  readonly accounts: readonly AccountSummary[];
}

/**
 * Keeps the engine running in a process of its own. What it was asked when it died is answered with
 * `engine.restarting`; everything it had committed is in the database, and it goes on from there.
 */
export class EngineHost {
  readonly #start: EngineStart;
  readonly #ports: EngineHostPorts;
  #policy: Policy;
  readonly #waiting = new Map<number, (answer: Result<unknown, AppError>) => void>();
  #databaseKeys: readonly Uint8Array[];
  #child: UtilityProcess | null = null;
  #status: EngineStatus = { state: 'starting', error: null, accounts: [] };
  #nextId = 1;
  #crashes = 0;
  #startedAt = 0;
  #isStopping = false;

  constructor(start: EngineStart, ports: EngineHostPorts) {
    this.#start = start;
    this.#ports = ports;
    this.#policy = start.policy;
    this.#databaseKeys = start.databaseKeys;
    this.#launch();
  }

  get status(): EngineStatus {
    return this.#status;
  }

  /** Calls a method of the contract. Never rejects. */
  call(method: string, input: unknown): Promise<Result<unknown, AppError>> {
    return this.#ask((id) => ({ kind: 'call', id, method, input }));
  }

  attachment(attachmentId: number): Promise<Result<AttachmentBytes, AppError>> {
    return this.#ask((id) => ({ kind: 'attachment', id, attachmentId })) as Promise<
      Result<AttachmentBytes, AppError>
    >;
  }

  /** What the person wants to have as a file. */
  exportFile(wanted: ExportWanted): Promise<Result<AttachmentBytes, AppError>> {
    return this.#ask((id) => ({ kind: 'export', id, wanted })) as Promise<Result<AttachmentBytes, AppError>>;
  }

  /**
   * Encrypts the copy by another key. Until that is sure, an engine that is started again is given both. The caller has
   * stored it.
   */
  async rekey(key: Uint8Array): Promise<Result<unknown, AppError>> {
    this.#databaseKeys = [...this.#databaseKeys.filter((known) => !sameKey(known, key)), key];
    const answer = await this.#ask((id) => ({ kind: 'rekey', id, key }));
    if (answer.ok) this.#databaseKeys = [key];
    return answer;
  }

  /** Tells the engine, and every one that is started after it. */
  policyChanged(policy: Policy, needsRestart: boolean): void {
    this.#policy = policy;
    this.#child?.postMessage({ kind: 'policyChanged', policy, needsRestart } satisfies ToEngine);
  }

  attend(attention: Attention): void {
    this.#child?.postMessage({ kind: 'attention', attention } satisfies ToEngine);
  }

  laptopWoke(): void {
    this.#child?.postMessage({ kind: 'laptopWoke' } satisfies ToEngine);
  }

  /** Ends the engine in order; resolves when its process is gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const kill = setTimeout(() => child.kill(), stopDeadline);
      child.once('exit', () => {
        clearTimeout(kill);
        resolve();
      });
      child.postMessage({ kind: 'stop' } satisfies ToEngine);
    });
  }

  #ask(message: (id: number) => ToEngine): Promise<Result<unknown, AppError>> {
    const child = this.#child;
    if (child === null || this.#status.state !== 'running') return Promise.resolve(err(this.#unavailable()));
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      child.postMessage(message(id));
    });
  }

  #unavailable(): AppError {
    return this.#status.error ?? appError('engine.restarting', 'soon');
  }

  #launch(): void {
    const { entry, databaseFile } = this.#start;
    const policy = this.#policy;
    const child = utilityProcess.fork(entry, [], { serviceName: 'relevo-engine', stdio: 'ignore' });
    this.#child = child;
    this.#startedAt = Date.now();
    child.on('message', (message: FromEngine) => this.#receive(child, message));
    child.on('exit', (code) => this.#exited(child, code));
    const databaseKeys = this.#databaseKeys;
    const locale = app.getLocale();
    const isKeyStoreProtected = this.#ports.keyStore.protection().isProtected;
    child.postMessage({
      kind: 'start',
      databaseFile,
      databaseKeys,
      policy,
      isKeyStoreProtected,
      locale,
    } satisfies ToEngine);
  }

  #receive(child: UtilityProcess, message: FromEngine): void {
    switch (message.kind) {
      case 'started': {
        const key = this.#databaseKeys[message.openedBy];
        if (key !== undefined) {
          this.#databaseKeys = [key];
          this.#ports.onOpened(key);
        }
        this.#setStatus({ state: 'running', error: null, accounts: message.accounts });
        this.attend(this.#ports.attention());
        for (const topic of [
          'accounts',
          'conversations',
          'drafts',
          'outbox',
          'failover',
          'ledger',
          'sync',
          'signIn',
          'readiness',
        ] as const)
          this.#ports.onChanged(topic);
        return;
      }
      case 'accountsChanged':
        this.#setStatus({ ...this.#status, accounts: message.accounts });
        this.#ports.onChanged('accounts');
        return;
      case 'startFailed':
        this.#setStatus({ ...this.#status, state: 'failed', error: message.error });
        return;
      case 'answer': {
        const resolve = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        resolve?.(message.answer);
        return;
      }
      case 'changed':
        this.#ports.onChanged(message.topic);
        return;
      case 'onlyHere':
        this.#ports.onOnlyHere(message.counts);
        return;
      case 'proxyWanted':
        void this.#ports.proxies.resolve(message.url, message.isRetry).then((answer) => {
          child.postMessage({ kind: 'proxyAnswer', id: message.id, answer } satisfies ToEngine);
        });
        return;
      case 'browserWanted':
        void this.#ports.openBrowser(message.url).then((answer) => {
          child.postMessage({ kind: 'browserAnswer', id: message.id, answer } satisfies ToEngine);
        });
        return;
      case 'secretWanted':
        void this.#ports.keyStore
          .secret(message.name)
          .then((answer) => answerSecret(child, message.id, answer));
        return;
      case 'secretReplaced':
        void this.#ports.keyStore
          .putSecret(message.name, message.value)
          .then((answer) => answerSecret(child, message.id, answer));
        return;
      case 'log':
        this.#ports.log(message.level, message.module, message.event, message.fields);
        return;
    }
  }

  #exited(child: UtilityProcess, code: number): void {
    if (this.#child !== child) return;
    this.#child = null;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const resolve of lost) resolve(err(appError('engine.restarting', 'soon')));
    if (this.#isStopping || this.#status.state === 'failed') return;

    if (Date.now() - this.#startedAt > healthyAfter) this.#crashes = 0;
    const pause = restartPauses[Math.min(this.#crashes, restartPauses.length - 1)] ?? 0;
    this.#crashes += 1;
    this.#ports.log('warn', 'engine-host', 'engine ended', { code, crashes: this.#crashes, pause });
    this.#setStatus({ ...this.#status, state: 'restarting', error: null });
    setTimeout(() => {
      if (!this.#isStopping) this.#launch();
    }, pause);
  }

  #setStatus(status: EngineStatus): void {
    this.#status = status;
    this.#ports.onChanged('app');
  }
}

const sameKey = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function answerSecret(child: UtilityProcess, id: number, answer: Result<string | null, AppError>): void {
  child.postMessage({ kind: 'secretAnswer', id, answer } satisfies ToEngine);
}
