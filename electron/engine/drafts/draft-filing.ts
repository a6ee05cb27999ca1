import type { AppError } from '../../../shared/errors.ts';
import type { AccountId, DraftId, EpochMs } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import {
  type DraftCopy,
  draftCopies,
  draftVersions,
  fingerprintOfCopy,
  forgetDraftCopy,
  isMissedBySync,
  leaveDraftCopy,
  noteDraftCopy,
  noteDraftCopySeen,
  removeDraftCopy,
  removeSuperseded,
  supersedeDraft,
} from '../cache/queries/draft-copy-store.ts';
import { findDraft } from '../cache/queries/draft-store.ts';
import { classifyStorageError } from '../cache/storage-error.ts';
import type { ImapSession } from '../mail/types.ts';
import { fingerprintOf } from '../mime/fingerprint.ts';
import { parseMessage } from '../mime/parse.ts';
import type { Announce, Clock, IdentitySource, Logger, Random, Routes } from '../ports.ts';
import { createWorker, type Worker } from '../worker.ts';
import { bringDrafts } from './bring-drafts.ts';
import {
  type DraftRuling,
  draftConflicts,
  type OurDraftChange,
  type TheirDraftChange,
} from './core/draft-conflicts.ts';
import { composeDraft, draftMessageId } from './draft-mime.ts';
import {
  clockTolerance,
  type DraftsFolder,
  eachOf,
  putDraft,
  readDraft,
  saysTheSame,
  type UseOfDrafts,
  visitDrafts,
} from './drafts-folder.ts';

/** How long nothing is written before what was written goes to the server, in milliseconds. */
export const restMs = 10_000;
/** When there is more to do at once, it is begun after this pause. */
const firstLookMs = 1_000;
/** How often it is asked whether sync misses a copy. */
const lookMs = 60_000;
const [firstPauseMs, longestPauseMs] = [30_000, 900_000];
/** A draft that others have gone on with is kept out of sight for as long as this. */
const supersededMs = 30 * 24 * 60 * 60_000;
/** An APPEND that was cut off may arrive for so long. */
const lateMs = 10 * 60_000;

export interface DraftFilingSetup {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  readonly identities: Pick<IdentitySource, 'list'>;
  readonly openSession: (route: Route) => Promise<Result<ImapSession, AppError>>;
  readonly routes: Routes;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly announce: Announce;
}

/**
 * Keeps a copy of every draft in the Drafts folder of the current route, so that other programs and laptops have it, and
 * it is there again when the account is added anew. A convenience: what counts is in the database. A message that stands
 * in a folder never changes (RFC 3501 section 2.3.1.1), so that a new version is put beside the older one, seen, and only
 * then takes its place; and whoever edits it makes another message of it. What is made of that is ruled on by
 * `core/draft-conflicts.ts`.
 */
