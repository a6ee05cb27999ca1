import { EventEmitter } from 'node:events';

/** Names that JavaScript, Node and test tools ask of any object to find out what it is. */
const askedOfAnything: ReadonlySet<string> = new Set([
  'then',
  'toJSON',
  'inspect',
  'nodeType',
  'asymmetricMatch',
  '$$typeof',
  '__esModule',
  'domain',
]);

export function notImplemented(name: string): Error {
  return new Error(`stand-in: ${name} is not implemented`);
}

/** A part of Electron's API: whatever it lacks throws with its name instead of doing nothing. */
export function guard<Api extends object>(name: string, api: Api): Api {
  return new Proxy(api, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in target) && !askedOfAnything.has(key))
        throw notImplemented(`${name}.${key}`);
      return Reflect.get(target, key, receiver);
    },
    set(target, key, value, receiver) {
      if (typeof key === 'string' && !(key in target)) throw notImplemented(`${name}.${key}`);
      return Reflect.set(target, key, value, receiver);
    },
  });
}

class GuardedObject extends EventEmitter {
  constructor(name: string) {
    super();
    // biome-ignore lint/correctness/noConstructorReturn: a subclass's `this` must be the guarded object
    return guard(name, this);
  }
}

/**
 * The base of the classes that stand in for Electron's. `this` is the guarded object from the start, so private
 * fields live on it. Listening to an event that never comes throws as well.
 */
export class Guarded extends GuardedObject {
  readonly #name: string;
  readonly #events: ReadonlySet<string | symbol>;

  constructor(name: string, events: readonly string[]) {
    super(name);
    this.setMaxListeners(0);
    this.#name = name;
    this.#events = new Set([...events, 'newListener', 'removeListener', 'error']);
  }

  override on(event: string | symbol, listener: (...args: never[]) => void): this {
    return super.on(this.#known(event), listener as (...args: unknown[]) => void);
  }

  override addListener(event: string | symbol, listener: (...args: never[]) => void): this {
    return this.on(event, listener);
  }

  override prependListener(event: string | symbol, listener: (...args: never[]) => void): this {
    return super.prependListener(this.#known(event), listener as (...args: unknown[]) => void);
  }

  #known(event: string | symbol): string | symbol {
    if (!this.#events.has(event)) throw notImplemented(`${this.#name}.on('${String(event)}')`);
    return event;
  }
}

/** What Electron declares for something, without the overloads of its events. */
export type Members<Api> = Partial<Omit<Api, keyof EventEmitter>>;

/** Hands one of ours out under Electron's name for it; what it lacks throws. */
export function asElectron<Api>(own: Members<Api>): Api {
  return own as Api;
}
