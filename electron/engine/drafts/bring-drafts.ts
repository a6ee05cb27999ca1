import { createHash } from 'node:crypto';
import { type AppError, appError } from '../../../shared/errors.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import {
  type DraftLeft,
  draftsLeft,
  forgetDraftLeft,
  rehomeDraftCopy,
} from '../cache/queries/draft-copy-store.ts';
import { fingerprintOf } from '../mime/fingerprint.ts';
import { parseMessage } from '../mime/parse.ts';
import type { Clock, Logger } from '../ports.ts';
import {
  clockTolerance,
  type DraftsFolder,
  eachOf,
  putDraft,
  readDraft,
  saysTheSame,
  type UseOfDrafts,
} from './drafts-folder.ts';

interface Brought {
  readonly left: DraftLeft;
  readonly source: Uint8Array;
  /** Under which it is looked for in Exchange. */
  readonly internetMessageId: string;
  /** Where it stands on continuity, so that it goes from there. */
  readonly uid: number;
}

/**
 * Brings what other programs have written into continuity's Drafts, its webmail above all, into Exchange's, with their
 * very bytes: looked for first, seen there, and only then taken away on continuity, so that it goes on from wherever it
 * was cut off. Two laptops that do so at once put it there twice at most, and whoever looks last leaves the older one.
 * Yields how many were brought, or were gone. Drafts of the person's laptops are theirs to bring.
 */
export async function bringDrafts(
  visit: (route: Route, use: UseOfDrafts) => Promise<Result<null, AppError>>,
  {
    account,
    db,
    clock,
    log,
  }: {
    readonly account: { readonly id: AccountId };
    readonly db: Database;
    readonly clock: Clock;
    readonly log: Logger;
  },
): Promise<Result<number, AppError>> {
  const all = draftsLeft(db, account.id);
  if (all.length === 0) return ok(0);
  const found: Brought[] = [];
  const read = await visit('continuity', (folder) =>
    eachOf(all, async (left) => {
      const one = await find(folder, left);
      if (!one.ok) return one;
      if (one.value === null) forgetDraftLeft(db, left);
      else found.push(one.value);
      return ok(null);
    }),
  );
  if (!read.ok) return read;
  const there: Brought[] = [];
  const put = await visit('primary', (folder) =>
    eachOf(found, async (one) => {
      const uid = await standsOnce(folder, one);
      if (uid.ok) {
        if (one.left.copyId !== null)
          rehomeDraftCopy(db, one.left.copyId, {
            ...folder,
            internetMessageId: one.internetMessageId,
            uid: uid.value,
            notedAt: clock.now(),
          });
        there.push(one);
        return ok(null);
      }
      // It is not taken, as it is: it stays where it is, and can be continued from there.
      if (folder.session.isUsable && uid.error.retry === 'never') {
        log.warn('draft not brought', { code: uid.error.code });
        return ok(null);
      }
      return uid;
    }),
  );
  if (!put.ok) return err(put.error);
  const cleared = await visit('continuity', ({ session, path }) =>
    eachOf(there, async ({ left, uid }) => {
      const removed = await session.remove(path, uid);
      if (!removed.ok) return removed;
      forgetDraftLeft(db, left);
      return ok(null);
    }),
  );
  if (!cleared.ok) return cleared;
  if (there.length > 0) log.info('drafts brought', { count: there.length });
  return ok(all.length - found.length + there.length);
}

/** Null: it is gone. One that no server would find by its name gets one, the same on every laptop. */
async function find(
  { session, path, uidValidity }: DraftsFolder,
  left: DraftLeft,
): Promise<Result<Brought | null, AppError>> {
  const named = await session.findAll(path, left.internetMessageId, left.savedAt - clockTolerance);
  if (!named.ok) return named;
  const known = named.value.at(-1);
  const there = known === undefined && uidValidity === left.uidValidity ? left.uid : known;
  const headers = there === undefined ? ok([]) : await session.headers([there], 'stable');
  if (!headers.ok) return headers;
  const uid = headers.value[0]?.uid;
  if (uid === undefined) return ok(null);
  const source = await readDraft(session, uid);
  if (!source.ok) return source;
  if (known !== undefined)
    return ok({ left, source: source.value, internetMessageId: left.internetMessageId, uid });
  const internetMessageId = `${createHash('sha256').update(source.value).digest('hex')}@draft.relevo.invalid`;
  const name = Buffer.from(`Message-ID: <${internetMessageId}>\r\n`);
  return ok({ left, source: Buffer.concat([name, source.value]), internetMessageId, uid });
}

/** Puts it there unless it is; of several that say the same, the first stays, on which everybody agrees. Yields its UID. */
async function standsOnce(folder: DraftsFolder, one: Brought): Promise<Result<number, AppError>> {
  const { session } = folder;
  const first = await same(folder, one);
  if (!first.ok) return first;
  if (first.value.length === 0) {
    const put = await putDraft(folder, one.source, one.internetMessageId, one.left.savedAt);
    if (!put.ok) return put;
  }
  const seen = await same(folder, one);
  if (!seen.ok) return seen;
  const [stays, ...others] = seen.value;
  if (stays === undefined) return err(appError('server.protocol', 'later', { append: 'notFoundAfterwards' }));
  for (const uid of others) {
    const removed = await session.remove(folder.path, uid);
    if (!removed.ok && !session.isUsable) return removed;
  }
  return ok(stays);
}

/** Those of its name that say what it says, oldest first. */
async function same(
  { session, path }: DraftsFolder,
  { left, source, internetMessageId }: Brought,
): Promise<Result<readonly number[], AppError>> {
  const found = await session.findAll(path, internetMessageId, left.savedAt - clockTolerance);
  if (!found.ok) return found;
  const wanted = fingerprintOf(await parseMessage(source));
  const equal: number[] = [];
  for (const uid of found.value) {
    const read = await readDraft(session, uid);
    if (!read.ok) return read;
    if (saysTheSame(fingerprintOf(await parseMessage(read.value)), wanted)) equal.push(uid);
  }
  return ok(equal);
}
