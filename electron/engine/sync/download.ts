import type { AppError } from '../../../shared/errors.ts';
import type { AccountId, FolderId, MessageId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { homelessMessage } from '../cache/identity.ts';
import { storeMessage } from '../cache/messages.ts';
import { hasHomelessMessages, recordCopy } from '../cache/queries/sync-store.ts';
import type { FolderRole, ImapSession, RemoteMessage } from '../mail/types.ts';
import { parseMessage } from '../mime/parse.ts';
import type { ParsedMessage } from '../mime/types.ts';
import { shownFlags, yieldToOthers } from './turns.ts';

/** Messages that are stored in one transaction at most, so that questions of the window get through in between. */
const batchMessages = 50;
/** A batch is stored early when it has grown to this many bytes. */
const batchBytes = 8 * 1024 * 1024;

export interface StoredFromServer {
  readonly messageId: MessageId;
  readonly route: Route;
  readonly folderRole: FolderRole;
  readonly isNew: boolean;
}

export interface DownloadPlace {
  readonly session: ImapSession;
  readonly route: Route;
  readonly folderId: FolderId;
  readonly role: FolderRole;
  /** After each batch, with the number of its messages. */
  readonly changed: (stored: number) => void;
}

interface DownloadSetup {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  /** Whether mail from this address is the account's own. */
  readonly isOwnAddress: (address: string) => boolean;
  /** Called inside the transaction that stores the message, after its copy was noted. */
  readonly onStored: (message: StoredFromServer) => void;
}

/** Copies messages of the open folder, in the given order. Yields the UIDs that the server did not give. */
export type Download = (
  place: DownloadPlace,
  uids: readonly number[],
) => Promise<Result<readonly number[], AppError>>;

export function createDownload({ account, db, isOwnAddress, onStored }: DownloadSetup): Download {
  const store = async (place: DownloadPlace, batch: readonly RemoteMessage[]): Promise<void> => {
    const parsed: { readonly remote: RemoteMessage; readonly message: ParsedMessage }[] = [];
    for (const remote of batch) {
      parsed.push({ remote, message: await parseMessage(remote.source) });
      await yieldToOthers();
    }
    const { route, folderId, role } = place;
    db.transaction(() => {
      for (const { remote, message } of parsed) {
        const flags = shownFlags(remote.flags);
        const { messageId, isNew } = storeMessage(db, {
          accountId: account.id,
          parsed: message,
          receivedAt: remote.internalDate,
          flags,
          // A colleague's answer in a shared mailbox, and what was sent as somebody else, stand in Sent.
          isFromMe: role === 'sent' || isOwnAddress(message.from.address),
          folderRole: role,
          keepSource: route === 'continuity' ? remote.source : null,
        });
        const { uid, internalDate } = remote;
        recordCopy(db, { accountId: account.id, folderId, messageId, uid, flags, internalDate });
        onStored({ messageId, route, folderRole: role, isNew });
      }
    }).immediate();
    place.changed(parsed.length);
    await yieldToOthers();
  };

  /**
   * Messages that are here already and have lost their place (moved or touched by another client, or under a new
   * UIDVALIDITY) get it back by their headers alone (RFC 4549 section 4.1). Yields the others.
   */
  const adopt = async (
    place: DownloadPlace,
    uids: readonly number[],
  ): Promise<Result<readonly number[], AppError>> => {
    if (place.route !== 'primary' || !hasHomelessMessages(db, account.id)) return ok(uids);
    const found = await place.session.headers(uids, 'stable');
    if (!found.ok) return found;
    const adopted = new Set<number>();
    for (const { uid, flags, internalDate, header } of found.value) {
      const parsed = await parseMessage(header);
      db.transaction(() => {
        const messageId = homelessMessage(db, account.id, parsed, internalDate);
        if (messageId === null) return;
        const { folderId } = place;
        recordCopy(db, {
          accountId: account.id,
          folderId,
          messageId,
          uid,
          flags: shownFlags(flags),
          internalDate,
        });
        adopted.add(uid);
      }).immediate();
    }
    if (adopted.size > 0) place.changed(adopted.size);
    return ok(uids.filter((uid) => !adopted.has(uid)));
  };

  /** Yields the UIDs that the server did not give. */
  const fetchBatch = async (
    place: DownloadPlace,
    uids: readonly number[],
  ): Promise<Result<readonly number[], AppError>> => {
    const missing = new Set(uids);
    let batch: RemoteMessage[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      const full = batch;
      batch = [];
      bytes = 0;
      if (full.length > 0) await store(place, full);
    };
    const fetched = await place.session.fetch(uids, async (message) => {
      missing.delete(message.uid);
      batch.push(message);
      bytes += message.source.length;
      if (bytes >= batchBytes) await flush();
    });
    await flush();
    return fetched.ok ? ok([...missing]) : fetched;
  };

  return async (place, uids) => {
    const withheld: number[] = [];
    for (let at = 0; at < uids.length; at += batchMessages) {
      const wanted = await adopt(place, uids.slice(at, at + batchMessages));
      if (!wanted.ok) return wanted;
      const missing = await fetchBatch(place, wanted.value);
      if (!missing.ok) return missing;
      // Exchange now and then gives nothing for a message that is there, and gives it when it is asked again.
      const again = missing.value.length === 0 ? missing : await fetchBatch(place, missing.value);
      if (!again.ok) return again;
      withheld.push(...again.value);
    }
    return ok(withheld);
  };
}
