import { type AppError, appError } from '../../../shared/errors.ts';
import type { FetchProgress } from '../../../shared/model/conversation.ts';
import type {
  AccountId,
  AttachmentId,
  ConversationId,
  EpochMs,
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
import type { ParsedMessage } from '../mime/types.ts';
import type { Announce, Clock, Routes } from '../ports.ts';
import { fetchSlim } from './attachments-left-out.ts';
import { bytesOfRoom } from './core/disk-budget.ts';
import type { FolderSync } from './folder-sync.ts';
import { missingMembers } from './members.ts';

const megabyte = 1024 * 1024;
/** In base64, with its line ends, it is so much more. */
const encoded = 78 / 57;
/** A session that nobody needed for so long is closed: others wait for its place. */
const quietMs = 2000;
/** After so long it is given to whoever waits for it, between two messages. */
const longestUseMs = 10_000;
/** Messages of an opened conversation whose attachments are brought back. */
const mostMessages = 50;
/** Messages whose attachments are brought back by itself between two looks through the folders. */
const mostAtOnce = 500;

const notNow = err(appError('server.unavailable', 'later', { reason: 'notTheRoute' }));

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
  let openedAt: EpochMs = 0;
  let isStopped = false;
  let stopNow: (stopped: null) => void = () => {};
  const stopping = new Promise<null>((resolve) => {
    stopNow = resolve;
  });
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

  /** Does not wait for a server that hangs, nor for a free connection, once all of it ends. */
  const openUnlessStopped = async (): Promise<Result<ImapSession, AppError>> => {
    const opening = openSession('primary');
    const opened = await Promise.race([opening, stopping]);
    if (opened !== null) return opened;
    void opening.then((late) => (late.ok ? late.value.close() : undefined));
    return notNow;
  };

  /** One after the other, on one session, which is kept for a while. */
  const withSession = <T>(
    run: (session: ImapSession) => Promise<Result<T, AppError>>,
  ): Promise<Result<T, AppError>> => {
    const mine = last.then(async () => {
      if (isStopped || routes.reading() !== 'primary') return notNow;
      cancelClosing();
      if (session?.isUsable !== true) {
        const opened = await openUnlessStopped();
        if (!opened.ok) return opened;
        session = opened.value;
        openedAt = clock.now();
      }
      try {
        return await run(session);
      } catch (error) {
        return err(classifyStorageError(error));
      } finally {
        if (isStopped || clock.now() - openedAt > longestUseMs) await close();
        else cancelClosing = clock.after(quietMs, () => void close());
      }
    });
    last = mine.catch(() => {});
    return mine;
  };

  /** A message of the open folder: whole, or without what is larger than `largest` bytes; null: the server has it no more. */
  const fetchMessage = async (
    open: ImapSession,
    { uid, absentSize }: FetchPlace,
    largest: number,
    arrived: (bytes: number) => void,
  ): Promise<Result<ParsedMessage | null, AppError>> => {
    const claimed = Math.ceil(absentSize * encoded);
    if (absentSize > largest) {
      const slim = await fetchSlim(open, uid, { largest, claimed });
      if (!slim.ok) return slim;
      if (slim.value.kind === 'gone') return ok(null);
      if (slim.value.kind === 'slim') return ok(slim.value.fetched.message);
    }
    let found: RemoteMessage | null = null;
    const receive = async (message: RemoteMessage): Promise<void> => {
      found = message;
    };
    const fetched = await open.fetch([uid], receive, { bytes: claimed, arrived });
    if (!fetched.ok) return fetched;
    const message = found as RemoteMessage | null;
    return ok(message === null ? null : await parseMessage(message.source));
  };

  /** `largest`: bytes; what is larger and not here stays an entry. */
  const complete = async (
    open: ImapSession,
    place: FetchPlace,
    largest: number,
    arrived: (bytes: number) => void = () => {},
  ): Promise<Result<null, AppError>> => {
    const gone = err(appError('notFound', 'later', { reason: 'notOnTheServer' }));
    const { messageId } = place;
    const opened = await open.open(place.path);
    if (!opened.ok) return opened;
    if (opened.value.uidValidity !== place.uidValidity) return gone;
    const largestAttachment = Math.max(largest, place.largestHere);
    const parsed = await fetchMessage(open, place, largestAttachment, arrived);
    if (!parsed.ok) return parsed;
    if (parsed.value === null) return gone;
    const content = { accountId: account.id, parsed: parsed.value, largestAttachment };
    db.transaction(() => {
      // It may have gone meanwhile, or somebody else was faster.
      if (placeOfAbsent(db, messageId) !== null) completeMessage(db, messageId, content);
    }).immediate();
    announce('conversations');
    return ok(null);
  };

  /** What the server withheld lately is not asked for again. */
  const askable = (conversationId: ConversationId) =>
    missingMembers(db, account.id, conversationId).filter(
      ({ withheldUntil }) => (withheldUntil ?? 0) <= clock.now(),
    );

  const fetchMembers = async (
    open: ImapSession,
    conversationId: ConversationId,
  ): Promise<Result<null, AppError>> => {
    const members = Map.groupBy(askable(conversationId), ({ folderId }) => folderId);
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
      const completed = await complete(open, place, largest);
      if (!completed.ok && !open.isUsable) return completed;
    }
    return ok(null);
  };

  const isLacking = (conversationId: ConversationId): boolean =>
    askable(conversationId).length > 0 ||
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
      const completed = await withSession((open) => complete(open, place, largestByPolicy()));
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
      const total = Math.max(1, Math.round(place.absentSize * encoded));
      show({ messageId, received: 0, total });
      const fetched = await withSession((open) =>
        complete(open, place, Number.POSITIVE_INFINITY, (bytes) =>
          show({ messageId, received: Math.min(bytes, total), total }),
        ),
      );
      fetching.delete(messageId);
      announce('attachments');
      return fetched;
    },

    progress: () => [...fetching.values()],

    stop: async () => {
      isStopped = true;
      stopNow(null);
      cancelClosing();
      await close();
      await last;
      await filling;
    },
  };
}
