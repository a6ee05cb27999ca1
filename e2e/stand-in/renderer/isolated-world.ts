import type { StructuredJson } from '../host/structured-json.ts';
import type { openBridgeEnd } from './bridge.ts';
import type { WindowOpenRequest } from './main-world.ts';

/** What the preload's world is told at its start. */
export interface PreloadSetting {
  readonly secret: string;
  readonly binding: string;
  readonly preloadFile: string;
  readonly process: Readonly<Record<string, unknown>>;
}

/** What the preload's world says to the main process; arguments are encoded. */
export type FromPreload =
  | { readonly kind: 'send'; readonly channel: string; readonly args: unknown }
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: unknown }
  | ({ readonly kind: 'open' } & WindowOpenRequest)
  | { readonly kind: 'preloadFailed'; readonly message: string; readonly stack: string };

/** What the main process says to the preload's world. */
export type ToPreload =
  | { readonly kind: 'message'; readonly channel: string; readonly args: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string };

export type PreloadFunction = (
  require: (name: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
  process: object,
  filename: string,
  dirname: string,
  global: typeof globalThis,
) => void;

/** The preload's world: `electron` as a sandboxed preload finds it. Its source is run in the page. */
export function isolatedWorld(
  setting: PreloadSetting,
  openEnd: typeof openBridgeEnd,
  makeStructuredJson: () => StructuredJson,
  preload: PreloadFunction | null,
): void {
  type Listener = (event: object, ...args: unknown[]) => void;
  type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (reason: Error) => void };
  const world = globalThis as unknown as Record<string, unknown>;
  const binding = world[setting.binding] as ((message: string) => void) | undefined;
  delete world[setting.binding];
  if (window !== window.top || binding === undefined) return;

  const post = (message: FromPreload): void => binding(JSON.stringify(message));
  const { encode, decode } = makeStructuredJson();
  const bridge = openEnd(setting.secret, 'preload', 'page');
  const guard = <Api extends object>(name: string, api: Api): Api =>
    new Proxy(api, {
      get: (target, key, receiver) => {
        if (typeof key === 'string' && !(key in target) && !['then', 'toJSON', '__esModule'].includes(key))
          throw new Error(`stand-in: ${name}.${key} is not implemented`);
        return Reflect.get(target, key, receiver);
      },
    });

  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, { readonly listener: Listener; readonly run: Listener }[]>();
  let nextId = 1;
  const listen = (channel: string, listener: Listener, run: Listener): object => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, run }]);
    return ipcRenderer;
  };
  const unlisten = (channel: string, listener: Listener): object => {
    const known = listeners.get(channel) ?? [];
    const index = known.findLastIndex((entry) => entry.listener === listener);
    if (index >= 0) listeners.set(channel, known.toSpliced(index, 1));
    return ipcRenderer;
  };
  const ipcRenderer: object = guard('ipcRenderer', {
    send: (channel: string, ...args: unknown[]) => post({ kind: 'send', channel, args: encode(args) }),
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        post({ kind: 'invoke', id, channel, args: encode(args) });
        waiting.set(id, { resolve, reject });
      }),
    on: (channel: string, listener: Listener) => listen(channel, listener, listener),
    addListener: (channel: string, listener: Listener) => listen(channel, listener, listener),
    once: (channel: string, listener: Listener) =>
      listen(channel, listener, (...args) => {
        unlisten(channel, listener);
        listener(...args);
      }),
    off: unlisten,
    removeListener: unlisten,
    removeAllListeners: (channel?: string) => {
      if (channel === undefined) listeners.clear();
      else listeners.delete(channel);
      return ipcRenderer;
    },
    listenerCount: (channel: string) => listeners.get(channel)?.length ?? 0,
  });
  const contextBridge = guard('contextBridge', {
    exposeInMainWorld: (name: string, api: unknown) =>
      bridge.fire('expose', { name, api: bridge.outward(api) }),
  });
  const electron = guard('electron', { ipcRenderer, contextBridge });

  /** Called by the main process, as a global of this world. */
  world.receiveFromMain = (text: string): void => {
    const message = JSON.parse(text) as ToPreload;
    if (message.kind === 'message') {
      const args = decode(message.args) as unknown[];
      const event = { sender: ipcRenderer, ports: [] };
      for (const { run } of listeners.get(message.channel) ?? []) run(event, ...args);
      return;
    }
    const answered = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'answer') answered?.resolve(decode(message.value));
    else answered?.reject(new Error(message.message));
  };
  bridge.on('open', (request: WindowOpenRequest) => post({ kind: 'open', ...request }));

  if (preload === null) return;
  const process = guard('process', {
    ...setting.process,
    nextTick: (run: (...args: unknown[]) => void, ...args: unknown[]) => queueMicrotask(() => run(...args)),
  });
  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}`);
  };
  const module = { exports: {} };
  try {
    const folder = setting.preloadFile.replace(/\/[^/]*$/, '');
    preload(require, module, module.exports, process, setting.preloadFile, folder, globalThis);
  } catch (error) {
    console.error(`Unable to load preload script: ${setting.preloadFile}`, error);
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    post({ kind: 'preloadFailed', message, stack });
  }
}
