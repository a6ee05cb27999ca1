/**
 * What a person typed, as an FTS5 query: every word must occur, the last may be a beginning. Nothing in it is
 * understood as an operator. Null when there is no word.
 */
export function searchQuery(text: string): string | null {
  const words = text.normalize('NFC').match(/[\p{L}\p{N}\p{M}]+/gu);
  if (words === null) return null;
  const quoted = words.slice(0, 20).map((word) => `"${word}"`);
  return `${quoted.join(' ')}*`;
}
