import { fold, isUnspacedWord } from '../../../shared/search/fold.ts';

export interface TextRun {
  readonly text: string;
  readonly isMarked: boolean;
  /** Where in the whole text it begins. */
  readonly at: number;
}

/** Letters from which on a word is found inside of others. */
const insideFrom = 4;

/**
 * Takes a text apart so that every place can be marked where one of the words begins a word, or stands in one, whatever its
 * case and accents. `words`: folded (`shared/search/fold.ts`).
 */
export function markWords(text: string, words: readonly string[]): readonly TextRun[] {
  if (words.length === 0) return [{ text, isMarked: false, at: 0 }];
  // The longest first: of two that begin alike the whole is marked.
  const longest = words.map(fold).toSorted((a, b) => b.length - a.length);
  const patterns = longest.map((word) =>
    word.length >= insideFrom || isUnspacedWord(word)
      ? RegExp.escape(word)
      : `(?<![\\p{L}\\p{N}])${RegExp.escape(word)}`,
  );
  const { folded, places } = foldedWithPlaces(text);
  const runs: TextRun[] = [];
  let end = 0;
  for (const { 0: word, index } of folded.matchAll(new RegExp(patterns.join('|'), 'gu'))) {
    const [from = 0, to = text.length] = [places[index], places[index + word.length]];
    if (from < end || to <= from) continue;
    if (from > end) runs.push({ text: text.slice(end, from), isMarked: false, at: end });
    runs.push({ text: text.slice(from, to), isMarked: true, at: from });
    end = to;
  }
  if (end < text.length) runs.push({ text: text.slice(end), isMarked: false, at: end });
  return runs;
}

/** The folded text, and for each of its characters where that came from. */
function foldedWithPlaces(text: string): { readonly folded: string; readonly places: readonly number[] } {
  const places: number[] = [];
  let folded = '';
  // A letter with the marks that follow it.
  for (const { 0: letter, index } of text.matchAll(/.\p{M}*/gsu)) {
    const one = fold(letter);
    for (let count = 0; count < one.length; count += 1) places.push(index);
    folded += one;
  }
  places.push(text.length);
  return { folded, places };
}
