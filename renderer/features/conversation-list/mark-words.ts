export interface TextRun {
  readonly text: string;
  readonly isMarked: boolean;
  /** Where in the whole text it begins. */
  readonly at: number;
}

/** Takes a text apart so that every place where one of the words begins a word can be marked, whatever its case. */
export function markWords(text: string, words: readonly string[]): readonly TextRun[] {
  if (words.length === 0) return [{ text, isMarked: false, at: 0 }];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.map(RegExp.escape).join('|')})`, 'giu');
  const runs: TextRun[] = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(pattern)) {
    if (index > end) runs.push({ text: text.slice(end, index), isMarked: false, at: end });
    runs.push({ text: word, isMarked: true, at: index });
    end = index + word.length;
  }
  if (end < text.length) runs.push({ text: text.slice(end), isMarked: false, at: end });
  return runs;
}

/** The words of what somebody searches for, as the search itself takes them. */
export function wordsOf(searched: string): readonly string[] {
  return searched.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}
