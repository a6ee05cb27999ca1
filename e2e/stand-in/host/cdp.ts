import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { CDPSession } from 'playwright';

type Listener = (payload: unknown) => void;

/** One conversation with Chromium: the browser itself, or a page, or a frame in a process of its own. */
export class CdpSession {
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly send: CDPSession['send'];
  readonly on: CDPSession['on'];

  constructor(send: (method: string, params: object) => Promise<unknown>) {
    this.send = ((method: string, params: object = {}) => send(method, params)) as CDPSession['send'];
    this.on = ((event: string, listener: Listener) =>
      this.#events.on(event, listener)) as unknown as CDPSession['on'];
  }

  /** For the connection: something has happened. */
  receive(method: string, params: unknown): void {
    this.#events.emit(method, params);
  }
}

interface Incoming {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Made at the call, so that its stack leads there. */
  readonly error: Error;
}

/** Chrome's DevTools protocol over `--remote-debugging-pipe`: JSON, each message ended by a NUL byte. */
export class CdpConnection {
  readonly root: CdpSession = this.#open(undefined);
  readonly #output: Writable;
  readonly #sessions = new Map<string, CdpSession>();
  readonly #waiting = new Map<number, Waiting>();
  #partial: Buffer[] = [];
  #nextId = 1;
  #isClosed = false;

  constructor(output: Writable, input: Readable) {
    this.#output = output;
    input.on('data', (chunk: Buffer) => this.#read(chunk));
    input.on('close', () => this.#close());
    // A broken pipe ends with `close` too.
    input.on('error', () => {});
    output.on('error', () => {});
  }

  session(id: string): CdpSession {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const opened = this.#open(id);
    this.#sessions.set(id, opened);
    return opened;
  }

  #open(sessionId: string | undefined): CdpSession {
    return new CdpSession((method, params) => this.#send(method, params, sessionId));
  }

  #send(method: string, params: object, sessionId: string | undefined): Promise<unknown> {
    const error = new Error(method);
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        error.message += ': Chromium is gone';
        reject(error);
        return;
      }
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject, error });
      this.#output.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  #read(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const message = Buffer.concat([...this.#partial, rest.subarray(0, end)]).toString();
      this.#partial = [];
      rest = rest.subarray(end + 1);
      this.#receive(JSON.parse(message) as Incoming);
    }
    if (rest.length > 0) this.#partial.push(rest);
  }

  #receive(message: Incoming): void {
    if (message.id !== undefined) this.#settle(message.id, message);
    if (message.method === undefined) return;
    const session = message.sessionId === undefined ? this.root : this.session(message.sessionId);
    session.receive(message.method, message.params);
    if (message.method === 'Target.detachedFromTarget')
      this.#sessions.delete((message.params as { readonly sessionId: string }).sessionId);
  }

  #settle(id: number, { result, error }: Incoming): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else {
      if (waiting !== undefined) waiting.error.message += `: ${error.message} ${error.data ?? ''}`;
      waiting?.reject(waiting.error);
    }
  }

  #close(): void {
    this.#isClosed = true;
    for (const { reject, error } of this.#waiting.values()) {
      error.message += ': Chromium has ended';
      reject(error);
    }
    this.#waiting.clear();
  }
}
