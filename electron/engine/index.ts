import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type AppError, appError } from '../../shared/errors.ts';
import type { Result } from '../../shared/result.ts';
import { type Engine, startEngine } from './engine.ts';
import type { Clock, Logger, OpenBrowser, Random, ResolveProxy, Secrets } from './ports.ts';
import type { FromEngine, LogLevel, ToEngine } from './protocol.ts';
import { createStoreThread } from './sync/store-thread.ts';

/** The engine's process: speaks with main, and hands the engine the real clock, randomness and key store. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: ToEngine }) => void): void;
  postMessage(message: FromEngine): void;
}

const parentPort = (process as unknown as { readonly parentPort: ParentPort }).parentPort;
const say = (message: FromEngine): void => parentPort.postMessage(message);

const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

const random: Random = { bytes: (count) => new Uint8Array(randomBytes(count)), uuid: () => randomUUID() };

function loggerFor(module: string): Logger {
  const write =
    (level: LogLevel): Logger['info'] =>
    (event, fields = {}) =>
      say({ kind: 'log', level, module, event, fields });
  return { info: write('info'), warn: write('warn'), child: (name) => loggerFor(`${module}.${name}`) };
}

const waitingForMain = new Map<number, (answer: Result<string | null, AppError>) => void>();
let nextMainId = 1;

function askMain(message: (id: number) => FromEngine): Promise<Result<string | null, AppError>> {
  const id = nextMainId++;
  return new Promise((resolve) => {
    waitingForMain.set(id, resolve);
    say(message(id));
  });
}

const secrets: Secrets = {
  get: (name) => askMain((id) => ({ kind: 'secretWanted', id, name })) as Promise<Result<string, AppError>>,
  put: (name, value) =>
    askMain((id) => ({ kind: 'secretReplaced', id, name, value })) as Promise<Result<null, AppError>>,
};

const openBrowser: OpenBrowser = (url) =>
  askMain((id) => ({ kind: 'browserWanted', id, url })) as Promise<Result<null, AppError>>;

const waitingForProxies = new Map<number, (answer: string) => void>();

const resolveProxy: ResolveProxy = (url, isRetry) => {
  const id = nextProxyId++;
  return new Promise((resolve) => {
    waitingForProxies.set(id, resolve);
    say({ kind: 'proxyWanted', id, url, isRetry });
  });
};
let nextProxyId = 1;

let engine: Engine | null = null;

parentPort.on('message', ({ data: message }) => {
  switch (message.kind) {
    case 'start': {
      const started = startEngine({
        databaseFile: message.databaseFile,
        databaseKeys: message.databaseKeys,
        policy: message.policy,
        locale: message.locale,
        isKeyStoreProtected: message.isKeyStoreProtected,
        clock,
        random,
        log: loggerFor('engine'),
        secrets,
        resolveProxy,
        openBrowser,
        announce: (topic) => say({ kind: 'changed', topic }),
        accountsChanged: (accounts) => say({ kind: 'accountsChanged', accounts }),
        onlyHere: (counts) => say({ kind: 'onlyHere', counts }),
        restart: () => process.exit(1),
        openStoreThread: (database, log) =>
          createStoreThread({ ...database, script: join(__dirname, 'store-thread.cjs'), log }),
      });
      if (!started.ok) return say({ kind: 'startFailed', error: started.error });
      engine = started.value;
      return say({ kind: 'started', accounts: engine.accounts, openedBy: engine.openedBy });
    }
    case 'call':
      return void engine
        ?.call(message.method, message.input)
        .then((answer) => say({ kind: 'answer', id: message.id, answer }));
    case 'attachment': {
      const answer = engine?.attachment(message.attachmentId) ?? {
        ok: false,
        error: appError('notFound', 'never'),
      };
      return say({ kind: 'answer', id: message.id, answer });
    }
    case 'export':
      return void engine
        ?.exportFile(message.wanted)
        .then((answer) => say({ kind: 'answer', id: message.id, answer }));
    case 'rekey':
      return void engine
        ?.rekey(message.key)
        .then((answer) => say({ kind: 'answer', id: message.id, answer }));
    case 'secretAnswer':
    case 'browserAnswer':
      waitingForMain.get(message.id)?.(message.answer);
      waitingForMain.delete(message.id);
      return;
    case 'policyChanged':
      return engine?.policyChanged(message.policy, message.needsRestart);
    case 'proxyAnswer':
      waitingForProxies.get(message.id)?.(message.answer);
      waitingForProxies.delete(message.id);
      return;
    case 'laptopWoke':
      return engine?.laptopWoke();
    case 'attention':
      return engine?.attend(message.attention);
    case 'stop':
      return void (engine?.stop() ?? Promise.resolve()).finally(() => process.exit(0));
  }
});
