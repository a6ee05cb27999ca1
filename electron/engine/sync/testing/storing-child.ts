import { writeSync } from 'node:fs';
import type { FolderId } from '../../../../shared/model/ids.ts';
import { upsertAccount } from '../../cache/accounts.ts';
import { knownFolder } from '../../cache/queries/sync-store.ts';
import { openTestDatabase, silent, testKey } from '../../testing/laptop.ts';
import { type BatchForThread, createStoreThread } from '../store-thread.ts';

/** Stores batches without end, and says the highest UID of each right after it was told that it is on the disk. */
const [, , databaseFile = '', from = '1'] = process.argv;
const db = openTestDatabase(databaseFile);
const accountId = upsertAccount(db, { address: 'anna@corp.example', displayName: '' });
const { id: folderId } = knownFolder(db, { accountId, route: 'primary', path: 'INBOX', role: 'inbox' });
const thread = createStoreThread({
  databaseFile,
  databaseKey: testKey,
  script: new URL('./store-thread-for-tests.ts', import.meta.url),
  log: silent,
});
for (let first = Number(from); ; first += 20) {
  if (!(await thread.store(batchOf(first, folderId)))) throw new Error('there is no thread');
  writeSync(1, `${first + 19}\n`);
}

function batchOf(first: number, folder: FolderId): BatchForThread {
  const messages = Array.from({ length: 20 }, (_, index) => ({
    place: { uid: first + index, flags: [], internalDate: first },
    source: Buffer.from(`Message-ID: <${first + index}@x.example>\r\nSubject: One\r\n\r\nHello`),
    message: null,
  }));
  return {
    accountId,
    folderId: folder,
    role: 'inbox',
    largestAttachment: 1_000_000,
    ownAddresses: [],
    messages,
  };
}
