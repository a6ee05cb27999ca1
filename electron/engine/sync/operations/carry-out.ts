import type { AppError } from '../../../../shared/errors.ts';
import type { DecisionCode } from '../../../../shared/model/conversation.ts';
import type { AccountId, EpochMs, FolderId } from '../../../../shared/model/ids.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type { Database } from '../../cache/database.ts';
import { fingerprintOfStored } from '../../cache/identity.ts';
import { noteChangeInLedger } from '../../cache/queries/ledger-store.ts';
import {
  buryMessage,
  displaceCopy,
  duePlacements,
  findPlacement,
  forgetLostCopies,
  internetMessageIdOf,
  noteDecision,
  notePlacementSeen,
  notePlacementStarted,
  type Placement,
  type PrimaryPlace,
  postponePlacement,
  primaryPlaces,
  removePlacement,
} from '../../cache/queries/placement-store.ts';
import { folderIdOf, recordCopy } from '../../cache/queries/sync-store.ts';
import { findSame } from '../../mail/find-same.ts';
import type { ImapSession, RemoteFolder } from '../../mail/types.ts';
import type { Announce, Clock, Logger } from '../../ports.ts';
import { confirmGone } from '../confirm-gone.ts';
import { shownFlags } from '../turns.ts';
import { decide } from './core/decide.ts';
import { ruleOnError } from './core/operations.ts';

/** Messages that are moved by one command. */
const batch = 100;
/** Servers' and this laptop's clocks may differ by this much. */
const clockTolerance: EpochMs = 24 * 60 * 60_000;

interface CarryOutSetup {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: Announce;
}

/**
 * Carries out in Exchange what the person wants to stand elsewhere, and sees that it does. May be cut at any point: what
 * Exchange may have been told is committed before, and looked for before it is told again. Yields an error only when the
 * session is of no use any more, or asks for a pause.
 *
 * @param folders what Exchange lists now
 */
export type CarryOut = (
  session: ImapSession,
  folders: readonly RemoteFolder[],
) => Promise<Result<null, AppError>>;