export function createDraftFiling(setup: DraftFilingSetup): Worker & { start(): void } {
  const { account, db, identities, routes, clock, random, log, announce } = setup;
  let failures = 0;
  let pausedUntil: EpochMs = 0;
  /** Continuity was not there to be cleared. */
  let clearingAt: EpochMs = 0;
  let unsubscribe = (): void => {};
  /** Versions that a server does not take. */
  const refused = new Map<DraftId, EpochMs>();

  const tell = (): void => {
    announce('drafts');
    announce('conversations');
  };

  interface Job {
    readonly draftId: DraftId;
    readonly ours: OurDraftChange;
    readonly version: EpochMs;
    readonly copies: readonly DraftCopy[];
  }

  /** What is to be done on a route now, and in how many milliseconds there is more. */
  function due(route: Route, now: EpochMs): { readonly jobs: readonly Job[]; readonly inMs: number | null } {
    const drafts = new Map(draftVersions(db, account.id).map((draft) => [draft.id, draft]));
    const all = draftCopies(db, account.id).filter((copy) => copy.route === route);
    const jobs: Job[] = [];
    let inMs: number | null = all.length > 0 ? lookMs : null;
    const wait = (ms: number): void => {
      inMs = Math.min(inMs ?? ms, ms);
    };
    for (const draftId of new Set([...drafts.keys(), ...all.map((copy) => copy.draftId)])) {
      const copies = all.filter((copy) => copy.draftId === draftId);
      const draft = drafts.get(draftId);
      const version = draft?.version ?? 0;
      if (draft === undefined) {
        if (copies.length > 0) jobs.push({ draftId, ours: 'ended', version, copies });
        continue;
      }
      // What it comes to is not decided: it may be taken back.
      if (draft.isOnItsWay || draft.isSuperseded) continue;
      const isThere = copies.some((copy) => copy.version === version && copy.place !== null);
      if (!isThere) {
        if (refused.get(draftId) === version) continue;
        const rest = Math.min(restMs, Math.max(0, version + restMs - now));
        if (rest > 0) wait(rest);
        else jobs.push({ draftId, ours: 'edited', version, copies });
      } else if (
        copies.some(
          (copy) => (copy.isOurs && copy.version !== version) || isMissedBySync(db, account.id, copy),
        )
      )
        jobs.push({ draftId, ours: 'unchanged', version, copies });
    }
    return { jobs, inMs };
  }

  async function work(): Promise<number | null> {
    const now = clock.now();
    const route = routes.reading();
    if (route === null) return null;
    if (pausedUntil > now) return Math.min(pausedUntil - now, longestPauseMs);
    const worked = await workOn(route).catch((cause: unknown) => err(classifyStorageError(cause)));
    if (!worked.ok) {
      failures += 1;
      const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 10));
      pausedUntil = clock.now() + pause;
      log.warn('drafts not filed', { route, code: worked.error.code });
      return pause;
    }
    failures = 0;
    return worked.value;
  }

  async function workOn(route: Route): Promise<Result<number | null, AppError>> {
    removeSuperseded(db, account.id, clock.now() - supersededMs);
    const isToClear = route === 'primary' && clearingAt <= clock.now();
    // First of all: what a draft here goes on with stands in Exchange then.
    const brought = isToClear ? await bringDrafts(visit, { account, db, clock, log }) : ok(0);
    if (!brought.ok) clearingAt = clock.now() + longestPauseMs;
    else if (brought.value > 0) tell();
    const here = due(route, clock.now());
    if (here.jobs.length > 0) {
      const done = await visit(route, (folder) => eachOf(here.jobs, (job) => settle(folder, job)));
      if (!done.ok) return done;
    }
    // Exchange has them again: what an outage has put elsewhere goes.
    const left =
      isToClear && brought.ok
        ? draftCopies(db, account.id).filter((copy) => copy.route === 'continuity' && !isNeeded(copy))
        : [];
    if (left.length > 0) {
      const cleared = await visit('continuity', (folder) => eachOf(left, (copy) => clear(folder, copy)));
      clearingAt = cleared.ok ? 0 : clock.now() + longestPauseMs;
    }
    if (!brought.ok) return brought;
    const next = due(route, clock.now());
    return ok(next.jobs.length > 0 ? firstLookMs : next.inMs);
  }

  /** Whether a copy on continuity is the only one of a draft that is still written, or another program's. */
  function isNeeded({ draftId, isOurs }: DraftCopy): boolean {
    const draft = draftVersions(db, account.id).find(({ id }) => id === draftId);
    if (draft === undefined) return false;
    if (!isOurs) return true;
    return !draftCopies(db, account.id).some(
      (copy) =>
        copy.draftId === draftId &&
        copy.route === 'primary' &&
        copy.version === draft.version &&
        copy.place !== null,
    );
  }

  const visit = (route: Route, use: UseOfDrafts): Promise<Result<null, AppError>> =>
    visitDrafts(setup.openSession, route, use);

  /** What became of one copy. Where it has only another UID, that is noted. */
  async function look(folder: DraftsFolder, copy: DraftCopy): Promise<Result<TheirDraftChange, AppError>> {
    const { session, path, uidValidity } = folder;
    if (copy.path === path && copy.place?.uidValidity === uidValidity) {
      const there = await session.headers([copy.place.uid], 'stable');
      if (!there.ok) return there;
      if (there.value.length > 0) {
        noteDraftCopySeen(db, copy.id, copy.place, clock.now());
        return ok('nothing');
      }
    }
    const found = await session.findAll(path, copy.internetMessageId, copy.version - clockTolerance);
    if (!found.ok) return found;
    const uid = found.value.at(-1);
    if (uid === undefined)
      return ok(copy.place === null || copy.place.uidValidity === uidValidity ? 'gone' : 'lost');
    const [known, said] = [fingerprintOfCopy(db, copy.id), await readDraft(session, uid)];
    if (!said.ok) return said;
    if (known === null || !saysTheSame(fingerprintOf(await parseMessage(said.value)), known))
      return ok('edited');
    noteDraftCopySeen(db, copy.id, { uidValidity, uid }, clock.now());
    return ok('nothing');
  }

  async function settle(folder: DraftsFolder, job: Job): Promise<Result<null, AppError>> {
    const { draftId, ours, version } = job;
    let isPutThere = false;
    // First what an APPEND may have left that was cut off, so that it is not done again.
    for (const copy of job.copies.toSorted((a, b) => Number(a.place !== null) - Number(b.place !== null))) {
      const change = await look(folder, copy);
      if (!change.ok) return change;
      // What an interrupted APPEND has left comes to light here. It may be on its way still.
      if (copy.place === null && change.value === 'gone') {
        if (clock.now() - copy.notedAt > lateMs) forgetDraftCopy(db, copy.id);
        continue;
      }
      if (copy.place === null && change.value === 'nothing' && copy.version === version) isPutThere = true;
      // Of several copies, the newest says what there is; the others are in its way.
      const isOlder = copy.version !== version && ours === 'unchanged' && copy.isOurs;
      const ruling: DraftRuling =
        isOlder && change.value === 'nothing'
          ? 'remove'
          : isOlder
            ? draftConflicts.ended[change.value]
            : draftConflicts[ours][change.value];
      const done = await carryOut(folder, job, copy, ruling, isPutThere);
      if (!done.ok) return done;
      isPutThere = done.value;
    }
    if (ours !== 'edited' || isPutThere) return ok(null);
    const put = await putThere(folder, draftId, version);
    return put.ok ? ok(null) : put;
  }

  /** Yields whether the draft's version stands there. */
  async function carryOut(
    folder: DraftsFolder,
    { draftId, ours, version }: Job,
    copy: DraftCopy,
    ruling: DraftRuling,
    isPutThere: boolean,
  ): Promise<Result<boolean, AppError>> {
    if (ruling === 'nothing') return ok(isPutThere);
    if (ruling === 'remove') return drop(folder, copy, isPutThere);
    if (ruling === 'takeTheirs') {
      // A copy of another program's that ours was made of: ours may stand there besides.
      if (copy.version !== version) forgetDraftCopy(db, copy.id);
      else
        db.transaction(() => {
          if (!supersedeDraft(db, draftId, version, clock.now())) return;
          for (const { id, ...other } of draftCopies(db, account.id))
            if (other.draftId === draftId) forgetDraftCopy(db, id);
        }).immediate();
      tell();
      return ok(isPutThere);
    }
    if (ruling === 'replace') {
      if (copy.place !== null && copy.version === version) return ok(true);
      const put = isPutThere ? ok(true) : await putThere(folder, draftId, version);
      if (!put.ok || !put.value) return put;
      return copy.isOurs && ours === 'edited' && copy.version !== version
        ? drop(folder, copy, true)
        : ok(true);
    }
    // keepBoth, putAgain, forget: what stands there under that name is not this draft.
    forgetDraftCopy(db, copy.id);
    tell();
    return ok(isPutThere);
  }

  /** True: it was seen to stand there. False: it was changed meanwhile, or is not taken. */
  async function putThere(
    { session, route, path, uidValidity }: DraftsFolder,
    draftId: DraftId,
    version: EpochMs,
  ): Promise<Result<boolean, AppError>> {
    const draft = findDraft(db, draftId);
    if (draft === null || draft.updatedAt !== version || refused.get(draftId) === version) return ok(false);
    const source = await composeDraft(db, draft, identities.list(), random);
    const internetMessageId = draftMessageId(draftId, version, draft.from);
    const known = draftCopies(db, account.id).find(
      (copy) => copy.route === route && copy.internetMessageId === internetMessageId,
    );
    const fingerprint = fingerprintOf(await parseMessage(source));
    const id =
      known?.id ??
      noteDraftCopy(db, account.id, {
        draftId,
        route,
        path,
        internetMessageId,
        place: null,
        version,
        isOurs: true,
        notedAt: clock.now(),
        fingerprint,
      });
    const put = await putDraft({ session, route, path, uidValidity }, source, internetMessageId, version);
    if (!put.ok) {
      if (!session.isUsable || put.error.retry !== 'never') return put;
      log.warn('draft not taken', { route, code: put.error.code });
      forgetDraftCopy(db, id);
      refused.set(draftId, version);
      return ok(false);
    }
    noteDraftCopySeen(db, id, { uidValidity, uid: put.value }, clock.now());
    log.info('draft filed', { route });
    return ok(true);
  }

  /** Takes away a copy that was seen to be as we know it: whoever edits it meanwhile makes another message of it. */
  async function drop(
    { session, path }: DraftsFolder,
    copy: DraftCopy,
    isPutThere: boolean,
  ): Promise<Result<boolean, AppError>> {
    const now = draftCopies(db, account.id).find(({ id }) => id === copy.id);
    if (now === undefined || now.place === null) return ok(isPutThere);
    const removed = await session.remove(path, now.place.uid);
    if (!removed.ok && !(session.isUsable && removed.error.code === 'server.refused')) return removed;
    if (!removed.ok) {
      // It takes away no single message: other programs hide it at least.
      const marked = await session.setFlag(path, now.place.uid, '\\Deleted', true);
      if (!marked.ok && !session.isUsable) return marked;
      leaveDraftCopy(db, now.id);
    } else removeDraftCopy(db, account.id, now);
    tell();
    return ok(isPutThere);
  }

  async function clear(folder: DraftsFolder, copy: DraftCopy): Promise<Result<null, AppError>> {
    const change = await look(folder, copy);
    if (!change.ok) return change;
    if (change.value !== 'nothing') {
      forgetDraftCopy(db, copy.id);
      return ok(null);
    }
    const dropped = await drop(folder, copy, true);
    return dropped.ok ? ok(null) : dropped;
  }

  const worker = createWorker(clock, work);
  return {
    ...worker,
    start: () => {
      unsubscribe = routes.onChange(() => {
        pausedUntil = 0;
        worker.wake();
      });
      worker.wake();
    },
    stop: () => {
      unsubscribe();
      return worker.stop();
    },
  };
}
