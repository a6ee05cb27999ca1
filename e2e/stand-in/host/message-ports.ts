import { EventEmitter } from 'node:events';

interface Received {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}

/** What goes over the wire between two processes for a port whose other end is over there. */
export type PortFrame =
  | {
      readonly kind: 'port';
      readonly port: number;
      readonly data: unknown;
      readonly ports: readonly number[];
    }
  | { readonly kind: 'portClosed'; readonly port: number };

/** One end of a channel; whoever has it takes what was sent to it, once there is somebody. */
class End {
  other: End = this;
  #sink: { readonly take: (received: Received) => void; readonly close: () => void } | null = null;
  #waiting: Received[] = [];
  #isClosed = false;

  deliver(received: Received): void {
    if (this.#sink === null) this.#waiting.push(received);
    else this.#sink.take(received);
  }

  attach(take: (received: Received) => void, close: () => void): void {
    this.#sink = { take, close };
    for (const received of this.#waiting.splice(0)) take(received);
    if (this.#isClosed) close();
  }

  closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#sink?.close();
  }
}

/** A port of a message channel: events `message` and `close`. It can be sent along, once, and is useless then. */
export class MessagePort extends EventEmitter {
  #end: End | null;
  #isStarted = false;

  constructor(end: End) {
    super();
    this.#end = end;
  }

  postMessage(message: unknown, transfer: readonly object[] = []): void {
    const ports = transfer.map((port) => {
      if (!(port instanceof MessagePort)) throw new TypeError('Invalid value for transfer');
      if (port === this) throw new Error('Port at index 0 contains the source port.');
      return new MessagePort(port.take());
    });
    this.#end?.other.deliver({ data: structuredClone(message), ports });
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#end?.attach(
      ({ data, ports }) => setImmediate(() => this.emit('message', { data, ports })),
      () => setImmediate(() => this.emit('close')),
    );
  }

  close(): void {
    const end = this.#end;
    this.#end = null;
    end?.closed();
    end?.other.closed();
    setImmediate(() => this.emit('close'));
  }

  /** Gives its end away; afterwards the port is not connected to anything. */
  take(): End {
    const end = this.#end;
    if (end === null || this.#isStarted) throw new Error('Port at index 0 is already neutered.');
    this.#end = null;
    return end;
  }
}

export function openChannel(): readonly [MessagePort, MessagePort] {
  const [one, two] = [new End(), new End()];
  one.other = two;
  two.other = one;
  return [new MessagePort(one), new MessagePort(two)];
}

/** Carries ports between this process and another one. */
export class PortExchange {
  readonly #send: (frame: PortFrame) => void;
  readonly #remote = new Map<number, End>();
  #nextId: number;

  /** @param side 0 here and 1 there, so that both can number what they send. */
  constructor(side: 0 | 1, send: (frame: PortFrame) => void) {
    this.#nextId = side;
    this.#send = send;
  }

  /** Sends ports away; returns the numbers by which the other side gets them. */
  export(ports: readonly MessagePort[]): readonly number[] {
    return ports.map((port) => {
      const id = this.#nextId;
      this.#nextId += 2;
      const end = port.take();
      // What waits in it must not be over there before the message that brings it.
      queueMicrotask(() => this.#connect(id, end));
      return id;
    });
  }

  import(ids: readonly number[]): readonly MessagePort[] {
    return ids.map((id) => {
      const [here, there] = openChannel();
      this.#connect(id, there.take());
      return here;
    });
  }

  receive(frame: PortFrame): void {
    const end = this.#remote.get(frame.port);
    if (end === undefined) return;
    if (frame.kind === 'port') end.other.deliver({ data: frame.data, ports: this.import(frame.ports) });
    else this.#disconnect(frame.port);
  }

  /** The other process is gone, and with it every port that it had. */
  closed(): void {
    for (const id of [...this.#remote.keys()]) this.#disconnect(id);
  }

  #connect(id: number, end: End): void {
    this.#remote.set(id, end);
    end.attach(
      ({ data, ports }) => this.#send({ kind: 'port', port: id, data, ports: this.export(ports) }),
      () => {
        if (this.#remote.delete(id)) this.#send({ kind: 'portClosed', port: id });
      },
    );
  }

  #disconnect(id: number): void {
    const end = this.#remote.get(id);
    this.#remote.delete(id);
    end?.closed();
    end?.other.closed();
  }
}
