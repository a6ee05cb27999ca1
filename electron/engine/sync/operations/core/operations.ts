import type { AppError } from '../../../../../shared/errors.ts';
import type { PlacementKind } from '../../../../../shared/model/conversation.ts';
import type { FolderRole } from '../../../mail/types.ts';

export type MessageFlag = '\\Seen' | '\\Flagged' | '\\Answered';
export type FlagKind = 'read' | 'unread' | 'flag' | 'unflag' | 'answered';

/*
 * Everything that a person can do to a message, on one page. All of it goes the same way, with and without Exchange:
 * 1. journalled and shown in one transaction (`actions.ts`): a flag in `flag_change`, a place in `placement`. Of each
 *    flag and of the place of a message only the newest wish is kept, so that what is carried out is in order;
 * 2. carried out in Exchange once it is the route and has the message (`folder-sync.ts` for flags, `carry-out.ts`);
 * 3. done when Exchange was seen to agree by FETCH: then, and not before, the journal forgets it.
 * What else happened to the message meanwhile is ruled on by `conflicts.ts`.
 */

interface FlagOperation {
  /** Local effect: the message is shown so. Remote effect: STORE on each of its copies, wherever they stand. */
  readonly flag: MessageFlag;
  readonly isSet: boolean;
  /** Of a conversation: all of its messages, or its newest, as Outlook flags. */
  readonly of: 'all' | 'newest';
  /** What takes it back. Null: it follows from something else that is not taken back. */
  readonly undo: FlagKind | null;
}

export const flagOperations: Readonly<Record<FlagKind, FlagOperation>> = {
  read: { flag: '\\Seen', isSet: true, of: 'all', undo: 'unread' },
  unread: { flag: '\\Seen', isSet: false, of: 'newest', undo: 'read' },
  flag: { flag: '\\Flagged', isSet: true, of: 'newest', undo: 'unflag' },
  unflag: { flag: '\\Flagged', isSet: false, of: 'all', undo: 'flag' },
  answered: { flag: '\\Answered', isSet: true, of: 'newest', undo: null },
};

interface PlaceOperation {
  /** Local effect: copies in folders of these roles are shown in `to`. Remote effect: MOVE from there to there. */
  readonly takes: readonly FolderRole[];
  /** `chosen`: the folder that the person named. `nowhere`: UID EXPUNGE. */
  readonly to: FolderRole | 'chosen' | 'nowhere';
  /**
   * `back`: before Exchange was told, the wish is forgotten; afterwards a move to where the message stood.
   * `before`: only before Exchange was told, which therefore waits for `undoMs`.
   */
  readonly undo: 'back' | 'before';
}

const wherever: readonly FolderRole[] = ['inbox', 'sent', 'archive', 'other', 'trash', 'junk'];
const except = (...roles: readonly FolderRole[]): readonly FolderRole[] =>
  wherever.filter((role) => !roles.includes(role));

export const placeOperations: Readonly<Record<PlacementKind, PlaceOperation>> = {
  archive: { takes: ['inbox'], to: 'archive', undo: 'back' },
  move: { takes: except('sent'), to: 'chosen', undo: 'back' },
  delete: { takes: except('trash'), to: 'trash', undo: 'back' },
  junk: { takes: except('junk', 'sent'), to: 'junk', undo: 'back' },
  notJunk: { takes: ['junk'], to: 'inbox', undo: 'back' },
  destroy: { takes: ['trash', 'junk'], to: 'nowhere', undo: 'before' },
};

/** For how long the window offers to undo something. */
export const undoMs = 10_000;
/** A message is refused as often as this before it is put back where it stood. */
const patience = 5;

/**
 * What an error means for an operation that met it.
 * `interrupted`: the session is of no use, or asks for a pause: everything waits for the next one, and whatever had
 * begun is looked for before it is begun again. `pause`: this one waits for `waitMs`, the others go on.
 * `giveUp`: it never will be; the local effect goes, and the person is told. `folderGone`: see the table of conflicts.
 */
export type ErrorRule =
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'pause'; readonly waitMs: number }
  | { readonly kind: 'giveUp' }
  | { readonly kind: 'folderGone' };

/** The rule of every operation on every kind of error. `attempts`: how many there were, this one included. */
export function ruleOnError(error: AppError, isUsable: boolean, attempts: number): ErrorRule {
  if (!isUsable || ['server.throttled', 'server.unavailable'].includes(error.code))
    return { kind: 'interrupted' };
  if (error.code === 'notFound') return { kind: 'folderGone' };
  if (error.retry === 'never' || attempts >= patience) return { kind: 'giveUp' };
  return { kind: 'pause', waitMs: 30_000 * 2 ** (attempts - 1) };
}
