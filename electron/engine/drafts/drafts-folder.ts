import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { ImapSession } from '../mail/types.ts';
import { visitFolder } from '../mail/visit-folder.ts';
import { compareFingerprints, type Fingerprint } from '../mime/fingerprint.ts';

/** Servers' and this laptop's clocks may differ by this much. */
export const clockTolerance: EpochMs = 24 * 60 * 60_000;

export interface DraftsFolder {
  readonly session: ImapSession;
  readonly route: Route;
  readonly path: string;
  readonly uidValidity: number;
}

export type UseOfDrafts = (folder: DraftsFolder) => Promise<Result<null, AppError>>;

/** Opens the Drafts folder of a route for as long as `use` runs. Where there is none, nothing is to be done. */
export function visitDrafts(
  openSession: (route: Route) => Promise<Result<ImapSession, AppError>>,
  route: Route,
  use: UseOfDrafts,
): Promise<Result<null, AppError>> {
  return visitFolder(
    () => openSession(route),
    'drafts',
    async (session, path) => {
      const folder = await session.open(path);
      if (!folder.ok) return folder;
      return use({ session, route, path, uidValidity: folder.value.uidValidity });
    },
  );
}

/** One after the other, until one fails. */
export async function eachOf<T>(
  things: readonly T[],
  run: (thing: T) => Promise<Result<null, AppError>>,
): Promise<Result<null, AppError>> {
  for (const thing of things) {
    const done = await run(thing);
    if (!done.ok) return done;
  }
  return ok(null);
}

/** The bytes of one that stands in the open folder. An error where the server does not give what it names. */
export async function readDraft(session: ImapSession, uid: number): Promise<Result<Uint8Array, AppError>> {
  let bytes: Uint8Array | null = null;
  const fetched = await session.fetch([uid], async ({ source }) => {
    bytes = source;
  });
  if (!fetched.ok) return fetched;
  return bytes === null ? err(appError('server.protocol', 'later', { fetch: 'nothing' })) : ok(bytes);
}

/** When a draft was last saved is no change of what it says. */
export const saysTheSame = (one: Fingerprint, other: Fingerprint): boolean =>
  compareFingerprints({ ...one, sentAt: other.sentAt }, other) === 'equal';

/** Puts one into the open folder, sees it there, and marks it where the server has dropped that. Yields its UID. */
export async function putDraft(
  { session, path }: DraftsFolder,
  source: Uint8Array,
  internetMessageId: string,
  savedAt: EpochMs,
): Promise<Result<number, AppError>> {
  const appended = await session.append(path, source, ['\\Draft', '\\Seen'], savedAt);
  if (!appended.ok) return appended;
  const found = await session.findAll(path, internetMessageId, savedAt - clockTolerance);
  if (!found.ok) return found;
  const uid = found.value.at(-1);
  if (uid === undefined) return err(appError('server.protocol', 'later', { append: 'notFoundAfterwards' }));
  const flags = await session.headers([uid], 'stable');
  if (!flags.ok) return flags;
  if (flags.value[0]?.flags.includes('\\Draft') === false) {
    const stored = await session.setFlag(path, uid, '\\Draft', true);
    if (!stored.ok && !session.isUsable) return stored;
  }
  return ok(uid);
}
