import type { EpochMs } from '../../../../shared/model/ids.ts';
import type { HeldMessage } from '../../../../shared/model/outgoing.ts';

/** Longer than anybody may set the time to take back a message, in milliseconds. */
const longestUndoMs = 5 * 60_000;

/**
 * How long a message is still held, in milliseconds. A clock that was set back holds up nothing that was only to be
 * taken back; what was scheduled leaves when the clock says so.
 */
export function leftToHold({ hold, heldUntil }: HeldMessage, now: EpochMs): number {
  const left = Math.max(0, heldUntil - now);
  return hold === 'undo' && left > longestUndoMs ? 0 : left;
}
