import type { AccountId } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import { dropContents, oldestContents } from '../cache/queries/attachment-store.ts';
import { giveBackPages, usedBytes } from '../cache/queries/disk-store.ts';
import { bytesToFree } from './core/disk-budget.ts';
import { yieldToOthers } from './turns.ts';

/** Contents that are looked up in one go. */
const lookedUp = 1000;
/** Bytes that go in one transaction. */
const inATransaction = 8 * 1024 * 1024;

/**
 * Makes room when the copy comes near its budget: the oldest attachments of the account that Exchange still has go, their
 * entries stay. To be called only while Exchange is the route, since they could not be fetched again. Yields how many
 * contents went. `budget`: bytes; 0: there is none.
 */
export async function makeRoom(db: Database, accountId: AccountId, budget: number): Promise<number> {
  let toFree = bytesToFree(usedBytes(db), budget);
  let count = 0;
  while (toFree > 0) {
    const contents = oldestContents(db, accountId, lookedUp);
    if (contents.length === 0) break;
    let batch: Buffer[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      dropContents(db, accountId, batch);
      count += batch.length;
      toFree -= bytes;
      batch = [];
      bytes = 0;
      await yieldToOthers();
    };
    for (const { sha256, stored } of contents) {
      if (toFree - bytes <= 0) break;
      batch.push(sha256);
      bytes += stored;
      if (bytes >= inATransaction) await flush();
    }
    await flush();
  }
  if (count > 0) while (giveBackPages(db)) await yieldToOthers();
  return count;
}
