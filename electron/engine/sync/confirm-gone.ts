import type { AppError } from '../../../shared/errors.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { ImapSession } from '../mail/types.ts';

/** Of `uids`, those that the server does not have when it is asked for each of them. */
export async function confirmGone(
  session: ImapSession,
  uids: readonly number[],
): Promise<Result<readonly number[], AppError>> {
  const gone = new Set(uids);
  // What is below the first of a range is none of it.
  const inOrder = [...uids].sort((a, b) => a - b);
  for (let at = 0; at < inOrder.length; at += 500) {
    const asked = await session.flags(inOrder.slice(at, at + 500).join(','));
    if (!asked.ok) return asked;
    for (const { uid } of asked.value) gone.delete(uid);
  }
  return ok([...gone]);
}
