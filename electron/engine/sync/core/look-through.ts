import type { EpochMs } from '../../../../shared/model/ids.ts';
import { type Placed, sameFlags } from './plan.ts';

/** Places in a folder, 1 is the oldest. */
export interface Places {
  readonly from: number;
  readonly to: number;
}

/** A folder in stretches of at most `size`, the newest first. Of an empty one a single stretch, in which nothing stands. */
export function stretchesOf(messageCount: number, size: number): readonly Places[] {
  const count = Math.max(1, Math.ceil(messageCount / size));
  return Array.from({ length: count }, (_, index) => {
    const to = messageCount - index * size;
    return { from: Math.max(1, to - size + 1), to };
  });
}

/** UIDs, both ends included. */
export interface UidRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The UIDs that a stretch speaks for: from its lowest up to where the newer stretch began, and down to the first if
 * nothing is older. Null for one that says nothing.
 */
export function rangeOf(
  places: Places,
  present: readonly { readonly uid: number }[],
  newer: UidRange | null,
): UidRange | null {
  if (places.to === 0) return { from: 1, to: Number.MAX_SAFE_INTEGER };
  if (present.length === 0) return null;
  const lowest = present.reduce((least, { uid }) => Math.min(least, uid), Number.MAX_SAFE_INTEGER);
  return {
    from: places.from === 1 ? 1 : lowest,
    to: newer === null ? Number.MAX_SAFE_INTEGER : newer.from - 1,
  };
}

/** A message that is known by its headers, and not copied. */
export interface Surveyed {
  readonly uid: number;
  readonly internalDate: EpochMs;
  readonly isFlagged: boolean;
}

/** One stretch of a folder as both sides have it. */
export interface Stretch {
  readonly copies: readonly Placed[];
  readonly surveyed: readonly Surveyed[];
  readonly present: readonly (Placed & { readonly internalDate: EpochMs })[];
}

export interface StretchPlan {
  readonly updateFlags: readonly Placed[];
  /** UIDs of copies that the server did not name. */
  readonly remove: readonly number[];
  /** UIDs of surveyed messages that the server did not name. */
  readonly forget: readonly number[];
  /** Surveyed messages whose flag has changed. */
  readonly flag: readonly Surveyed[];
  /** UIDs to copy: in the window, or flagged. Newest first. */
  readonly fetch: readonly number[];
  /** UIDs whose headers are not known yet. Newest first. */
  readonly survey: readonly number[];
}

/** What a look through one stretch of a folder comes to. `windowStart`: what is as new as this is copied. */
export function planStretch(stretch: Stretch, windowStart: EpochMs): StretchPlan {
  const copies = new Map(stretch.copies.map((copy) => [copy.uid, copy]));
  const surveyed = new Map(stretch.surveyed.map((message) => [message.uid, message]));
  const present = new Set(stretch.present.map(({ uid }) => uid));
  const strangers = stretch.present
    .filter(({ uid }) => !copies.has(uid))
    .map(({ uid, flags, internalDate }) => ({ uid, internalDate, isFlagged: flags.includes('\\Flagged') }))
    .sort((a, b) => b.uid - a.uid);
  const isWanted = ({ internalDate, isFlagged }: Surveyed): boolean =>
    isFlagged || internalDate >= windowStart;
  const gone = (uids: Iterable<number>): readonly number[] => [...uids].filter((uid) => !present.has(uid));
  return {
    updateFlags: stretch.present
      .filter(({ uid, flags }) => {
        const copy = copies.get(uid);
        return copy !== undefined && !sameFlags(copy.flags, flags);
      })
      .map(({ uid, flags }) => ({ uid, flags })),
    remove: gone(copies.keys()),
    forget: gone(surveyed.keys()),
    flag: strangers.filter(({ uid, isFlagged }) => (surveyed.get(uid)?.isFlagged ?? isFlagged) !== isFlagged),
    fetch: strangers.filter(isWanted).map(({ uid }) => uid),
    survey: strangers
      .filter((message) => !isWanted(message) && !surveyed.has(message.uid))
      .map(({ uid }) => uid),
  };
}
