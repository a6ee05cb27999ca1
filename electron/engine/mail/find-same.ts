import type { AppError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import { ok, type Result } from '../../../shared/result.ts';
import {
  compareFingerprints,
  compareHeaders,
  type Fingerprint,
  fingerprintOf,
  stableHeaders,
} from '../mime/fingerprint.ts';
import { parseMessage } from '../mime/parse.ts';
import type { ImapSession } from './types.ts';

/** More messages than this with one Message-ID, in one folder and of one time, are nobody's. */
const mostCandidates = 50;

interface Wanted {
  readonly internetMessageId: string;
  /** Null: whatever bears the Message-ID is it. */
  readonly fingerprint: Fingerprint | null;
  /** Nothing that it may be has an earlier internal date. */
  readonly since: EpochMs;
}

/**
 * Looks for a message in a folder, which is open afterwards: by Message-ID, and where that is not enough by what tells it
 * from others of the same name. Yields the UID, of several copies the lowest; null: it is not there.
 */
export async function findSame(
  session: ImapSession,
  path: string,
  { internetMessageId, fingerprint, since }: Wanted,
): Promise<Result<number | null, AppError>> {
  const opened = await session.open(path);
  if (!opened.ok) return opened;
  const named = await session.findAll(path, internetMessageId, since);
  if (!named.ok) return named;
  if (named.value.length === 0 || fingerprint === null) return ok(named.value[0] ?? null);
  const uids = named.value.slice(0, mostCandidates);
  const headers = await session.headers(uids, 'stable');
  if (!headers.ok) return headers;
  const alike: number[] = [];
  for (const { uid, header } of headers.value) {
    const likeness = compareHeaders(stableHeaders(await parseMessage(header)), fingerprint);
    if (likeness !== 'different') alike.push(uid);
  }
  return alike.length < 2 ? ok(alike[0] ?? null) : byContent(session, alike, fingerprint);
}

async function byContent(
  session: ImapSession,
  uids: readonly number[],
  wanted: Fingerprint,
): Promise<Result<number | null, AppError>> {
  let found: number | null = null;
  const fetched = await session.fetch(uids, async ({ uid, source }) => {
    const likeness = compareFingerprints(fingerprintOf(await parseMessage(source)), wanted);
    if (likeness !== 'different') found = Math.min(found ?? uid, uid);
  });
  return fetched.ok ? ok(found) : fetched;
}
