import type { AppError, ErrorCode } from '../../../../shared/errors.ts';
import type { EpochMs } from '../../../../shared/model/ids.ts';
/**
 * When the gateway has had its time: `quietMs` after it last brought something, or after Exchange has come back, whichever
 * is later; ten times as long after that at most. No provider says by itself when it is done.
 */
export declare function handoverEndsAt(
  returnedAt: EpochMs,
  lastHandedOverAt: EpochMs | null,
  quietMs: number,
): EpochMs;
/**
 * Why a message cannot be put into Exchange, for the ledger. "Server Unavailable" in answer to an APPEND, over a connection
 * that goes on, is what Exchange says of a full mailbox (imapsync, FAQ.Exchange).
 */
export declare function reasonOf({ code, context }: AppError, isUsable: boolean): ErrorCode;
/** Whether other messages will fare no better. */
export declare function concernsAll(reason: ErrorCode): boolean;
/** How long a message is left alone after the `failures`th failure (from 1), in milliseconds. */
export declare function putOffMs(reason: ErrorCode, failures: number): number;
