/**
 * Those of which the text has all letters that were typed, in their order, the best first: beginnings of words before
 * letters in a row before letters apart. Without regard to case and accents; as they came while nothing is typed.
 */
export function findFuzzily<T>(all: readonly T[], typed: string, textOf: (one: T) => string): readonly T[] {
  const wanted = plain(typed).replace(/\s+/g, '');
  if (wanted === '') return all;
  return all
    .map((one) => ({ one, score: scoreOf(plain(textOf(one)), wanted) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ one }) => one);
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** 0: it does not have them all. The best of all places to begin at. */
function scoreOf(text: string, wanted: string): number {
  let best = 0;
  for (
    let start = text.indexOf(wanted.charAt(0));
    start >= 0;
    start = text.indexOf(wanted.charAt(0), start + 1)
  )
    best = Math.max(best, scoreFrom(text, wanted, start));
  return best;
}

function scoreFrom(text: string, wanted: string, start: number): number {
  let score = 0;
  let last = start - 1;
  for (const letter of wanted) {
    const wordAt = atWord(text, letter, last + 1);
    const next = text[last + 1] === letter ? last + 1 : wordAt >= 0 ? wordAt : text.indexOf(letter, last + 1);
    if (next < 0) return 0;
    score += beginsWord(text, next) ? 8 : next === last + 1 ? 6 : 1;
    last = next;
  }
  // The shorter of two that fit as well is nearer to what was typed.
  return score + 1 / (1 + text.length + start);
}

function atWord(text: string, letter: string, from: number): number {
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1))
    if (beginsWord(text, at)) return at;
  return -1;
}

const beginsWord = (text: string, at: number): boolean =>
  at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ');
