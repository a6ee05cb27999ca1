/** Letters that decompose into nothing else, as people write them who do not have them. */
const written: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};
const marks = /[\u0300-\u036f\u0591-\u05bd\u064b-\u0652\u0670]/g;
const cannotDecompose = /[ßæœøłđðþıς]/g;
/** What is written without blanks between words: Han, kana, hangul, Thai, Lao, Khmer, Burmese. */
const unspaced =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}ー';
const unspacedRun = new RegExp(`[${unspaced}]+`, 'gu');
const isUnspaced = new RegExp(`^[${unspaced}]`, 'u');
const word = /[\p{L}\p{N}\p{M}]+/gu;

/** Lower case, without accents, one form for what looks the same (NFKC): what is compared in a search. */
export function fold(text: string): string {
  return text.replace(/[^\0-\x7f]+/g, foldRun).toLowerCase();
}

function foldRun(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(marks, '')
    .replace(cannotDecompose, (letter) => written[letter] ?? letter)
    .normalize('NFC');
}

/**
 * The words of a text, folded, in their order; a run of a script without blanks is one of them, apart from the letters
 * around it.
 */
export function wordsOf(text: string): readonly string[] {
  return (fold(text).match(word) ?? []).flatMap((found) =>
    found.search(unspacedRun) < 0 ? found : (found.replace(unspacedRun, ' $& ').match(/\S+/g) ?? []),
  );
}

export function isUnspacedWord(text: string): boolean {
  return isUnspaced.test(text);
}

/**
 * What the index takes for such a run: every two neighbours, then the last alone, so that any part of it is found as a
 * phrase of pairs, and a single character as the beginning of one.
 */
export function pairsOf(run: string): readonly string[] {
  const letters = [...run];
  return letters.map((letter, index) => letter + (letters[index + 1] ?? ''));
}
