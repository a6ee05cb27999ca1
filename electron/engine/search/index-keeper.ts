import type { Database } from '../cache/database.ts';
import { eraseForgotten, eraseFormer, indexPending } from '../cache/search-index.ts';
import type { Clock, Logger } from '../ports.ts';
import { createWorker, type Worker } from '../worker.ts';

/** Each of these takes some milliseconds, between which the window is answered. */
const indexedAtOnce = 10;
const erasedAtOnce = 2;
const formerAtOnce = 50;
const pauseMs = 5;

/**
 * Keeps the index of words: takes in what a former version had not, the newest first, and erases what is gone. Goes on
 * where it was after a restart. To be woken whenever mail may be gone.
 */
export function createIndexKeeper(
  db: Database,
  { clock, log, indexed }: { readonly clock: Clock; readonly log: Logger; readonly indexed: () => void },
): Worker {
  let wasIndexing = false;
  return createWorker(clock, async () => {
    try {
      const isMorePending = indexPending(db, indexedAtOnce);
      if (wasIndexing && !isMorePending) indexed();
      wasIndexing = isMorePending;
      if (isMorePending || eraseForgotten(db, erasedAtOnce) || eraseFormer(db, formerAtOnce)) return pauseMs;
    } catch (error) {
      // Found again at the next call; a damaged copy is salvaged by those who read it.
      log.warn('the search index was not kept', { error: String((error as Error).name) });
    }
    return null;
  });
}
