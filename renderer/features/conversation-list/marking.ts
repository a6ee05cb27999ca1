/** How a range and single rows are marked in a list, as every system's lists do it. Rows count from 0. */
export interface Marking {
  /** Where a range begins. */
  readonly anchor: number;
  /** Where the keys are. */
  readonly cursor: number;
}

/** What a click or a key means for the marks. */
export type Mark =
  | { readonly kind: 'only'; readonly at: number }
  | { readonly kind: 'turn'; readonly at: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number };

export interface Held {
  readonly shiftKey: boolean;
  /** Ctrl, on a Mac Cmd. */
  readonly isMod: boolean;
}

/** No more than these at once: the last that can be taken back as one. */
export const mostMarked = 1000;

export function clicked(marking: Marking, at: number, { shiftKey, isMod }: Held): readonly [Marking, Mark] {
  if (shiftKey) return [{ ...marking, cursor: at }, range(marking.anchor, at)];
  return [{ anchor: at, cursor: at }, isMod ? { kind: 'turn', at } : { kind: 'only', at }];
}

/** An arrow with Shift: the range grows or shrinks at the end where the cursor is. */
export function extended(marking: Marking, to: number): readonly [Marking, Mark] {
  return [{ ...marking, cursor: to }, range(marking.anchor, to)];
}

function range(one: number, other: number): Mark {
  const from = Math.min(one, other);
  const to = Math.max(one, other);
  if (to - from < mostMarked) return { kind: 'range', from, to };
  // As many as may be, counted from where the range begins.
  return one <= other
    ? { kind: 'range', from, to: from + mostMarked - 1 }
    : { kind: 'range', from: to - mostMarked + 1, to };
}
