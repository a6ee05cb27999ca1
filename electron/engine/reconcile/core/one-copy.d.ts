/**
 * How one message comes to stand in Exchange once, whoever else carries it over at the same time. The protocol and why it
 * holds: docs/coming-back.md. Everything a client does for a message is decided here; the runner only carries it out, and
 * `two-clients.test.ts` goes through every order in which two clients can.
 */
/** A copy of the message, where it was seen. */
export interface StandingCopy {
  readonly folder: string;
  readonly uid: number;
  /** Random, from the header that an append of ours carries. Null: somebody else put it there. */
  readonly mark: string | null;
}
/** What a client knows of the copies of one message. */
export interface Sight<Copy extends StandingCopy> {
  /** Null: nobody has looked yet. */
  readonly seen: readonly Copy[] | null;
  /** Each of them was asked for by its UID just now, and was there. */
  readonly isConfirmed: boolean;
  /** We have appended it since we began to look. */
  readonly hasAppended: boolean;
}
/**
 * `look`     in every folder.
 * `append`   with a new mark, committed before.
 * `confirm`  ask for each copy by its UID, since what was seen may have moved.
 * `settle`   give `stays` the flags of the others, then remove `remove`.
 * `rest`     it stands there.
 * `giveUp`   what we have appended is not to be seen, or what was seen is gone: another time.
 */
export type Deed<Copy extends StandingCopy> =
  | {
      readonly kind: 'look' | 'append' | 'confirm' | 'giveUp';
    }
  | {
      readonly kind: 'settle';
      readonly stays: Copy;
      readonly remove: readonly Copy[];
    }
  | {
      readonly kind: 'rest';
      readonly copy: Copy;
    };
/** What is to be done next for a message. */
export declare function nextDeed<Copy extends StandingCopy>({
  seen,
  isConfirmed,
  hasAppended,
}: Sight<Copy>): Deed<Copy>;
/**
 * The copy that stays: one without a mark, else the one with the smallest mark, wherever they stand. The order lies in
 * the copies themselves, so that everybody who sees two agrees on it, though somebody moves them meanwhile.
 */
export declare function whatStays<Copy extends StandingCopy>(seen: readonly Copy[]): Copy | null;
