import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountId, EpochMs, FolderId, MessageId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { storeMessage } from '../cache/messages.ts';
import {
  applyPlan,
  beginFolder,
  completeFolder,
  dropPushedFlagChanges,
  flagsToPush,
  knownFolder,
  notePushed,
  recordCopy,
} from '../cache/queries/sync-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { FolderRole, ImapSession, RemoteFlags, RemoteFolder, RemoteMessage } from '../mail/types.ts';
import { parseMessage } from '../mime/parse.ts';
import type { ParsedMessage } from '../mime/types.ts';
import type { Clock, Logger } from '../ports.ts';
import { type FolderPlan, type Placed, planFolder } from './core/plan.ts';

/** Messages that are stored in one transaction at most, so that questions of the window get through in between. */
const batchMessages = 50;
/** A batch is stored early when it has grown to this many bytes. */
const batchBytes = 8 * 1024 * 1024;
const withheldMs = 15 * 60_000;
const dayMs = 86_400_000;
/** The only flags that the offline copy knows. */
const knownFlags: ReadonlySet<string> = new Set([
  '\\Seen',
  '\\Answered',
  '\\Flagged',
  '\\Deleted',
  '\\Draft',
]);

export interface StoredFromServer {
  readonly messageId: MessageId;
  readonly route: Route;
  readonly folderRole: FolderRole;
  readonly isNew: boolean;
}

interface FolderSyncSetup {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  /** Whether mail from this address is the account's own. */
  readonly isOwnAddress: (address: string) => boolean;
  /** Read at every pass. */
  readonly policy: { readonly windowDays: number };
  readonly clock: Clock;
  readonly log: Logger;
  /** Called inside the transaction that stores the message, after its copy was noted. */
  readonly onStored: (message: StoredFromServer) => void;
}

export interface FolderPass {
  readonly session: ImapSession;
  readonly route: Route;
  readonly folder: RemoteFolder;
  /** Whether what the server no longer has may be removed here as well. */
  readonly mayRemove: boolean;
  /** How many messages the plan fetches. */
  readonly planned: (count: number) => void;
  /** After each batch, with the number of its messages; 0 when something else has changed. */
  readonly changed: (stored: number) => void;
}

export type SyncFolder = (pass: FolderPass) => Promise<Result<null, AppError>>;

