import type * as Electron from 'electron';
import { asElectron, Guarded } from '../host/guard.ts';
import type { Frame, Page } from '../host/page.ts';
import { structuredJson } from '../host/structured-json.ts';

const { encode } = structuredJson();

/** A frame as the app sees it; the same object as long as the frame lives. */
class WebFrameMain
  extends Guarded
  implements
    Pick<
      Electron.WebFrameMain,
      | 'url'
      | 'origin'
      | 'name'
      | 'parent'
      | 'top'
      | 'frames'
      | 'framesInSubtree'
      | 'frameToken'
      | 'routingId'
      | 'processId'
      | 'detached'
      | 'isDestroyed'
      | 'send'
    >
{
  readonly #page: Page | null;
  readonly #frame: Frame;
  readonly routingId: number;
  readonly processId = 1;

  constructor(page: Page | null, frame: Frame, routingId: number) {
    super('webFrameMain', ['dom-ready']);
    this.#page = page;
    this.#frame = frame;
    this.routingId = routingId;
  }

  get asElectron(): Electron.WebFrameMain {
    return asElectron<Electron.WebFrameMain>(this);
  }

  get url(): string {
    return this.#frame.url;
  }

  get origin(): string {
    return this.#frame.origin;
  }

  get name(): string {
    return this.#frame.name;
  }

  get frameToken(): string {
    return this.#frame.id;
  }

  get detached(): boolean {
    return this.#frame.isDetached;
  }

  get parent(): Electron.WebFrameMain | null {
    return this.#of(this.#frame.parent);
  }

  get top(): Electron.WebFrameMain | null {
    return this.#of(this.#page?.mainFrame ?? this.#frame);
  }

  get frames(): Electron.WebFrameMain[] {
    return this.#all((frame) => frame.parent === this.#frame);
  }

  get framesInSubtree(): Electron.WebFrameMain[] {
    return this.#all((frame) => {
      for (let at: Frame | null = frame; at !== null; at = at.parent) if (at === this.#frame) return true;
      return false;
    });
  }

  isDestroyed(): boolean {
    return this.#page === null || this.#page.isClosed || this.#frame.isDetached;
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.#frame.parent !== null) throw new Error('stand-in: sending to a sub-frame is not implemented');
    void this.#page?.post({ kind: 'message', channel, args: encode(args) });
  }

  #of(frame: Frame | null): Electron.WebFrameMain | null {
    return frame === null || this.#page === null ? null : webFrameOf(this.#page, frame).asElectron;
  }

  #all(isWanted: (frame: Frame) => boolean): Electron.WebFrameMain[] {
    const page = this.#page;
    return page === null
      ? []
      : page.allFrames.filter(isWanted).map((frame) => webFrameOf(page, frame).asElectron);
  }
}

export type { WebFrameMain };

const known = new WeakMap<Frame, WebFrameMain>();
let nextRoutingId = 1;

export function webFrameOf(page: Page | null, frame: Frame): WebFrameMain {
  const found = known.get(frame);
  if (found !== undefined) return found;
  const made = new WebFrameMain(page, frame, nextRoutingId++);
  known.set(frame, made);
  return made;
}
