import { type AppError, appError } from '../../../shared/errors.ts';

/** What a thrown SQLite or file error means. Anything that is not about storage is a bug and is thrown again. */
export function classifyStorageError(error: unknown): AppError {
  const code = codeOf(error);
  if (code === null) throw error;
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return appError('storage.full', 'afterUserAction');
  if (code === 'SQLITE_NOTADB') return appError('database.wrongKey', 'afterUserAction');
  if (code.startsWith('SQLITE_CORRUPT')) return appError('database.damaged', 'afterUserAction');
  if (code === 'SQLITE_ERROR' || code.startsWith('SQLITE_CONSTRAINT')) throw error;
  return appError('storage.failed', 'later', { reason: code });
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return /^(SQLITE_|E[A-Z]+$)/.test(error.code) ? error.code : null;
}
