/** A message's place in a folder and the flags it has there. */
export interface Placed {
  readonly uid: number;
  /** Sorted. */
  readonly flags: readonly string[];
}

/** What the offline copy knows of a folder. */
export interface KnownFolder {
  /** Null before the folder was first synchronized. */
  readonly uidValidity: number | null;
  readonly copies: readonly Placed[];
}

/** What the server said about it. */
export interface ToldFolder {
  readonly uidValidity: number;
  /** UIDs that the offline copy is to hold. */
  readonly wanted: readonly number[];
  /** Every message with a UID of `from` or more, or, if the answer is partial, some of them. */
  readonly present: readonly Placed[];
  readonly from: number;
  readonly isPartial: boolean;
  /** UIDs that the server says are gone. */
  readonly vanished: readonly number[];
}

export interface FolderPlan {
  /**
   * UIDVALIDITY has changed: no UID means anything any more. The messages stay, and are matched again by their
   * Message-IDs as they are fetched (RFC 4549 section 4.1).
   */
  readonly reset: boolean;
  /** Newest first. */
  readonly fetch: readonly number[];
  readonly updateFlags: readonly Placed[];
  /** UIDs of copies that the server no longer has. */
  readonly remove: readonly number[];
}

/** What has to be done so that the offline copy of a folder agrees with the server. */
export function planFolder(known: KnownFolder, told: ToldFolder): FolderPlan {
  const reset = known.uidValidity !== null && known.uidValidity !== told.uidValidity;
  const copies = new Map((reset ? [] : known.copies).map((copy) => [copy.uid, copy]));
  const present = new Map(told.present.map((message) => [message.uid, message]));
  const vanished = new Set(told.vanished);
  const isGone = (uid: number): boolean =>
    !present.has(uid) && (vanished.has(uid) || (!told.isPartial && uid >= told.from));
  return {
    reset,
    fetch: [...new Set(told.wanted)].filter((uid) => !copies.has(uid)).sort((a, b) => b - a),
    updateFlags: [...present.values()].filter(({ uid, flags }) => {
      const copy = copies.get(uid);
      return copy !== undefined && !sameFlags(copy.flags, flags);
    }),
    remove: [...copies.keys()].filter((uid) => isGone(uid)).sort((a, b) => a - b),
  };
}

/** Both sorted. */
export function sameFlags(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((flag, index) => flag === other[index]);
}