export function createCarryOut({ account, db, clock, log, announce }: CarryOutSetup): CarryOut {
  const isCurrent = ({ messageId, actionId }: Placement): boolean =>
    findPlacement(db, messageId)?.actionId === actionId;

  const targetOf = (
    { toRole, toPath, kind }: Placement,
    folders: readonly RemoteFolder[],
  ): string | null | 'nowhere' => {
    if (toRole === 'nowhere') return 'nowhere';
    const found = folders.find(({ path, role }) =>
      kind === 'move' && toPath !== null ? path === toPath : role === toRole,
    );
    return found?.path ?? null;
  };

  /** The wish is not open any more. `isGone`: it was that the message goes for good. */
  const settle = (placement: Placement, tells: DecisionCode | null, isGone = false): void => {
    db.transaction(() => {
      if (!isCurrent(placement)) return;
      const { messageId, kind: change, requestedAt: doneAt } = placement;
      if (tells !== null) noteDecision(db, messageId, tells, clock.now());
      noteChangeInLedger(db, messageId, { change, doneAt, reason: tells }, clock.now());
      if (isGone) buryMessage(db, account.id, placement);
      else removePlacement(db, placement.messageId);
    }).immediate();
    announce('conversations');
    announce('ledger');
  };

  const onFailure = (
    session: ImapSession,
    placements: readonly Placement[],
    error: AppError,
  ): Result<null, AppError> => {
    const attempts = Math.max(...placements.map((one) => one.attempts)) + 1;
    const rule = ruleOnError(error, session.isUsable, attempts);
    log.warn('not carried out', { code: error.code, rule: rule.kind, count: placements.length });
    if (rule.kind === 'interrupted') return err(error);
    for (const placement of placements) {
      if (rule.kind === 'pause') postponePlacement(db, placement.messageId, clock.now() + rule.waitMs);
      else settle(placement, rule.kind === 'giveUp' ? 'refused' : 'folderGone');
    }
    return ok(null);
  };

  /** Which of the copies in one folder are still there; those that are not have lost their places. */
  const look = async (
    session: ImapSession,
    folder: { readonly path: string; readonly folderId: FolderId; readonly uidValidity: number | null },
    uids: readonly number[],
  ): Promise<Result<ReadonlySet<number>, AppError>> => {
    const opened = await session.open(folder.path);
    if (!opened.ok) return opened;
    // Its UIDs mean something else by now: sync matches its messages again first.
    if (opened.value.uidValidity !== folder.uidValidity) return ok(new Set());
    const gone = await confirmGone(session, uids);
    if (!gone.ok) return gone;
    db.transaction(() => {
      for (const uid of gone.value) displaceCopy(db, folder.folderId, uid);
    }).immediate();
    return ok(new Set(uids).difference(new Set(gone.value)));
  };

  /** Sees a message in the folder that is open. */
  const meet = async (
    session: ImapSession,
    path: string,
    met: ReadonlyMap<number, Placement>,
  ): Promise<Result<null, AppError>> => {
    const folderId = folderIdOf(db, account.id, 'primary', path);
    if (folderId === null || met.size === 0) return ok(null);
    const headers = await session.headers([...met.keys()]);
    if (!headers.ok) return headers;
    db.transaction(() => {
      for (const { uid, flags, internalDate } of headers.value) {
        const placement = met.get(uid);
        if (placement === undefined || internetMessageIdOf(db, placement.messageId) === null) continue;
        const { messageId } = placement;
        recordCopy(db, {
          accountId: account.id,
          folderId,
          messageId,
          uid,
          flags: shownFlags(flags),
          internalDate,
        });
      }
    }).immediate();
    return ok(null);
  };

  /** Looks for a message in a folder. True: it was met. */
  const search = async (
    session: ImapSession,
    path: string,
    placement: Placement,
  ): Promise<Result<boolean, AppError>> => {
    const internetMessageId = internetMessageIdOf(db, placement.messageId);
    if (internetMessageId === null) return ok(false);
    const found = await findSame(session, path, {
      internetMessageId,
      fingerprint: fingerprintOfStored(db, placement.messageId),
      since: (placement.startedAt ?? clock.now()) - clockTolerance,
    });
    if (!found.ok || found.value === null) return found.ok ? ok(false) : found;
    const met = await meet(session, path, new Map([[found.value, placement]]));
    return met.ok ? ok(true) : met;
  };

  /**
   * What Exchange was told of may have happened, or half of it, where a move is a copy and a deletion: looks where the
   * message was to go and where it was, and ends what was begun.
   */
  const lookAgain = async (
    session: ImapSession,
    placement: Placement,
    folders: readonly RemoteFolder[],
  ): Promise<Result<null, AppError>> => {
    const { messageId, base, takes } = placement;
    const places = () => primaryPlaces(db, messageId);
    for (const place of places().filter(({ isLost }) => !isLost)) {
      const seen = await look(session, place, [place.uid]);
      if (!seen.ok) return seen;
    }
    const target = targetOf(placement, folders);
    const targets = [target, placement.toPath];
    const inOrder = [
      ...folders.filter(({ path }) => targets.includes(path)),
      ...folders.filter(({ path }) => base.includes(path) && !targets.includes(path)),
    ];
    for (const { path } of inOrder) {
      const known = places();
      const isMissed = path === target && known.every((place) => place.isLost || place.path !== path);
      if (!isMissed && known.every(({ isLost }) => !isLost)) continue;
      const found = await search(session, path, placement);
      if (!found.ok) return found;
    }
    const isThere = places().some(({ path, isLost }) => !isLost && path === target);
    if (isThere && target !== null && !base.includes(target)) {
      for (const place of places()) {
        if (place.isLost || place.path === target || !base.includes(place.path)) continue;
        if (!takes.includes(place.role)) continue;
        const removed = await session.remove(place.path, place.uid);
        if (!removed.ok) return removed;
        const seen = await look(session, place, [place.uid]);
        if (!seen.ok) return seen;
      }
    }
    // What stands in the target is the message: what it has left is no loss.
    if (isThere || placement.toRole === 'nowhere') forgetLostCopies(db, messageId);
    notePlacementSeen(db, messageId);
    return ok(null);
  };

  /** One command, and a look at what came of it. */
  const send = async (
    session: ImapSession,
    { folder, target, entries }: Load,
  ): Promise<Result<null, AppError>> => {
    const placements = entries.map(({ placement }) => placement);
    const there = await look(
      session,
      folder,
      entries.map(({ uid }) => uid),
    );
    if (!there.ok) return there;
    const present = entries.filter(({ uid, placement }) => there.value.has(uid) && isCurrent(placement));
    if (present.length === 0) return ok(null);
    db.transaction(() => {
      const now = clock.now();
      for (const { placement } of present)
        notePlacementStarted(db, placement.messageId, { toPath: target === 'nowhere' ? null : target, now });
    }).immediate();
    const uids = present.map(({ uid }) => uid);
    const newUids = new Map<number, Placement>();
    if (target === 'nowhere') {
      for (const uid of uids) {
        const removed = await session.remove(folder.path, uid);
        if (!removed.ok) return removed;
      }
    } else {
      const moved = await session.move(folder.path, uids, target);
      if (!moved.ok) return moved;
      for (const { uid, placement } of present) {
        const newUid = moved.value.get(uid);
        if (newUid !== undefined) newUids.set(newUid, placement);
      }
    }
    const left = await look(session, folder, uids);
    if (!left.ok) return left;
    if (target !== 'nowhere' && newUids.size > 0) {
      const opened = await session.open(target);
      if (!opened.ok) return opened;
      const met = await meet(session, target, newUids);
      if (!met.ok) return met;
    }
    const known = new Set(newUids.values());
    for (const placement of placements) {
      if (target === 'nowhere') forgetLostCopies(db, placement.messageId);
      if (target === 'nowhere' || known.has(placement)) notePlacementSeen(db, placement.messageId);
    }
    return ok(null);
  };

  /** Rules on each wish; yields what is to be sent, by folder and target. Each message once in a load. */
  const plan = (placements: readonly Placement[], folders: readonly RemoteFolder[]): readonly Load[] => {
    const loads = new Map<string, Load & { readonly entries: Entry[] }>();
    for (const placement of placements) {
      const target = targetOf(placement, folders);
      const verdict = decide(placement, target, primaryPlaces(db, placement.messageId));
      if (verdict.kind === 'done') settle(placement, null, target === 'nowhere');
      else if (verdict.kind === 'dropped') settle(placement, verdict.tells);
      if (verdict.kind !== 'carryOut') continue;
      for (const copy of verdict.copies) {
        const key = JSON.stringify([copy.path, target]);
        const load = loads.get(key) ?? { folder: copy, target: target ?? '', entries: [] };
        load.entries.push({ placement, uid: copy.uid, tells: verdict.tells });
        loads.set(key, load);
      }
    }
    return [...loads.values()].flatMap((load) =>
      Array.from({ length: Math.ceil(load.entries.length / batch) }, (_, index) => ({
        ...load,
        entries: load.entries.slice(index * batch, (index + 1) * batch),
      })),
    );
  };

  return async (session, folders) => {
    const due = duePlacements(db, account.id, clock.now());
    if (due.length === 0) return ok(null);
    for (const placement of due) {
      if (placement.startedAt === null) continue;
      const looked = await lookAgain(session, placement, folders);
      if (looked.ok) continue;
      const failed = onFailure(session, [placement], looked.error);
      if (!failed.ok) return failed;
    }
    for (const load of plan(duePlacements(db, account.id, clock.now()), folders)) {
      const sent = await send(session, load);
      if (!sent.ok) {
        const failed = onFailure(
          session,
          load.entries.map(({ placement }) => placement),
          sent.error,
        );
        if (!failed.ok) return failed;
        continue;
      }
      for (const { placement, tells } of load.entries)
        if (tells !== null) noteDecision(db, placement.messageId, tells, clock.now());
    }
    for (const placement of duePlacements(db, account.id, clock.now())) {
      if (placement.startedAt === null) continue;
      const looked = await lookAgain(session, placement, folders);
      if (!looked.ok) return session.isUsable ? ok(null) : looked;
    }
    plan(duePlacements(db, account.id, clock.now()), folders);
    announce('conversations');
    return ok(null);
  };
}

interface Entry {
  readonly placement: Placement;
  readonly uid: number;
  readonly tells: DecisionCode | null;
}

/** Messages that go from one folder to one other, or nowhere. */
interface Load {
  readonly folder: PrimaryPlace;
  readonly target: string;
  readonly entries: readonly Entry[];
}
