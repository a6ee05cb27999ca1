import { type AppError, appError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import type { Route } from '../../../shared/model/route.ts';
import { err, type Result } from '../../../shared/result.ts';
import type { HandedMessage } from '../cache/queries/outbox-store.ts';
import type { ImapSession } from '../mail/types.ts';

export type OpenSession = (route: Route) => Promise<Result<ImapSession, AppError>>;

/** The Sent folder of one route, over one connection. */
export interface SentFolder {
  has(message: HandedMessage): Promise<Result<boolean, AppError>>;
  file(message: HandedMessage, mime: Uint8Array): Promise<Result<unknown, AppError>>;
}

/** A server's clock and this laptop's may differ by this much. */
const clockTolerance: EpochMs = 24 * 60 * 60_000;

export async function withSentFolder(
  openSession: OpenSession,
  route: Route,
  use: (folder: SentFolder) => Promise<Result<null, AppError>>,
): Promise<Result<null, AppError>> {
  const opened = await openSession(route);
  if (!opened.ok) return opened;
  const session = opened.value;
  try {
    const folders = await session.folders();
    if (!folders.ok) return folders;
    const path = folders.value.find(({ role }) => role === 'sent')?.path;
    if (path === undefined) return err(appError('notFound', 'later', { folder: 'sent' }));
    return await use({
      has: async ({ internetMessageId, createdAt }) => {
        const found = await session.find(path, internetMessageId, createdAt - clockTolerance);
        return found.ok ? { ok: true, value: found.value !== null } : found;
      },
      file: ({ sentAt }, mime) => session.append(path, mime, ['\\Seen'], sentAt),
    });
  } finally {
    await session.close();
  }
}