/** Brings the offline copy of one folder into agreement with the server. It never throws. */
export function createFolderSync(setup: FolderSyncSetup): SyncFolder {
  const { account, db, clock, log } = setup;
  // What the server did not give when it was asked (stubs, items it cannot render), and when it is asked again.
  const withheld = new Map<FolderId, ReadonlyMap<number, EpochMs>>();
  // Folders whose window has been looked through since the start, and under which UIDVALIDITY.
  const surveyed = new Map<FolderId, number>();

  const pushFlags = async (pass: FolderPass, folderId: FolderId): Promise<Result<null, AppError>> => {
    for (const change of flagsToPush(db, folderId)) {
      const pushed = await pass.session.setFlag(pass.folder.path, change.uid, change.flag, change.isSet);
      if (pushed.ok) notePushed(db, folderId, change);
      else if (!pass.session.isUsable) return pushed;
      else log.warn('flag not taken', { code: pushed.error.code, route: pass.route });
    }
    return ok(null);
  };

  const store = async (
    pass: FolderPass,
    folderId: FolderId,
    batch: readonly RemoteMessage[],
  ): Promise<void> => {
    const parsed: { readonly remote: RemoteMessage; readonly message: ParsedMessage }[] = [];
    for (const remote of batch) {
      parsed.push({ remote, message: await parseMessage(remote.source) });
      await yieldToOthers();
    }
    db.transaction(() => {
      for (const { remote, message } of parsed) {
        const flags = shownFlags(remote.flags);
        const { messageId, isNew } = storeMessage(db, {
          accountId: account.id,
          parsed: message,
          receivedAt: remote.internalDate,
          flags,
          // A colleague's answer in a shared mailbox, and what was sent as somebody else, stand in Sent.
          isFromMe: pass.folder.role === 'sent' || setup.isOwnAddress(message.from.address),
          folderRole: pass.folder.role,
          keepSource: pass.route === 'continuity' ? remote.source : null,
        });
        const { uid, internalDate } = remote;
        recordCopy(db, { accountId: account.id, folderId, messageId, uid, flags, internalDate });
        setup.onStored({ messageId, route: pass.route, folderRole: pass.folder.role, isNew });
      }
    }).immediate();
    pass.changed(parsed.length);
    await yieldToOthers();
  };

  const download = async (
    pass: FolderPass,
    folderId: FolderId,
    newestFirst: readonly number[],
  ): Promise<Result<null, AppError>> => {
    for (let at = 0; at < newestFirst.length; at += batchMessages) {
      const uids = newestFirst.slice(at, at + batchMessages);
      const missing = new Set(uids);
      let batch: RemoteMessage[] = [];
      let bytes = 0;
      const flush = async (): Promise<void> => {
        const full = batch;
        batch = [];
        bytes = 0;
        await store(pass, folderId, full);
      };
      const fetched = await pass.session.fetch(uids, async (message) => {
        missing.delete(message.uid);
        batch.push(message);
        bytes += message.source.length;
        if (bytes >= batchBytes) await flush();
      });
      await flush();
      if (!fetched.ok) return fetched;
      if (missing.size > 0) {
        log.warn('messages withheld by the server', { count: missing.size, route: pass.route });
        const askAgainAt = clock.now() + withheldMs;
        const entries = [...missing].map((uid) => [uid, askAgainAt] as const);
        withheld.set(folderId, new Map([...(withheld.get(folderId) ?? []), ...entries]));
      }
    }
    return ok(null);
  };

  /** Of `uids`, those that the server does not have when it is asked for each of them. */
  const confirmGone = async (
    session: ImapSession,
    uids: readonly number[],
  ): Promise<Result<readonly number[], AppError>> => {
    const gone = new Set(uids);
    for (let at = 0; at < uids.length; at += 500) {
      const asked = await session.flags(uids.slice(at, at + 500).join(','));
      if (!asked.ok) return asked;
      for (const { uid } of asked.value) gone.delete(uid);
    }
    return ok([...gone]);
  };

  const syncOpened = async (pass: FolderPass): Promise<Result<null, AppError>> => {
    const { session, route, folder } = pass;
    const { path, role } = folder;
    const windowStart: EpochMs = clock.now() - setup.policy.windowDays * dayMs;
    const opened = await session.open(path);
    if (!opened.ok) return opened;
    const { uidValidity, uidNext, messageCount } = opened.value;

    let known = knownFolder(db, { accountId: account.id, route, path, role });
    const folderId = known.id;
    if (known.uidValidity === uidValidity) {
      const pushed = await pushFlags(pass, folderId);
      if (!pushed.ok) return pushed;
      known = knownFolder(db, { accountId: account.id, route, path, role });
    }

    const isSame = known.uidValidity === uidValidity;
    const from = isSame ? (known.copies[0]?.uid ?? known.uidNext ?? uidNext) : uidNext;
    const answer = await session.flags(`${from}:*`);
    if (!answer.ok) return answer;
    const present = answer.value.map(placed);
    const isSurveyed = isSame && surveyed.get(folderId) === uidValidity;
    const hasNews = present.some(({ uid }) => uid >= (known.uidNext ?? 0));
    const refused = withheld.get(folderId) ?? new Map<number, EpochMs>();
    const isTime = [...refused.values()].some((askAgainAt) => askAgainAt <= clock.now());
    const window =
      isSurveyed && !hasNews && !isTime
        ? ok(known.copies.map(({ uid }) => uid))
        : await session.uidsSince(windowStart);
    if (!window.ok) return window;

    const plan: FolderPlan = planFolder(known, {
      uidValidity,
      wanted: window.value.filter((uid) => (refused.get(uid) ?? 0) <= clock.now()),
      present,
      from,
      isPartial: !pass.mayRemove || (from === 1 && present.length < messageCount),
    });
    if (plan.reset || known.uidValidity === null) {
      withheld.delete(folderId);
      beginFolder(db, folderId, uidValidity);
    }
    const gone = await confirmGone(session, plan.remove);
    if (!gone.ok) return gone;
    if (applyPlan(db, folderId, { updateFlags: plan.updateFlags, remove: gone.value })) pass.changed(0);
    pass.planned(plan.fetch.length);
    const downloaded = await download(pass, folderId, plan.fetch);
    if (!downloaded.ok) return downloaded;
    surveyed.set(folderId, uidValidity);
    completeFolder(db, folderId, {
      uidNext: Math.max(uidNext, ...window.value.slice(-1).map((uid) => uid + 1)),
      now: clock.now(),
      removeSince: pass.mayRemove ? windowStart : null,
    });
    if (route === 'primary') dropPushedFlagChanges(db, account.id);
    return ok(null);
  };

  return async (pass) => {
    try {
      return await syncOpened(pass);
    } catch (error) {
      return err(storageFailure(error, log));
    }
  };
}

function storageFailure(error: unknown, log: Logger): AppError {
  try {
    return classifyStorageError(error);
  } catch (bug) {
    log.warn('sync failed unexpectedly', { reason: bug instanceof Error ? bug.name : 'unknown' });
    return appError('engine.failed', 'later');
  }
}

function placed({ uid, flags }: RemoteFlags): Placed {
  return { uid, flags: shownFlags(flags) };
}

function shownFlags(flags: readonly string[]): readonly string[] {
  return flags.filter((flag) => knownFlags.has(flag)).sort();
}

function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
