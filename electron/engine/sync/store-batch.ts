import type { AccountId, FolderId } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import { type StoredMessage, storeMessage } from '../cache/messages.ts';
import { recordCopy } from '../cache/queries/sync-store.ts';
import { gatherWords } from '../cache/search-index.ts';
import type { FolderRole, RemotePlace } from '../mail/types.ts';
import { parseMessage } from '../mime/parse.ts';
import type { ParsedMessage } from '../mime/types.ts';
import { shownFlags } from './turns.ts';

const noBytes = new Uint8Array(0);

/** A message that was fetched: whole, or without its largest attachments. */
export interface Fetched {
  readonly place: RemotePlace;
  readonly source: Uint8Array | null;
  readonly message: ParsedMessage | null;
}

export interface ParsedCopy {
  readonly fetched: Fetched;
  readonly parsed: ParsedMessage;
}

export async function parseFetched(fetched: Fetched): Promise<ParsedCopy> {
  return { fetched, parsed: fetched.message ?? (await parseMessage(fetched.source ?? noBytes)) };
}

interface BatchPlace {
  readonly accountId: AccountId;
  readonly folderId: FolderId;
  readonly role: FolderRole;
  /** Bytes; of larger attachments only the entry is kept. */
  readonly largestAttachment: number;
  readonly keepsSource: boolean;
  readonly isOwnAddress: (address: string) => boolean;
  /** Called inside the transaction, after the copy was noted. */
  readonly onStored: (stored: StoredMessage) => void;
}

/** Stores messages of one folder with their copies, in one transaction that is on the disk when this returns. */
export function storeBatch(db: Database, place: BatchPlace, batch: readonly ParsedCopy[]): void {
  const { accountId, folderId, role, largestAttachment } = place;
  const storeAll = (): void => {
    for (const { fetched, parsed } of batch) {
      const { uid, internalDate } = fetched.place;
      const flags = shownFlags(fetched.place.flags);
      const stored = storeMessage(db, {
        accountId,
        parsed,
        receivedAt: internalDate,
        flags,
        // A colleague's answer in a shared mailbox, and what was sent as somebody else, stand in Sent.
        isFromMe: role === 'sent' || place.isOwnAddress(parsed.from.address),
        folderRole: role,
        keepSource: place.keepsSource ? fetched.source : null,
        ...(Number.isFinite(largestAttachment) ? { largestAttachment } : {}),
      });
      recordCopy(db, { accountId, folderId, messageId: stored.messageId, uid, flags, internalDate });
      place.onStored(stored);
    }
  };
  db.transaction(() => gatherWords(db, storeAll)).immediate();
}
