import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountId, EpochMs, FolderId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { forwardedKeyword, forwardedToTell, noteForwardedTold } from '../cache/queries/forwarding-store.ts';
import { noteWithheld, recordSurveyed, withheldIn } from '../cache/queries/survey-store.ts';
import {
  applyPlan,
  beginFolder,
  completeFolder,
  dropPushedFlagChanges,
  flagsToPush,
  knownFolder,
  notePushed,
  type SyncedFolder,
} from '../cache/queries/sync-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type {
  ImapSession,
  OpenedFolder,
  RemoteChanges,
  RemoteFlags,
  RemoteFolder,
  RemotePlace,
} from '../mail/types.ts';
import type { Clock, Logger } from '../ports.ts';
import { confirmGone } from './confirm-gone.ts';
import { type Placed, planFolder, type ToldFolder } from './core/plan.ts';
import { isTime, withheldMs } from './core/window.ts';
import {
  createDownload,
  type DownloadPlace,
  type StoredFromServer,
  type StoreElsewhere,
} from './download.ts';
import { createLookThrough } from './look-through.ts';
import { shownFlags } from './turns.ts';
import type { Window } from './window.ts';

/** The newest copies, whose flags are compared in every pass; the others have their turn in a look through the folder. */
const everydayCopies = 500;
/** So many of a folder that is new are copied before anything else. */
const newestCopies = 500;

