import type { DecisionCode, PlacementKind } from '../../../../../shared/model/conversation.ts';
import type { FlagKind } from './operations.ts';

/** What can have happened to a message in Exchange between what the person did and its being carried out. */
export const theirChanges = [
  'nothing',
  'same',
  'flagged',
  'moved',
  'trashed',
  'junked',
  'gone',
  'folderGone',
  'newIds',
] as const;
export type TheirChange = (typeof theirChanges)[number];
export type OurChange = FlagKind | PlacementKind;

/**
 * `ours`: it is carried out all the same. `theirs`: what Exchange has stays. `both`: they do not contradict each other;
 * of a place, nothing is left to be done. `tells`: the person hears of it.
 */
export interface Ruling {
  readonly wins: 'ours' | 'theirs' | 'both';
  readonly tells: DecisionCode | null;
}

const ours: Ruling = { wins: 'ours', tells: null };
const theirs: Ruling = { wins: 'theirs', tells: null };
const both: Ruling = { wins: 'both', tells: null };
const telling = ({ wins }: Ruling, tells: DecisionCode): Ruling => ({ wins, tells });

/** A flag is the message's, and goes with it wherever it stands. */
const flag: Readonly<Record<TheirChange, Ruling>> = {
  nothing: ours,
  same: both,
  flagged: ours,
  moved: ours,
  trashed: ours,
  junked: ours,
  gone: theirs,
  folderGone: ours,
  newIds: ours,
};

const place = (
  rulings: Readonly<Record<'flagged' | 'moved' | 'trashed' | 'junked' | 'gone', Ruling>>,
): Readonly<Record<TheirChange, Ruling>> => ({
  nothing: ours,
  same: both,
  folderGone: telling(theirs, 'folderGone'),
  newIds: ours,
  ...rulings,
});

/**
 * Ours × theirs. Two rules make it: what keeps a mail wins over what takes it away, and where both keep it, it stays
 * where Exchange has it, since the person decided about a mail that stood elsewhere. `flagged` is the same flag set
 * otherwise for a flag, and a flag that came meanwhile for a place.
 */
export const conflicts: Readonly<Record<OurChange, Readonly<Record<TheirChange, Ruling>>>> = {
  read: flag,
  unread: flag,
  flag,
  unflag: flag,
  answered: flag,
  archive: place({
    flagged: ours,
    // It has left the Inbox, which is what was wanted.
    moved: theirs,
    trashed: telling(ours, 'broughtBack'),
    junked: telling(ours, 'broughtBack'),
    gone: telling(theirs, 'gone'),
  }),
  move: place({
    flagged: ours,
    moved: telling(theirs, 'movedElsewhere'),
    trashed: telling(ours, 'broughtBack'),
    junked: telling(ours, 'broughtBack'),
    gone: telling(theirs, 'gone'),
  }),
  delete: place({
    // The flag goes with it to Deleted Items, where it can be found.
    flagged: ours,
    moved: telling(theirs, 'movedElsewhere'),
    trashed: both,
    junked: ours,
    gone: both,
  }),
  junk: place({
    flagged: ours,
    moved: telling(theirs, 'movedElsewhere'),
    trashed: theirs,
    junked: both,
    gone: both,
  }),
  notJunk: place({
    flagged: ours,
    moved: theirs,
    trashed: telling(ours, 'broughtBack'),
    junked: ours,
    gone: telling(theirs, 'gone'),
  }),
  destroy: place({
    flagged: telling(theirs, 'flaggedMeanwhile'),
    moved: telling(theirs, 'movedElsewhere'),
    trashed: ours,
    junked: ours,
    gone: both,
  }),
};
