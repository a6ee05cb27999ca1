import type { AppError, ErrorCode } from '../../../../shared/errors.ts';
import type { EpochMs } from '../../../../shared/model/ids.ts';

const minute = 60_000;
const hour = 60 * minute;
/** A gateway that goes on delivering is waited for so many times as long as it may be quiet. */
const longestFactor = 10;

/**
 * When the gateway has had its time: `quietMs` after it last brought something, or after Exchange has come back, whichever
 * is later; ten times as long after that at most. No provider says by itself when it is done.
 */
export function handoverEndsAt(
  returnedAt: EpochMs,
  lastHandedOverAt: EpochMs | null,
  quietMs: number,
): EpochMs {
  const quietSince = Math.max(returnedAt, lastHandedOverAt ?? returnedAt);
  return Math.min(quietSince + quietMs, returnedAt + longestFactor * quietMs);
}

/**
 * Why a message cannot be put into Exchange, for the ledger. "Server Unavailable" in answer to an APPEND, over a connection
 * that goes on, is what Exchange says of a full mailbox (imapsync, FAQ.Exchange).
 */
export function reasonOf({ code, context }: AppError, isUsable: boolean): ErrorCode {
  if (context?.reason === 'quota' || (code === 'server.unavailable' && isUsable)) return 'mailbox.full';
  return context?.reason === 'tooLarge' ? 'mail.tooLarge' : code;
}

/** Whether other messages will fare no better. */
export function concernsAll(reason: ErrorCode): boolean {
  return reason === 'mailbox.full';
}

/** How long a message is left alone after the `failures`th failure (from 1), in milliseconds. */
export function putOffMs(reason: ErrorCode, failures: number): number {
  if (reason === 'mail.tooLarge') return 24 * hour;
  const first = reason === 'mailbox.full' ? 15 * minute : minute;
  return Math.min(4 * hour, first * 2 ** Math.min(10, failures - 1));
}
