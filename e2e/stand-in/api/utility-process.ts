import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import type * as Electron from 'electron';
import { asElectron, Guarded, guard, notImplemented } from '../host/guard.ts';
import { PortExchange } from '../host/message-ports.ts';
import type { FromUtility, ToUtility } from '../host/utility-wire.ts';
import { app } from './app.ts';
import { ownPorts } from './message-channel-main.ts';

type Stdio = 'ignore' | 'inherit' | 'pipe';

const childMain = join(import.meta.dirname, '../utility-main.ts');

/** A Node process of its own. It is killed by the kernel when this process dies, however it dies. */
class UtilityProcess
  extends Guarded
  implements Pick<Electron.UtilityProcess, 'pid' | 'stdout' | 'stderr' | 'postMessage' | 'kill'>
{
  readonly serviceName: string;
  pid: number | undefined = undefined;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
  readonly #child: ChildProcess;
  readonly #ports: PortExchange;

  constructor(modulePath: string, args: readonly string[], options: Electron.ForkOptions) {
    super('utilityProcess', ['spawn', 'message', 'exit']);
    const {
      serviceName = 'Node Utility Process',
      execArgv = [],
      env,
      cwd,
      stdio = 'inherit',
      ...others
    } = options;
    for (const name of Object.keys(others)) throw notImplemented(`utilityProcess.fork with ${name}`);
    this.serviceName = serviceName;
    const [output, errors] = streams(stdio);
    this.#child = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', process.execPath, ...execArgv, '--import', childMain, modulePath, ...args],
      {
        stdio: ['ignore', output, errors, 'ipc'],
        serialization: 'advanced',
        env: { ...(env ?? process.env) } as NodeJS.ProcessEnv,
        cwd: cwd ?? process.cwd(),
      },
    );
    this.stdout = this.#child.stdout;
    this.stderr = this.#child.stderr;
    this.#ports = new PortExchange(0, (frame) => this.#send(frame));
    this.#child.on('spawn', () => {
      this.pid = this.#child.pid;
      this.emit('spawn');
    });
    this.#child.on('message', (message: FromUtility) => {
      if (message.kind === 'message') this.emit('message', message.data);
      else this.#ports.receive(message);
    });
    // The pipe to a child that has just died.
    this.#child.on('error', () => {});
    this.#child.on('exit', (code, signal) => this.#exited(code, signal));
    running.add(this);
  }

  postMessage(message: unknown, transfer: readonly Electron.MessagePortMain[] = []): void {
    this.#send({ kind: 'message', data: message, ports: this.#ports.export(ownPorts(transfer)) });
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }

  #send(message: ToUtility): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    running.delete(this);
    this.#ports.closed();
    const exitCode = code ?? (signal === null ? 1 : constants.signals[signal]);
    this.pid = undefined;
    this.emit('exit', exitCode);
    if (exitCode === 0) return;
    const reason = signal === null ? 'abnormal-exit' : isCrash(signal) ? 'crashed' : 'killed';
    const { serviceName } = this;
    const details = {
      type: 'Utility',
      reason,
      exitCode,
      serviceName,
      name: serviceName,
    } satisfies Electron.Details;
    app.emit('child-process-gone', {}, details);
  }
}

const running = new Set<UtilityProcess>();

export function utilityProcesses(): readonly { readonly pid: number; readonly serviceName: string }[] {
  return [...running].flatMap(({ pid, serviceName }) => (pid === undefined ? [] : [{ pid, serviceName }]));
}

export const utilityProcess = guard('utilityProcess', {
  fork: (modulePath, args = [], options = {}) => {
    if (!app.isReady()) throw new Error('utilityProcess cannot be created before app is ready.');
    return asElectron<Electron.UtilityProcess>(new UtilityProcess(modulePath, args, options));
  },
} satisfies Partial<typeof Electron.utilityProcess>);

function streams(stdio: NonNullable<Electron.ForkOptions['stdio']>): readonly [Stdio, Stdio] {
  if (!Array.isArray(stdio)) return [stdio as Stdio, stdio as Stdio];
  const [, output = 'inherit', errors = 'inherit'] = stdio as readonly Stdio[];
  return [output, errors];
}

function isCrash(signal: NodeJS.Signals): boolean {
  return ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP'].includes(signal);
}
