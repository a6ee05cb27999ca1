import { parentPort, workerData } from 'node:worker_threads';
import { isSameAddress } from '../../../shared/model/identity.ts';
import { openDatabase } from '../cache/database.ts';
import { parseFetched, storeBatch } from './store-batch.ts';
import type { BatchForThread, FromThread, ThreadData, ToThread } from './store-thread.ts';

/** The thread of `store-thread.ts`: one batch after another, until it is told that there is no other (null). */
const { databaseFile, databaseKey } = workerData as ThreadData;
const opened = openDatabase(databaseFile, databaseKey);
if (!opened.ok) throw new Error(opened.error.code);
const db = opened.value;
const say = (message: FromThread): void => parentPort?.postMessage(message);

async function store({ ownAddresses, messages, ...place }: BatchForThread): Promise<void> {
  const parsed = await Promise.all(messages.map(parseFetched));
  storeBatch(
    db,
    {
      ...place,
      keepsSource: false,
      isOwnAddress: (address) => ownAddresses.some((own) => isSameAddress(own, address)),
      onStored: () => {},
    },
    parsed,
  );
}

let last: Promise<unknown> = Promise.resolve();
parentPort?.on('message', (message: ToThread | null) => {
  last = last.then(async () => {
    if (message === null) {
      db.close();
      parentPort?.close();
      return;
    }
    try {
      await store(message.batch);
      say({ kind: 'stored', id: message.id });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : null;
      say({ kind: 'failed', id: message.id, code });
    }
  });
});
