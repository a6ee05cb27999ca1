import type { Clock } from '../ports.ts';

/** Real time, but for sleep: no timer runs then, and what was due is made up for at once afterwards. */
export class SleepingClock implements Clock {
  readonly #due = new Set<() => void>();
  #offset = 0;
  #isAsleep = false;

  readonly now = (): number => Date.now() + this.#offset;

  readonly after = (ms: number, run: () => void): (() => void) => {
    const fire = (): void => {
      if (this.#isAsleep) this.#due.add(fire);
      else run();
    };
    const timer = setTimeout(fire, ms);
    return () => {
      clearTimeout(timer);
      this.#due.delete(fire);
    };
  };

  sleep(): void {
    this.#isAsleep = true;
  }

  /** So many milliseconds later, by this clock. */
  wake(ms: number): void {
    this.#isAsleep = false;
    this.#offset += ms;
    for (const fire of [...this.#due]) setTimeout(() => this.#due.delete(fire) && fire());
  }
}
