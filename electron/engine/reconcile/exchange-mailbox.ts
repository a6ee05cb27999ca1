import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { OpenEntry } from '../cache/queries/journal-store.ts';
import { findSame } from '../mail/find-same.ts';
import type { FolderRole, ImapSession, RemoteFolder } from '../mail/types.ts';
import type { Fingerprint } from '../mime/fingerprint.ts';

/** Where a message stands in Exchange. */
export interface ExchangeCopy {
  readonly folder: string;
  readonly uid: number;
}

export interface MessageToCarry {
  readonly source: Uint8Array;
  readonly flags: readonly string[];
  readonly internalDate: EpochMs;
}

/** Exchange, as far as carrying over needs it, over one connection. */
export interface ExchangeMailbox {
  readonly isUsable: boolean;
  /** Looks in every folder that has received anything since then: a rule may have moved what the gateway delivered. */
  find(entry: OpenEntry, since: EpochMs): Promise<Result<ExchangeCopy | null, AppError>>;
  /**
   * Puts it where it belongs, and yields where it then was found to stand. Several laptops may carry one mailbox over: of
   * two copies the one with the lower UID stays, and whoever put the other there takes it away again.
   */
  append(entry: OpenEntry, message: MessageToCarry): Promise<Result<ExchangeCopy, AppError>>;
  setFlags(copy: ExchangeCopy, flags: readonly string[]): Promise<Result<null, AppError>>;
  close(): Promise<void>;
}

/** Servers' and this laptop's clocks may differ by this much. */
const clockTolerance: EpochMs = 24 * 60 * 60_000;

/**
 * Whether a copy in a folder of that role is the one that the journal means: mail to oneself stands in Inbox and in
 * Sent, and one does not stand for the other. A draft stands for neither.
 */
export function countsFor(direction: OpenEntry['direction'], role: FolderRole): boolean {
  return role !== 'drafts' && role !== (direction === 'received' ? 'sent' : 'inbox');
}

/** `since`: nothing that is to be found has an earlier date. */
export async function openExchangeMailbox(
  open: () => Promise<Result<ImapSession, AppError>>,
  since: EpochMs,
  fingerprint: (entry: OpenEntry) => Fingerprint | null,
): Promise<Result<ExchangeMailbox, AppError>> {
  const opened = await open();
  if (!opened.ok) return opened;
  const session = opened.value;
  const folders = await foldersToSearch(session, since - clockTolerance);
  if (folders.ok) return ok(mailboxOver(session, folders.value, fingerprint));
  await session.close();
  return folders;
}

async function foldersToSearch(
  session: ImapSession,
  since: EpochMs,
): Promise<Result<readonly RemoteFolder[], AppError>> {
  const all = await session.folders();
  if (!all.ok) return all;
  const searched: RemoteFolder[] = [];
  for (const folder of all.value.filter(({ holdsMail }) => holdsMail)) {
    const isTarget = folder.role === 'inbox' || folder.role === 'sent';
    if (!isTarget) {
      const found = await session.open(folder.path);
      if (!found.ok && !session.isUsable) return found;
      const uids = found.ok ? await session.uidsSince(since) : found;
      if (!uids.ok && !session.isUsable) return uids;
      // A folder that cannot be read cannot be searched either.
      if (!uids.ok || uids.value.length === 0) continue;
    }
    searched.push(folder);
  }
  return ok(searched);
}

function mailboxOver(
  session: ImapSession,
  folders: readonly RemoteFolder[],
  fingerprint: (entry: OpenEntry) => Fingerprint | null,
): ExchangeMailbox {
  const look = (path: string, entry: OpenEntry, since: EpochMs) =>
    findSame(session, path, {
      internetMessageId: entry.internetMessageId,
      fingerprint: fingerprint(entry),
      since: since - clockTolerance,
    });
  const targetOf = (entry: OpenEntry): string | undefined =>
    folders.find(({ role }) => role === (entry.direction === 'received' ? 'inbox' : 'sent'))?.path;

  return {
    get isUsable() {
      return session.isUsable;
    },
    find: async (entry, since) => {
      for (const { path, role } of folders) {
        if (!countsFor(entry.direction, role)) continue;
        const found = await look(path, entry, since);
        if (!found.ok) return found;
        if (found.value !== null) return ok({ folder: path, uid: found.value });
      }
      return ok(null);
    },
    append: async (entry, { source, flags, internalDate }) => {
      const folder = targetOf(entry);
      if (folder === undefined) return err(appError('notFound', 'later', { folder: 'target' }));
      const appended = await session.append(folder, source, flags, internalDate);
      if (!appended.ok) return appended;
      const seen = await look(folder, entry, internalDate);
      if (!seen.ok) return seen;
      if (seen.value === null)
        return err(appError('server.protocol', 'later', { append: 'notFoundAfterwards' }));
      const { uid } = appended.value;
      if (uid !== null && seen.value < uid) {
        const removed = await session.remove(folder, uid);
        if (!removed.ok) return removed;
      }
      return ok({ folder, uid: seen.value });
    },
    setFlags: async ({ folder, uid }, flags) => {
      for (const flag of flags) {
        const stored = await session.setFlag(folder, uid, flag, true);
        if (!stored.ok) return stored;
      }
      return ok(null);
    },
    close: () => session.close(),
  };
}
