import type { AppError } from '../../../shared/errors.ts';
import type { AccountId, FolderId, MessageId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { homelessMessage } from '../cache/identity.ts';
import type { StoredMessage } from '../cache/messages.ts';
import { hasHomelessMessages, recordCopy } from '../cache/queries/sync-store.ts';
import type { FolderRole, ImapSession } from '../mail/types.ts';
import { parseMessage } from '../mime/parse.ts';
import { fetchSlim } from './attachments-left-out.ts';
import { type Fetched, type ParsedCopy, parseFetched, storeBatch } from './store-batch.ts';
import type { BatchForThread } from './store-thread.ts';
import { shownFlags, yieldToOthers } from './turns.ts';

/** Messages that are stored in one transaction at most, so that questions of the window get through in between. */
const batchMessages = 50;
/** Messages that are asked for at once: of the newest few, so that there is something to see. */
const askedAtFirst = 50;
const askedLater = 200;
/** A batch is stored early when it has grown to this many bytes. */
const batchBytes = 8 * 1024 * 1024;
const megabyte = 1024 * 1024;

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
  /** Read at every batch. */
  readonly policy: { readonly largestAttachmentMegabytes: number };
  /** Called after every batch from Exchange: the copy has grown. */
  readonly makeRoom: () => Promise<void>;
  /** Called inside the transaction that stores the message, after its copy was noted. */
  readonly onStored: (message: StoredFromServer) => void;
  readonly storeElsewhere?: StoreElsewhere;
}

/**
 * Stores what comes from Exchange on another thread: `onStored` is not called then. Resolves when it is on the disk; false:
 * nobody did it.
 */
export type StoreElsewhere = (batch: Omit<BatchForThread, 'ownAddresses'>) => Promise<boolean>;

/** Copies messages of the open folder, in the given order. Yields the UIDs that the server did not give. */
export type Download = (
  place: DownloadPlace,
  uids: readonly number[],
) => Promise<Result<readonly number[], AppError>>;

export function createDownload({
  account,
  db,
  isOwnAddress,
  policy,
  makeRoom,
  onStored,
  storeElsewhere = async () => false,
}: DownloadSetup): Download {
  /** Bytes. What an outage brings is kept whole: it has to be carried over. */
  const largestFrom = (route: Route): number =>
    route === 'primary' ? policy.largestAttachmentMegabytes * megabyte : Number.POSITIVE_INFINITY;

  const storeHere = async (
    { route, folderId, role }: DownloadPlace,
    batch: readonly Fetched[],
  ): Promise<void> => {
    const parsed: ParsedCopy[] = [];
    for (const fetched of batch) {
      parsed.push(await parseFetched(fetched));
      await yieldToOthers();
    }
    const place = {
      accountId: account.id,
      folderId,
      role,
      largestAttachment: largestFrom(route),
      keepsSource: route === 'continuity',
      isOwnAddress,
      onStored: ({ messageId, isNew }: StoredMessage) =>
        onStored({ messageId, route, folderRole: role, isNew }),
    };
    storeBatch(db, place, parsed);
  };

  const storeThere = async (
    { route, folderId, role }: DownloadPlace,
    messages: readonly Fetched[],
  ): Promise<boolean> => {
    if (route !== 'primary') return false;
    return storeElsewhere({
      accountId: account.id,
      folderId,
      role,
      largestAttachment: largestFrom(route),
      messages,
    });
  };

  const store = async (place: DownloadPlace, batch: readonly Fetched[]): Promise<void> => {
    if (!(await storeThere(place, batch))) await storeHere(place, batch);
    place.changed(batch.length);
    await yieldToOthers();
    if (place.route === 'primary') await makeRoom();
  };

  /**
   * Messages that are here already and have lost their place (moved or touched by another client, or under a new
   * UIDVALIDITY) get it back by their headers alone (RFC 4549 section 4.1). Yields the others.
   */
  const adopt = async (
    place: DownloadPlace,
    uids: readonly number[],
  ): Promise<Result<readonly number[], AppError>> => {
    // What was edited in Drafts has the headers that it had.
    if (place.route !== 'primary' || place.role === 'drafts' || !hasHomelessMessages(db, account.id))
      return ok(uids);
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

  /** Yields the UIDs that the server did not give. `storeBehind` waits only for the batch before. */
  const fetchBatch = async (
    place: DownloadPlace,
    uids: readonly number[],
    storeBehind: (batch: readonly Fetched[]) => Promise<void>,
  ): Promise<Result<readonly number[], AppError>> => {
    const { session } = place;
    const missing = new Set(uids);
    let batch: Fetched[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      const full = batch;
      batch = [];
      bytes = 0;
      if (full.length > 0) await storeBehind(full);
    };
    const take = async (fetched: Fetched, size: number): Promise<void> => {
      missing.delete(fetched.place.uid);
      batch.push(fetched);
      bytes += size;
      if (bytes >= batchBytes || batch.length >= batchMessages) await flush();
    };
    const fetchWhole = (wanted: readonly number[], expected: number) =>
      session.fetch(
        wanted,
        (message) => take({ place: message, source: message.source, message: null }, message.source.length),
        { bytes: expected },
      );

    const largest = largestFrom(place.route);
    const sizes = Number.isFinite(largest) ? await session.sizes(uids) : ok(new Map<number, number>());
    if (!sizes.ok) return sizes;
    const sizeOf = (uid: number): number => sizes.value.get(uid) ?? 0;
    // What is smaller than the largest attachment has none that is larger.
    const small = uids.filter((uid) => sizeOf(uid) <= largest);
    const fetched = await fetchWhole(
      small,
      small.reduce((sum, uid) => sum + sizeOf(uid), 0),
    );
    await flush();
    if (!fetched.ok) return fetched;
    for (const uid of uids.filter((large) => sizeOf(large) > largest)) {
      const slim = await fetchSlim(session, uid, { largest, claimed: sizeOf(uid) });
      if (!slim.ok) return slim;
      if (slim.value.kind === 'slim') {
        const { message, ...at } = slim.value.fetched;
        await take({ place: at, source: null, message }, largest);
      } else if (slim.value.kind === 'whole') {
        const whole = await fetchWhole([uid], sizeOf(uid));
        if (!whole.ok) return whole;
      }
      await flush();
    }
    return ok([...missing]);
  };

  return async (place, uids) => {
    const withheld: number[] = [];
    // One batch is stored while the next one comes.
    let storing: Promise<void> = Promise.resolve();
    const storeBehind = async (batch: readonly Fetched[]): Promise<void> => {
      await storing;
      storing = store(place, batch);
      // Told by whoever waits for it next.
      storing.catch(() => {});
    };
    try {
      for (let at = 0; at < uids.length; ) {
        const asked = uids.slice(at, at + (at === 0 ? askedAtFirst : askedLater));
        at += asked.length;
        const wanted = await adopt(place, asked);
        if (!wanted.ok) return wanted;
        const missing = await fetchBatch(place, wanted.value, storeBehind);
        if (!missing.ok) return missing;
        if (missing.value.length === 0) continue;
        // Exchange now and then gives nothing for a message that is there, and gives it when it is asked again.
        const again = await fetchBatch(place, missing.value, storeBehind);
        if (!again.ok) return again;
        withheld.push(...again.value);
      }
      return ok(withheld);
    } finally {
      await storing;
    }
  };
}
