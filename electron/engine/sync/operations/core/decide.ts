import type { DecisionCode, PlacementKind } from '../../../../../shared/model/conversation.ts';
import type { FolderRole } from '../../../mail/types.ts';
import { conflicts, type TheirChange } from './conflicts.ts';

/** A wish of the person's about where one message stands. */
export interface Wish {
  readonly kind: PlacementKind;
  readonly takes: readonly FolderRole[];
  /** Folders in which it stood when the person decided, or where we may have put it since. Empty: not yet in Exchange. */
  readonly base: readonly string[];
  /** Whether it was flagged when the person decided. */
  readonly wasFlagged: boolean;
}

/** One copy in Exchange, as it was last seen. */
export interface SeenCopy {
  readonly path: string;
  readonly role: FolderRole;
  /** It is not where it was, and has not been met elsewhere yet. */
  readonly isLost: boolean;
  readonly isFlagged: boolean;
}

export type Verdict<Copy extends SeenCopy> =
  /** Exchange does not have the message yet, or it is being looked for. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'carryOut'; readonly copies: readonly Copy[]; readonly tells: DecisionCode | null }
  | { readonly kind: 'done' }
  /** Exchange has it otherwise, and that stays. */
  | { readonly kind: 'dropped'; readonly tells: DecisionCode | null };

/**
 * What is to be done about a wish, given all copies that Exchange was seen to have.
 *
 * @param target the folder it is to stand in; null: there is none; 'nowhere': it is to go for good
 */
export function decide<Copy extends SeenCopy>(
  wish: Wish,
  target: string | null | 'nowhere',
  copies: readonly Copy[],
): Verdict<Copy> {
  if (copies.some(({ isLost }) => isLost)) return { kind: 'wait' };
  if (copies.length === 0 && wish.base.length === 0) return { kind: 'wait' };
  // Of mail to oneself the copy in Sent is another one, unless that is meant as well.
  const meant = copies.filter(({ role }) => role !== 'sent' || wish.takes.includes('sent'));
  const away = meant.filter(({ path }) => path !== target);
  const wanted = away.filter(({ role }) => wish.takes.includes(role));
  const expected = wanted.filter(({ path }) => wish.base.length === 0 || wish.base.includes(path));
  const theirs = changeOf(wish, target, meant, expected);
  const { wins, tells } = conflicts[wish.kind][theirs];
  if (wins === 'both') return { kind: 'done' };
  if (wins === 'theirs') return { kind: 'dropped', tells };
  return { kind: 'carryOut', copies: expected.length > 0 ? expected : away, tells };
}

function changeOf(
  wish: Wish,
  target: string | null,
  copies: readonly SeenCopy[],
  expected: readonly SeenCopy[],
): TheirChange {
  if (copies.length === 0) return 'gone';
  if (expected.length > 0) {
    if (target === null) return 'folderGone';
    return !wish.wasFlagged && expected.some(({ isFlagged }) => isFlagged) ? 'flagged' : 'nothing';
  }
  const isIn = (role: FolderRole): boolean => copies.some((copy) => copy.role === role);
  if (copies.some(({ path }) => path === target)) return 'same';
  const theirs = copies.every(({ role }) => role === 'trash' || role === 'junk')
    ? isIn('trash')
      ? 'trashed'
      : 'junked'
    : 'moved';
  return target === null && conflicts[wish.kind][theirs].wins === 'ours' ? 'folderGone' : theirs;
}
