export interface Bridge {
  /** Makes a value of this world ready to cross: functions become references. */
  readonly outward: (value: unknown) => unknown;
  /** Makes what arrived usable: references become functions that call across. */
  readonly inward: (value: unknown, isFrozen?: boolean) => unknown;
  readonly fire: (kind: string, detail: unknown) => void;
  readonly on: (kind: string, listener: (detail: never) => void) => void;
}

/**
 * One end of the context bridge; it runs in the page's world and in the preload's. The two share nothing but the
 * DOM, so a call crosses as a synchronous event under a name that the page cannot know, and Chromium clones its
 * detail. Without imports: its source is run in the page.
 */
export function openBridgeEnd(secret: string, here: string, there: string): Bridge {
  type Function_ = (...args: unknown[]) => unknown;
  type Call = { readonly id: number; readonly call: number; readonly args: unknown };
  type Answer = {
    readonly call: number;
    readonly kind: 'value' | 'thrown' | 'promise';
    readonly value?: unknown;
  };
  const dispatch = document.dispatchEvent.bind(document);
  const exported = new Map<number, Function_>();
  const exportedIds = new WeakMap<Function_, number>();
  const imported = new Map<number, Function_>();
  const promised = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (reason: unknown) => void }
  >();
  let nextId = 1;
  let answer: Answer | null = null;

  const fire = (kind: string, detail: unknown): void => {
    dispatch(new CustomEvent(secret + there + kind, { detail }));
  };
  const on = (kind: string, listener: (detail: never) => void): void => {
    document.addEventListener(
      secret + here + kind,
      (event) => {
        event.stopImmediatePropagation();
        listener((event as CustomEvent<never>).detail);
      },
      true,
    );
  };
  const isPlain = (value: object): boolean => {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || prototype === Object.prototype;
  };
  const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

  function outward(value: unknown): unknown {
    if (typeof value === 'function') {
      const known = exportedIds.get(value as Function_);
      const id = known ?? nextId++;
      exportedIds.set(value as Function_, id);
      exported.set(id, value as Function_);
      return { bridgedFunction: id };
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(outward);
    if (!isPlain(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, outward(item)]));
  }

  function inward(value: unknown, isFrozen = false): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if ('bridgedFunction' in value) return importFunction(Number(value.bridgedFunction));
    let arrived: object = value;
    if (Array.isArray(value)) arrived = value.map((item) => inward(item, isFrozen));
    else if (isPlain(value))
      arrived = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inward(item, isFrozen)]));
    else return value;
    return isFrozen ? Object.freeze(arrived) : arrived;
  }

  function importFunction(id: number): Function_ {
    const known = imported.get(id);
    if (known !== undefined) return known;
    const proxy: Function_ = (...args) => callAcross(id, args);
    imported.set(id, proxy);
    return proxy;
  }

  function callAcross(id: number, args: unknown[]): unknown {
    const call = nextId++;
    answer = null;
    fire('call', { id, call, args: outward(args) } satisfies Call);
    // Filled by the event that came back meanwhile.
    const answered = answer as Answer | null;
    answer = null;
    if (answered === null) throw new Error('The other world has gone.');
    if (answered.kind === 'thrown') throw answered.value;
    if (answered.kind === 'value') return inward(answered.value);
    return new Promise((resolve, reject) => {
      promised.set(call, { resolve, reject });
    });
  }

  on('call', ({ id, call, args }: Call) => {
    const reply = (kind: Answer['kind'], value?: unknown): void =>
      fire('answer', { call, kind, value } satisfies Answer);
    const settle = (kind: 'value' | 'thrown', value: unknown): void =>
      fire('settled', { call, kind, value } satisfies Answer);
    try {
      const value = exported.get(id)?.(...(inward(args) as unknown[]));
      if (!(value instanceof Promise)) return reply('value', outward(value));
      value.then(
        (result: unknown) => settle('value', outward(result)),
        (reason: unknown) => settle('thrown', asError(reason)),
      );
      reply('promise');
    } catch (thrown) {
      reply('thrown', asError(thrown));
    }
  });
  on('answer', (received: Answer) => {
    answer = received;
  });
  on('settled', ({ call, kind, value }: Answer) => {
    const waiting = promised.get(call);
    promised.delete(call);
    if (kind === 'thrown') waiting?.reject(value);
    else waiting?.resolve(inward(value));
  });

  return { outward, inward, fire, on };
}
