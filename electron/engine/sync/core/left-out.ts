import type { ToldPart } from '../../mail/types.ts';

/** Texts that are a message's body are copied up to this many bytes; beyond it they are a file. */
const longestText = 5_000_000;

export interface PartsPlan {
  /** Sections whose bodies are fetched. */
  readonly fetch: readonly string[];
  /** Sections of which only the header is. */
  readonly leaveOut: readonly string[];
}

/**
 * Which parts of a message are copied: its texts, and what has at most `largest` bytes. Null when the description makes
 * no sense, as that of Exchange now and then.
 */
export function planParts(told: ToldPart, largest: number): PartsPlan | null {
  const leaves = leavesOf(told);
  if (leaves === null || leaves.length === 0) return null;
  const isCopied = (part: ToldPart): boolean => part.size <= (isText(part) ? longestText : largest);
  const sections = (parts: readonly ToldPart[]): readonly string[] => parts.map(({ section }) => section);
  return {
    fetch: sections(leaves.filter(isCopied)),
    leaveOut: sections(leaves.filter((part) => !isCopied(part))),
  };
}

const isText = ({ type, isAttached }: ToldPart): boolean => type.startsWith('text/') && !isAttached;

/** Null when some part has no type, no place or no size. */
function leavesOf(part: ToldPart): readonly ToldPart[] | null {
  if (!/^[a-z0-9.+_-]+\/[a-z0-9.+_-]+$/.test(part.type)) return null;
  if (part.type.startsWith('multipart/')) {
    const leaves = part.children.map(leavesOf);
    return leaves.length === 0 || leaves.includes(null) ? null : leaves.flatMap((some) => some ?? []);
  }
  const hasPlace = /^\d+(\.\d+)*$/.test(part.section);
  return hasPlace && Number.isSafeInteger(part.size) && part.size >= 0 ? [part] : null;
}