interface FolderSyncSetup {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  /** Whether mail from this address is the account's own. */
  readonly isOwnAddress: (address: string) => boolean;
  /** Read at every pass. */
  readonly policy: { readonly windowDays: number; readonly largestAttachmentMegabytes: number };
  readonly window: Window;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called after every batch from Exchange: the copy has grown. */
  readonly makeRoom: () => Promise<void>;
  /** Called inside the transaction that stores the message, after its copy was noted. */
  readonly onStored: (message: StoredFromServer) => void;
  readonly storeElsewhere?: StoreElsewhere;
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

/** The steps that bring the offline copy of one folder into agreement with the server. None ever throws. */
export interface FolderSync {
  /** Our flags there, then what is new, changed or gone among the newest, and all of the window. */
  everyday(pass: FolderPass): Promise<Result<null, AppError>>;
  /** Every message of the folder: its flags, whether it is still there, and what ties it to conversations. */
  lookThrough(pass: FolderPass): Promise<Result<null, AppError>>;
  /** Copies these besides, newest first. */
  fetch(pass: FolderPass, uids: readonly number[]): Promise<Result<null, AppError>>;
}

export function createFolderSync(setup: FolderSyncSetup): FolderSync {
  const { account, db, clock, log } = setup;
  const download = createDownload(setup);
  // Folders whose window has been looked through, under which UIDVALIDITY, and how long it was.
  const surveyed = new Map<FolderId, string>();
  const { window } = setup;

  const noteDay = ({ route }: FolderPass, places: readonly RemotePlace[]): void => {
    if (route === 'primary') for (const { internalDate } of places) window.noteArrival(internalDate);
  };

  /** When nothing of these days is known: the clock may be wrong, and what the server has says so. */
  const askWhatDayItIs = async (pass: FolderPass, messageCount: number): Promise<Result<null, AppError>> => {
    const { session, route } = pass;
    if (route !== 'primary' || messageCount === 0 || !window.isEmpty()) return ok(null);
    const newest = await session.places(Math.max(1, messageCount - newestCopies + 1), messageCount);
    if (newest.ok) noteDay(pass, newest.value);
    return newest.ok ? ok(null) : newest;
  };

  const pushFlags = async (pass: FolderPass, folderId: FolderId): Promise<Result<null, AppError>> => {
    for (const change of flagsToPush(db, folderId)) {
      const pushed = await pass.session.setFlag(pass.folder.path, change.uid, change.flag, change.isSet);
      if (pushed.ok) notePushed(db, folderId, change);
      else if (!pass.session.isUsable) return pushed;
      else log.warn('flag not taken', { code: pushed.error.code, route: pass.route });
    }
    for (const uid of pass.route === 'primary' ? forwardedToTell(db, folderId) : []) {
      const told = await pass.session.setFlag(pass.folder.path, uid, forwardedKeyword, true);
      if (!told.ok && !pass.session.isUsable) return told;
      noteForwardedTold(db, folderId, uid, clock.now());
    }
    return ok(null);
  };

  /** Downloads, and notes what the server did not give. */
  const copy = async (
    pass: FolderPass,
    folderId: FolderId,
    uids: readonly number[],
  ): Promise<Result<null, AppError>> => {
    pass.planned(uids.length);
    const { session, route, changed } = pass;
    const place: DownloadPlace = { session, route, folderId, role: pass.folder.role, changed };
    const downloaded = await download(place, uids);
    if (!downloaded.ok) return downloaded;
    if (downloaded.value.length > 0) {
      log.warn('messages withheld by the server', { count: downloaded.value.length, route });
      const now = clock.now();
      recordSurveyed(
        db,
        { accountId: account.id, folderId },
        downloaded.value.map((uid) => ({ uid, internalDate: now, isFlagged: false, keys: [] })),
      );
      noteWithheld(db, folderId, downloaded.value, now + withheldMs);
    }
    return ok(null);
  };

  const lookThrough = createLookThrough({ ...setup, windowStart: window.start, copy });

  /** What a person sees first does not wait until it is known what there is besides. */
  const copyNewest = async (
    pass: FolderPass,
    folderId: FolderId,
    messageCount: number,
  ): Promise<Result<null, AppError>> => {
    if (messageCount === 0) return ok(null);
    const places = await pass.session.places(Math.max(1, messageCount - newestCopies + 1), messageCount);
    if (!places.ok) return places;
    noteDay(pass, places.value);
    const since = window.start();
    const recent = places.value.filter(({ internalDate }) => internalDate >= since);
    return copy(
      pass,
      folderId,
      recent.map(({ uid }) => uid).sort((a, b) => b - a),
    );
  };

  const everyday = async (pass: FolderPass): Promise<Result<null, AppError>> => {
    const { session, route, folder } = pass;
    const { path, role } = folder;
    const opened = await session.open(path);
    if (!opened.ok) return opened;
    const { uidValidity, uidNext } = opened.value;

    let known = knownFolder(db, { accountId: account.id, route, path, role });
    const folderId = known.id;
    if (known.uidValidity === uidValidity) {
      const pushed = await pushFlags(pass, folderId);
      if (!pushed.ok) return pushed;
      known = knownFolder(db, { accountId: account.id, route, path, role });
    }

    if (known.uidValidity === null) {
      beginFolder(db, folderId, uidValidity);
      const newest = await copyNewest(pass, folderId, opened.value.messageCount);
      if (!newest.ok) return newest;
      known = knownFolder(db, { accountId: account.id, route, path, role });
    }

    const isSame = known.uidValidity === uidValidity;
    const told = await tellFolder(session, opened.value, known);
    if (!told.ok) return told;
    const { present } = told.value;
    const survey = `${uidValidity} ${setup.policy.windowDays}`;
    // A pass that was complete has seen all of the window; if that was another one, the next look through tells.
    if (isSame && known.uidNext !== null && !surveyed.has(folderId)) surveyed.set(folderId, survey);
    const isSurveyed = isSame && surveyed.get(folderId) === survey;
    const hasNews = [...present, { uid: uidNext - 1 }].some(({ uid }) => uid >= (known.uidNext ?? 0));
    const withheld = withheldIn(db, folderId);
    const isDue = (askAgainAt: EpochMs): boolean => isTime(askAgainAt, clock.now(), withheldMs);
    const isSettled = isSurveyed && ![...withheld.values()].some(isDue);
    const isQuiet = isSettled && !hasNews;
    const day = isQuiet ? ok(null) : await askWhatDayItIs(pass, opened.value.messageCount);
    if (!day.ok) return day;
    const came = isQuiet
      ? ok([])
      : await session.uidsSince(window.start(), isSettled ? (known.uidNext ?? 1) : undefined);
    if (!came.ok) return came;
    const wanted = [...(isSettled ? known.copies.map(({ uid }) => uid) : []), ...came.value];

    const plan = planFolder(known, {
      uidValidity,
      wanted: wanted.filter((uid) => isDue(withheld.get(uid) ?? 0)),
      ...told.value,
    });
    if (plan.reset) beginFolder(db, folderId, uidValidity);
    const gone = await confirmGone(session, pass.mayRemove ? plan.remove : []);
    if (!gone.ok) return gone;
    if (applyPlan(db, folderId, { updateFlags: plan.updateFlags, remove: gone.value })) pass.changed(0);
    const copied = await copy(pass, folderId, plan.fetch);
    if (!copied.ok) return copied;
    surveyed.set(folderId, survey);
    completeFolder(db, folderId, {
      uidNext: Math.max(uidNext, ...wanted.slice(-1).map((uid) => uid + 1)),
      now: clock.now(),
      // What may not be removed yet has to be told of again.
      modSeq: pass.mayRemove || plan.remove.length === 0 ? (opened.value.modSeq ?? null) : known.modSeq,
    });
    if (route === 'primary') dropPushedFlagChanges(db, account.id, clock.now());
    return ok(null);
  };

  /** Opens the folder and runs `step`, if its UIDs still mean what they meant in the everyday pass. */
  const inFolder =
    (step: (pass: FolderPass, folderId: FolderId, messageCount: number) => Promise<Result<null, AppError>>) =>
    async (pass: FolderPass): Promise<Result<null, AppError>> => {
      const opened = await pass.session.open(pass.folder.path);
      if (!opened.ok) return opened;
      const { id, uidValidity } = knownFolder(db, {
        accountId: account.id,
        route: pass.route,
        ...pass.folder,
      });
      return uidValidity === opened.value.uidValidity ? step(pass, id, opened.value.messageCount) : ok(null);
    };

  /** Runs a step; an expected failure of the database is one of the step. */
  const safely = async (step: () => Promise<Result<null, AppError>>): Promise<Result<null, AppError>> => {
    try {
      return await step();
    } catch (error) {
      return err(storageFailure(error, log));
    }
  };

  return {
    everyday: (pass) => safely(() => everyday(pass)),
    lookThrough: (pass) => safely(() => inFolder(lookThrough)(pass)),
    fetch: (pass, uids) =>
      safely(() =>
        inFolder((_, folderId) =>
          copy(
            pass,
            folderId,
            [...uids].sort((a, b) => b - a),
          ),
        )(pass),
      ),
  };
}

/**
 * What the server has of the folder that is open: where it says what has happened since the last pass (RFC 7162), that;
 * else the newest, and everything from there on. A sequence that has gone back is not believed.
 */
async function tellFolder(
  session: ImapSession,
  { uidValidity, uidNext, messageCount, modSeq }: OpenedFolder,
  known: SyncedFolder,
): Promise<Result<Pick<ToldFolder, 'present' | 'from' | 'isPartial' | 'vanished'>, AppError>> {
  const isSame = known.uidValidity === uidValidity;
  const since = isSame ? known.modSeq : null;
  if (since !== null && modSeq !== undefined && since <= modSeq && messageCount > 0) {
    const nothing: Result<RemoteChanges, AppError> = ok({ changed: [], vanished: [] });
    const told = since === modSeq ? nothing : await session.changes(since);
    if (!told.ok) return told;
    const { changed, vanished } = told.value;
    return ok({ present: changed.map(placed), vanished, from: uidNext, isPartial: true });
  }
  const oldest = known.copies.at(-everydayCopies) ?? known.copies[0];
  const from = isSame ? (oldest?.uid ?? known.uidNext ?? uidNext) : uidNext;
  const answer = await session.flags(`${from}:*`);
  if (!answer.ok) return answer;
  const isPartial = from === 1 && answer.value.length < messageCount;
  return ok({ present: answer.value.map(placed), vanished: [], from, isPartial });
}

/** What a thrown error comes to, as a failure that sync can go on after. */
export function storageFailure(error: unknown, log: Logger): AppError {
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
