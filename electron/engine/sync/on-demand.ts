import { type AppError, appError } from '../../../shared/errors.ts';
import type { FetchProgress } from '../../../shared/model/conversation.ts';
import type {
  AccountId,
  AttachmentId,
  ConversationId,
  FolderId,
  MessageId,
} from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { completeMessage } from '../cache/messages.ts';
import {
  type FetchPlace,
  lackingAttachments,
  messageOfAttachment,
  placeOfAbsent,
} from '../cache/queries/attachment-store.ts';
import { usedBytes } from '../cache/queries/disk-store.ts';
import { folderPlace } from '../cache/queries/sync-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { ImapSession, RemoteMessage } from '../mail/types.ts';
import { parseMessage } from '../mime/parse.ts';
import type { Announce, Clock, Routes } from '../ports.ts';
import { bytesOfRoom } from './core/disk-budget.ts';
import type { FolderSync } from './folder-sync.ts';
import { missingMembers } from './members.ts';

const megabyte = 1024 * 1024;
/** A session that nobody needed for so long is closed. */
const quietMs = 30_000;
/** Messages of an opened conversation whose attachments are brought back. */
const mostMessages = 50;
/** Messages whose attachments are brought back by itself between two looks through the folders. */
const mostAtOnce = 500;

export interface OnDemandSetup {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  readonly openSession: (route: Route) => Promise<Result<ImapSession, AppError>>;
  readonly routes: Pick<Routes, 'reading'>;
  readonly policy: { readonly largestAttachmentMegabytes: number; readonly diskMegabytes: number };
  readonly clock: Clock;
  readonly announce: Announce;
}

/** What a person looks at or asks for, fetched at once by a session of its own, beside whatever sync does. */
export interface OnDemand {
  /** What belongs to the conversation and is not here: its members first, then attachments that the policy copies. */
  wants(conversationId: ConversationId): void;
  /**
   * Fetches the message of an attachment whole, however large it is. Errors: `server.unavailable` while Exchange is not the
   * route, `notFound` when Exchange does not have it any more, those of the network.
   */
  attachment(attachmentId: AttachmentId): Promise<Result<null, AppError>>;
  /**
   * Fetches attachments that the policy copies and that are not here, newest first, as far as the disk budget has room:
   * they made room once, or the policy has changed.
   */
  fill(): void;
  /** What is being fetched by `attachment`. */
  progress(): readonly FetchProgress[];
  stop(): Promise<void>;
}

