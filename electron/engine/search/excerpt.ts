const length = 160;
const ahead = 40;
/** A hit further down shows the beginning of the text instead: looking for it would take longer than the search. */
const maximumSearched = 50_000;

/** The text around the first of the words, on one line, at most 200 characters. */
export function excerptAround(text: string, words: readonly string[]): string {
  const folded = fold(text.slice(0, maximumSearched));
  const places = words.map((word) => folded.indexOf(fold(word))).filter((place) => place >= 0);
  const start = Math.max(0, (places.length === 0 ? 0 : Math.min(...places)) - ahead);
  // More than is shown, of which blanks become one.
  const around = text.slice(start, start + 3 * length);
  const plain = around.replace(/\s+/gu, ' ').trim();
  const isMore =
    plain.length > length ||
    (start + around.length < text.length && text.slice(start + around.length).trim() !== '');
  return `${start > 0 ? '…' : ''}${plain.slice(0, length).toWellFormed()}${isMore ? '…' : ''}`;
}

/** Lower case without accents, one character for one, so that places in it are places in the text. */
function fold(text: string): string {
  const plain = /[^\0-\x7f]/.test(text)
    ? text.replace(/[^\0-\x7f]/g, (letter) => letter.normalize('NFD').charAt(0).toLowerCase().charAt(0))
    : text;
  return plain.toLowerCase();
}
