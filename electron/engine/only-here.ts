import type { Database } from './cache/database.ts';
import { countOnlyHere, type OnlyHereCounts } from './cache/queries/only-here-store.ts';
import type { Clock } from './ports.ts';
import { createWorker, type Worker } from './worker.ts';

/** Counts what is here and nowhere else whenever it is woken, and tells it when it is another number than before. */
export function watchOnlyHere(
  db: Database,
  ports: { readonly clock: Clock; readonly onlyHere: (counts: OnlyHereCounts) => void },
): Worker {
  let told = '';
  return createWorker(ports.clock, async () => {
    const counts = countOnlyHere(db);
    const text = JSON.stringify(counts);
    if (text !== told) ports.onlyHere(counts);
    told = text;
    return null;
  });
}
