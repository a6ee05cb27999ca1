import { EventEmitter } from 'node:events';
import { registerHooks } from 'node:module';
import { PortExchange } from './host/message-ports.ts';
import type { FromUtility, ToUtility } from './host/utility-wire.ts';

/** Runs first in a utility process and gives it `process.parentPort`. */
const send = (message: FromUtility): void => {
  process.send?.(message);
};
const ports = new PortExchange(1, send);

/** Until somebody listens, messages wait: an ES module may take its time to load. */
class ParentPort extends EventEmitter {
  #waiting: { readonly data: unknown; readonly ports: readonly unknown[] }[] | null = [];

  override on(event: string, listener: (...args: never[]) => void): this {
    super.on(event, listener as (...args: unknown[]) => void);
    if (event === 'message') this.start();
    return this;
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const message of waiting) setImmediate(() => this.emit('message', message));
  }

  pause(): void {
    this.#waiting ??= [];
  }

  postMessage(message: unknown): void {
    send({ kind: 'message', data: message });
  }

  receive(data: unknown, imported: readonly unknown[]): void {
    const message = { data, ports: imported };
    if (this.#waiting === null) this.emit('message', message);
    else this.#waiting.push(message);
  }
}

const parentPort = new ParentPort();
process.on('message', (message: ToUtility) => {
  if (message.kind === 'message') parentPort.receive(message.data, ports.import(message.ports));
  else ports.receive(message);
});
process.on('disconnect', () => process.exit(1));
Object.assign(process, { parentPort, type: 'utility' });

registerHooks({
  resolve: (specifier, context, next) => {
    if (/^electron(\/|$)/.test(specifier))
      throw new Error('stand-in: electron in a utility process is not implemented');
    return next(specifier, context);
  },
});
