import { flushCompileCache } from 'node:module';

/** In a mortal process: everything worth dying at is a point, counted from 1. */
let points = 0;
let diesAt = Number.POSITIVE_INFINITY;
let lastWords = (_point: string): void => {};
const waiting = new Set<{ readonly at: number; readonly done: () => void }>();

/** Dies here, as by `kill -9`, when this point is the one. */
export function pass(point = ''): void {
  points += 1;
  if (points >= diesAt) {
    lastWords(point);
    process.kill(process.pid, 'SIGKILL');
  }
  for (const wait of waiting) if (points >= wait.at) wait.done();
}

export const passedPoints = (): number => points;

/** `words` hears which point it is, just before. */
export function dieAt(point: number, words: (point: string) => void = () => {}): void {
  diesAt = point;
  lastWords = words;
}

/** Resolves when so many points have passed, or when `ms` have. True: the points. */
export function passed(count: number, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const wait = {
      at: points + count,
      done: () => {
        waiting.delete(wait);
        clearTimeout(timer);
        resolve(true);
      },
    };
    const timer = setTimeout(() => {
      waiting.delete(wait);
      resolve(false);
    }, ms);
    waiting.add(wait);
  });
}

/** Answers what the parent asks. A failure is a bug, and ends the process. */
export function answerParent<Ask>(answer: (ask: Ask) => Promise<unknown>): void {
  process.on('message', (message: { readonly id: number; readonly ask: Ask }) => {
    void answer(message.ask).then(
      (value) => process.send?.({ id: message.id, value: value ?? null }),
      (error: unknown) => {
        throw error;
      },
    );
  });
  process.on('disconnect', () => process.exit());
  // For those to come: this process may not live to do it at its end.
  flushCompileCache();
}
