import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

export type TrustedContent =
  | { readonly kind: 'read'; readonly content: Buffer }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: string };

/** A policy is some kilobytes; a larger file is none. */
const maximumBytes = 4 * 1024 * 1024;

/**
 * Reads a file that only `owner` (a user id; root's is 0) can have written, and that stands in a folder where only they
 * can put one. Null believes everybody. What is examined is the open file, so that it cannot be exchanged in between.
 */
export function readTrustedFile(file: string, owner: number | null): TrustedContent {
  let handle: number;
  try {
    // Not to wait for a writer when somebody put a pipe there.
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return notRead(error);
  }
  try {
    const stats = fstatSync(handle);
    const reason = distrust(stats, owner) ?? distrustOfFolder(file, owner);
    if (!stats.isFile()) return { kind: 'refused', reason: 'not a file' };
    if (stats.size > maximumBytes) return { kind: 'refused', reason: 'too large' };
    return reason === null ? { kind: 'read', content: readFileSync(handle) } : { kind: 'refused', reason };
  } catch (error) {
    return notRead(error);
  } finally {
    closeSync(handle);
  }
}

/** Why what is there need not come from the administrator; null when it must. */
export function distrust({ uid, mode }: Pick<Stats, 'uid' | 'mode'>, owner: number | null): string | null {
  if (owner === null) return null;
  if (uid !== owner) return owner === 0 ? 'not owned by root' : `not owned by user ${owner}`;
  return (mode & 0o022) === 0 ? null : 'writable by others';
}

function distrustOfFolder(file: string, owner: number | null): string | null {
  const reason = owner === null ? null : distrust(statSync(dirname(file)), owner);
  return reason === null ? null : `its folder is ${reason}`;
}

function notRead(error: unknown): TrustedContent {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
  return { kind: 'refused', reason: `cannot be read: ${code}` };
}
