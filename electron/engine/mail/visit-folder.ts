import { type AppError, appError } from '../../../shared/errors.ts';
import { err, type Result } from '../../../shared/result.ts';
import type { FolderRole, ImapSession } from './types.ts';

/**
 * Finds the folder of a role for as long as `use` runs, and closes the session then. Errors: those of `openSession` and of
 * `use`; `notFound`: there is no such folder.
 */
export async function visitFolder<T>(
  openSession: () => Promise<Result<ImapSession, AppError>>,
  role: FolderRole,
  use: (session: ImapSession, path: string) => Promise<Result<T, AppError>>,
): Promise<Result<T, AppError>> {
  const opened = await openSession();
  if (!opened.ok) return opened;
  const session = opened.value;
  try {
    const folders = await session.folders();
    if (!folders.ok) return folders;
    const path = folders.value.find((folder) => folder.role === role)?.path;
    if (path === undefined) return err(appError('notFound', 'later', { folder: role }));
    return await use(session, path);
  } finally {
    await session.close();
  }
}