export function createOnDemand(setup: OnDemandSetup, folderSync: Pick<FolderSync, 'fetch'>): OnDemand {
  const { account, db, openSession, routes, policy, clock, announce } = setup;
  let session: ImapSession | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let cancelClosing = (): void => {};
  let isStopped = false;
  let filling: Promise<void> | null = null;
  const fetching = new Map<MessageId, FetchProgress>();
  const wanted = new Set<ConversationId>();
  // Not tried again by itself: the server did not give them.
  const withheld = new Set<MessageId>();

  const largestByPolicy = (): number => policy.largestAttachmentMegabytes * megabyte;

  const close = async (): Promise<void> => {
    const open = session;
    session = null;
    await open?.close();
  };

  /** One after the other, on one session, which is kept for a while. */
  const withSession = <T>(
    run: (session: ImapSession) => Promise<Result<T, AppError>>,
  ): Promise<Result<T, AppError>> => {
    const mine = last.then(async () => {
      if (isStopped || routes.reading() !== 'primary')
        return err(appError('server.unavailable', 'later', { reason: 'notTheRoute' }));
      cancelClosing();
      if (session?.isUsable !== true) {
        const opened = await openSession('primary');
        if (!opened.ok) return opened;
        session = opened.value;
      }
      try {
        return await run(session);
      } catch (error) {
        return err(classifyStorageError(error));
      } finally {
        if (isStopped) await close();
        else cancelClosing = clock.after(quietMs, () => void close());
      }
    });
    last = mine.catch(() => {});
    return mine;
  };

  /** `largest`: bytes; what is larger stays an entry. */
  const complete = async (
    open: ImapSession,
    place: FetchPlace,
    largest: number | null,
    arrived: (bytes: number) => void,
  ): Promise<Result<null, AppError>> => {
    const gone = err(appError('notFound', 'later', { reason: 'notOnTheServer' }));
    const opened = await open.open(place.path);
    if (!opened.ok) return opened;
    if (opened.value.uidValidity !== place.uidValidity) return gone;
    let found: RemoteMessage | null = null;
    const receive = async (message: RemoteMessage): Promise<void> => {
      found = message;
    };
    // In base64 it is a third more.
    const bytes = place.absentSize * 1.4;
    const fetched = await open.fetch([place.uid], receive, { bytes, arrived });
    if (!fetched.ok) return fetched;
    const message = found as RemoteMessage | null;
    if (message === null) return gone;
    const parsed = await parseMessage(message.source);
    const { messageId } = place;
    db.transaction(() => {
      // It may have gone meanwhile, or somebody else was faster.
      if (placeOfAbsent(db, messageId) === null) return;
      const content = { accountId: account.id, parsed };
      completeMessage(db, messageId, largest === null ? content : { ...content, largestAttachment: largest });
    }).immediate();
    announce('conversations');
    return ok(null);
  };

  const fetchMembers = async (
    open: ImapSession,
    conversationId: ConversationId,
  ): Promise<Result<null, AppError>> => {
    const members = Map.groupBy(missingMembers(db, account.id, conversationId), ({ folderId }) => folderId);
    for (const [folderId, missing] of members) {
      const folder = folderPlace(db, folderId as FolderId);
      if (folder === null) continue;
      const fetched = await folderSync.fetch(
        {
          session: open,
          route: 'primary',
          folder: { ...folder, holdsMail: true },
          mayRemove: false,
          planned: () => {},
          changed: () => announce('conversations'),
        },
        missing.map(({ uid }) => uid),
      );
      if (!fetched.ok) return fetched;
    }
    return ok(null);
  };

  const fetchWanted = async (
    open: ImapSession,
    conversationId: ConversationId,
  ): Promise<Result<null, AppError>> => {
    const members = await fetchMembers(open, conversationId);
    if (!members.ok) return members;
    const largest = largestByPolicy();
    const lacking = lackingAttachments(db, account.id, { largest, conversationId, limit: mostMessages });
    for (const messageId of lacking) {
      const place = placeOfAbsent(db, messageId);
      if (place === null) continue;
      const completed = await complete(open, place, largest, () => {});
      if (!completed.ok && !open.isUsable) return completed;
    }
    return ok(null);
  };

  const isLacking = (conversationId: ConversationId): boolean =>
    missingMembers(db, account.id, conversationId).length > 0 ||
    lackingAttachments(db, account.id, {
      largest: largestByPolicy(),
      conversationId,
      limit: 1,
    }).length > 0;

  const fill = async (): Promise<void> => {
    const lacking = lackingAttachments(db, account.id, {
      largest: largestByPolicy(),
      conversationId: null,
      limit: mostAtOnce,
    });
    for (const messageId of lacking) {
      const place = withheld.has(messageId) ? null : placeOfAbsent(db, messageId);
      if (place === null) continue;
      const room = bytesOfRoom(usedBytes(db), policy.diskMegabytes * megabyte);
      if (place.absentSize > room) return;
      const completed = await withSession((open) => complete(open, place, largestByPolicy(), () => {}));
      if (completed.ok) continue;
      if (completed.error.code !== 'notFound') return;
      withheld.add(messageId);
    }
  };

  return {
    fill: () => {
      filling ??= fill().finally(() => {
        filling = null;
      });
    },

    wants: (conversationId) => {
      if (wanted.has(conversationId) || routes.reading() !== 'primary' || !isLacking(conversationId)) return;
      wanted.add(conversationId);
      void withSession((open) => fetchWanted(open, conversationId)).finally(() =>
        wanted.delete(conversationId),
      );
    },

    attachment: async (attachmentId) => {
      const found = messageOfAttachment(db, attachmentId);
      if (found === null) return err(appError('notFound', 'never'));
      if (found.isHere) return ok(null);
      const { messageId } = found;
      const show = (progress: FetchProgress): void => {
        fetching.set(messageId, progress);
        announce('attachments');
      };
      const place = placeOfAbsent(db, messageId);
      if (place === null) return err(appError('notFound', 'later', { reason: 'notOnTheServer' }));
      const total = Math.max(1, Math.round(place.absentSize * 1.37));
      show({ messageId, received: 0, total });
      const fetched = await withSession((open) =>
        complete(open, place, null, (bytes) => show({ messageId, received: Math.min(bytes, total), total })),
      );
      fetching.delete(messageId);
      announce('attachments');
      return fetched;
    },

    progress: () => [...fetching.values()],

    stop: async () => {
      isStopped = true;
      cancelClosing();
      await close();
      await last;
      await filling;
    },
  };
}
