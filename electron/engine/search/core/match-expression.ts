import { fold, isUnspacedWord, pairsOf, wordsOf } from '../../../../shared/search/fold.ts';
import type { SearchField, SearchQuery } from '../../../../shared/search/query.ts';

type Words = Extract<SearchQuery, { kind: 'words' }>;

/**
 * The words of the copy that have this one inside ("mietvertrag" for "vertrag"), or its ending besides ("vertrags").
 * `isAnywhere`: also within the first three letters.
 */
export type LongerWords = (word: string, isAnywhere: boolean) => readonly string[];

const columns: Readonly<Record<SearchField, string>> = {
  from: 'sender',
  to: 'recipients',
  cc: 'copied',
  subject: 'subject',
  filename: 'files',
};
/** Letters from which on a word is looked for inside of others. */
const insideFrom = 4;

/** As an FTS5 expression; null: there is more in it than words, or nothing but what is not wanted. */
export function matchExpression(query: SearchQuery, longer: LongerWords): string | null {
  switch (query.kind) {
    case 'words':
      return wordsExpression(query, longer);
    case 'any': {
      const parts = query.parts.map((part) => matchExpression(part, longer));
      return parts.includes(null) ? null : `(${parts.join(' OR ')})`;
    }
    case 'all': {
      const wanted = query.parts.flatMap((part) =>
        part.kind === 'not' ? [] : matchExpression(part, longer),
      );
      const unwanted = query.parts.flatMap((part) =>
        part.kind === 'not' ? matchExpression(part.part, longer) : [],
      );
      if (wanted.length === 0 || wanted.includes(null) || unwanted.includes(null)) return null;
      return `(${[`(${wanted.join(' AND ')})`, ...unwanted].join(' NOT ')})`;
    }
    default:
      return null;
  }
}

function wordsExpression({ text, field, match }: Words, longer: LongerWords): string {
  const words = wordsOf(text);
  const [first = ''] = words;
  const last = words.at(-1) ?? '';
  const isOpen = match === 'beginning' && isBeginning(last);
  const alternatives = [phrase(words, isOpen)];
  if (words.length === 1 && match !== 'exact' && !isUnspacedWord(first)) {
    for (const other of spelledOtherwise(text, first)) alternatives.push(phrase([other], isOpen));
    const isPerson = field === 'from' || field === 'to' || field === 'cc';
    if ([...first].length >= (isPerson ? 3 : insideFrom))
      for (const other of longer(first, isPerson || /\p{N}/u.test(first))) alternatives.push(`"${other}"`);
  }
  const either = alternatives.length === 1 ? alternatives.join('') : `(${alternatives.join(' OR ')})`;
  return field === null ? either : `${columns[field]} : ${either}`;
}

/** A single letter begins too much: it waits for the next, unless it is a word by itself. */
const isBeginning = (word: string): boolean => [...word].length > 1 && !isUnspacedWord(word);

function phrase(words: readonly string[], isOpen: boolean): string {
  const written = words.flatMap((word, index) => {
    if (!isUnspacedWord(word)) return [word];
    const pairs = pairsOf(word);
    // The last of them alone stands in the index too, and before what follows.
    return index < words.length - 1 || pairs.length === 1 ? pairs : pairs.slice(0, -1);
  });
  const last = words.at(-1) ?? '';
  const isSingle = isUnspacedWord(last) && [...last].length === 1;
  return `"${written.join(' ')}"${isOpen || isSingle ? ' *' : ''}`;
}

/** "mueller" for "müller", "muller" for "mueller". */
function spelledOtherwise(typed: string, word: string): readonly string[] {
  const long = fold(
    typed
      .toLowerCase()
      .normalize('NFC')
      .replace(/[äöü]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue' })[letter] ?? letter),
  ).match(/[\p{L}\p{N}\p{M}]+/u)?.[0];
  const short = word.replace(/([aou])e/g, '$1');
  return [...new Set([long ?? word, short])].filter((other) => other !== word && other.length > 1);
}

/** What may be marked in a text that was found: the words that are wanted. */
export function wantedWords(query: SearchQuery): readonly string[] {
  switch (query.kind) {
    case 'all':
    case 'any':
      return [...new Set(query.parts.flatMap(wantedWords))];
    case 'words':
      return [
        ...new Set([...wordsOf(query.text), ...spelledOtherwise(query.text, wordsOf(query.text)[0] ?? '')]),
      ];
    default:
      return [];
  }
}
