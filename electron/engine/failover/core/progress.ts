import type { EpochMs } from '../../../../shared/model/ids.ts';

/** What the sessions with Exchange have received of late, oldest first. */
export type Progress = readonly { readonly at: EpochMs; readonly bytes: number }[];

/** Less than this within the time in question is none: a server that drips is as good as silent. */
export const leastBytes = 4096;
/** Nobody asks about longer ago, in milliseconds. */
const memoryMs = 30_000;

/** Forgets what is too long ago, or in the future of a clock that was set back. */
export function withBytes(progress: Progress, bytes: number, now: EpochMs): Progress {
  return [...progress.filter(({ at }) => at <= now && at > now - memoryMs), { at: now, bytes }];
}

/** Whether enough has come in the last `ms` to say that Exchange is there. */
export function isMoving(progress: Progress, ms: number, now: EpochMs): boolean {
  const recent = progress.filter(({ at }) => at <= now && at > now - ms);
  return recent.reduce((sum, { bytes }) => sum + bytes, 0) >= leastBytes;
}
