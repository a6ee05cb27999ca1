import type * as Electron from 'electron';

class Preventable {
  #isPrevented = false;

  get defaultPrevented(): boolean {
    return this.#isPrevented;
  }

  preventDefault(): void {
    this.#isPrevented = true;
  }
}

/** The first argument of Electron's events: what it is about, and the way to say no. */
export function preventable<Details extends object>(details: Details): Electron.Event<Details> {
  return Object.assign(new Preventable(), details) as Electron.Event<Details>;
}
