import { Worker } from 'node:worker_threads';
import type { AccountId, FolderId } from '../../../shared/model/ids.ts';
import type { FolderRole } from '../mail/types.ts';
import type { Logger } from '../ports.ts';
import type { Fetched } from './store-batch.ts';

/** Messages of one folder of Exchange. */
export interface BatchForThread {
  readonly accountId: AccountId;
  readonly folderId: FolderId;
  readonly role: FolderRole;
  /** Bytes; of larger attachments only the entry is kept. */
  readonly largestAttachment: number;
  /** From which mail is the account's own. */
  readonly ownAddresses: readonly string[];
  readonly messages: readonly Fetched[];
}

/** Where V8 begins anew; what it takes by itself keeps 60 MB of mails that were stored long ago. */
const youngMegabytes = 8;

/** What the thread is started with. */
export interface ThreadData {
  readonly databaseFile: string;
  readonly databaseKey: Uint8Array;
}

/** The number of the batch, once it is on the disk, or the code of the error of SQLite that it met. */
export type FromThread =
  | { readonly kind: 'stored'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string | null };

export interface ToThread {
  readonly id: number;
  readonly batch: BatchForThread;
}

/**
 * Reads and stores what sync fetches on a thread of its own, with a connection of its own, so that neither the window's
 * questions nor the network ever wait for that. Both connections write in short transactions and wait for each other
 * (`openDatabase`).
 */
export interface StoreThread {
  /**
   * Resolves when the batch is on the disk; false: there is no thread, or it died, and whoever asked has to store the
   * batch himself, which may be there already. Rejects with the error of SQLite.
   */
  store(batch: BatchForThread): Promise<boolean>;
  /** The key is about to change: resolves when nobody but the caller has the database open. */
  pause(): Promise<void>;
  /** Goes on, by that key. */
  resume(databaseKey: Uint8Array): void;
  stop(): Promise<void>;
}

/** `script`: the thread's own, see `store-thread-entry.ts`. It is started when there is something to store. */
export function createStoreThread(
  setup: ThreadData & { readonly script: string | URL; readonly log: Logger },
): StoreThread {
  const { script, log, databaseFile } = setup;
  let databaseKey = setup.databaseKey;
  let worker: Worker | null = null;
  let isUsable = true;
  let paused = Promise.resolve();
  let resume = (): void => {};
  let lastId = 0;
  const open = new Map<number, PromiseWithResolvers<boolean>>();

  const start = (): Worker => {
    const made = new Worker(script, {
      workerData: { databaseFile, databaseKey } satisfies ThreadData,
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    });
    made.unref();
    made.on('message', (message: FromThread) => {
      const asked = open.get(message.id);
      open.delete(message.id);
      if (message.kind === 'stored') asked?.resolve(true);
      else asked?.reject(sqliteError(message.code));
    });
    made.on('error', (error) => log.warn('the thread failed', { reason: error.name }));
    made.on('exit', () => {
      if (worker !== made) return;
      // Without its thread sync is slower, and goes on.
      log.warn('the thread has ended', { open: open.size });
      isUsable = false;
      worker = null;
      giveUp();
    });
    return made;
  };
  const giveUp = (): void => {
    for (const asked of open.values()) asked.resolve(false);
    open.clear();
  };
  const end = async (): Promise<void> => {
    await Promise.allSettled([...open.values()].map(({ promise }) => promise));
    const ending = worker;
    worker = null;
    if (ending === null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.postMessage(null);
    await ended;
  };

  return {
    store: async (batch) => {
      await paused;
      if (!isUsable) return false;
      worker ??= start();
      lastId += 1;
      const asked = Promise.withResolvers<boolean>();
      open.set(lastId, asked);
      worker.postMessage({ id: lastId, batch } satisfies ToThread);
      return asked.promise;
    },
    pause: async () => {
      ({ promise: paused, resolve: resume } = Promise.withResolvers<void>());
      await end();
    },
    resume: (key) => {
      databaseKey = key;
      resume();
    },
    stop: async () => {
      isUsable = false;
      resume();
      await end();
    },
  };
}

/** As the database would have thrown it here. */
function sqliteError(code: string | null): Error {
  return Object.assign(new Error('The thread could not store'), code === null ? {} : { code });
}
