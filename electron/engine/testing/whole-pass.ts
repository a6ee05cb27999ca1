import type { AppError } from '../../../shared/errors.ts';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { Route } from '../../../shared/model/route.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import type { ImapSession } from '../mail/types.ts';
import { storeAsSync } from './laptop.ts';

/** Inbox and Sent of one route, all of it, into the database: what a pass of sync comes to for those who follow it. */
export async function wholePass(
  db: Database,
  account: AccountSummary,
  route: Route,
  openSession: (route: Route) => Promise<Result<ImapSession, AppError>>,
): Promise<Result<null, AppError>> {
  const opened = await openSession(route);
  if (!opened.ok) return opened;
  const session = opened.value;
  try {
    const folders = await session.folders();
    if (!folders.ok) return folders;
    for (const { path, role } of folders.value.filter(({ role }) => role === 'inbox' || role === 'sent')) {
      const open = await session.open(path);
      if (!open.ok) return open;
      const known = await session.flags('1:*');
      if (!known.ok) return known;
      const uids = known.value.map(({ uid }) => uid);
      const fetched = await session.fetch(uids, async ({ uid, flags, internalDate, source }) => {
        await storeAsSync(db, account, source, { route, path, role, uid, flags, internalDate });
      });
      if (!fetched.ok) return fetched;
    }
    return ok(null);
  } finally {
    await session.close();
  }
}
