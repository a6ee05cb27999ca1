const length = 160;
/** A hit further down shows the beginning of the text instead: looking for it would take longer than the search. */
const maximumSearched = 50_000;

/** The text around the first of the words, on one line, at most 200 characters. */
export function excerptAround(text: string, words: readonly string[]): string {
  const plain = text.slice(0, maximumSearched).replace(/\s+/gu, ' ').trim();
  const folded = fold(plain);
  const places = words.map((word) => folded.indexOf(fold(word))).filter((place) => place >= 0);
  const first = places.length === 0 ? 0 : Math.min(...places);
  const start = Math.max(0, first - 40);
  const end = Math.min(plain.length, start + length);
  return `${start > 0 ? '…' : ''}${plain.slice(start, end).toWellFormed()}${end < plain.length ? '…' : ''}`;
}

/** Lower case without accents, one character for one, so that places in it are places in the text. */
function fold(text: string): string {
  return text
    .replace(/[^ -~]/g, (letter) => letter.normalize('NFD').charAt(0).toLowerCase().charAt(0))
    .toLowerCase();
}
