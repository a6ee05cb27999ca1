import type { PeerQuery } from '../peers/indexed-maildir.ts';

export interface BenchQuery {
  readonly kind: string;
  readonly text: string;
  /** Null: mu or notmuch cannot say it. */
  readonly peer: PeerQuery | null;
}

type Pick = (longest: number) => string;

/** One of each kind, again and again; `words`: of a message, one after the other. */
const kinds: Readonly<
  Record<
    string,
    (words: readonly string[], pick: Pick) => readonly [string, (string | undefined)?, (string | undefined)?]
  >
> = {
  word: ([a]) => [`${a} `, a, a],
  'two letters': ([, b]) => [b?.slice(0, 2) ?? '', `${b?.slice(0, 2)}*`, `${b?.slice(0, 2)}*`],
  'three letters': ([, b]) => [b?.slice(0, 3) ?? '', `${b?.slice(0, 3)}*`, `${b?.slice(0, 3)}*`],
  beginning: ([a]) => [a?.slice(0, 5) ?? '', `${a?.slice(0, 5)}*`, `${a?.slice(0, 5)}*`],
  'two words': ([a, b]) => [`${a} ${b} `, `${a} ${b}`, `${a} ${b}`],
  'three words': ([a, b, c]) => [`${a} ${b} ${c} `, `${a} ${b} ${c}`, `${a} ${b} ${c}`],
  phrase: ([a, b]) => [`"${a} ${b}"`, `"${a} ${b}"`, `"${a} ${b}"`],
  from: (_, pick) => {
    const a = pick(12);
    return [`from:${a} `, `from:${a}`, `from:${a}`];
  },
  subject: (_, pick) => {
    const a = pick(12);
    return [`subject:${a} `, `subject:${a}`, `subject:${a}`];
  },
  inside: ([a]) => [`${a?.slice(3) ?? ''} `],
  filename: () => ['filename:report '],
  'has an attachment': ([a]) => [`has:attachment ${a} `],
  unread: () => ['is:unread'],
  'unread word': ([a]) => [`is:unread ${a} `],
  flagged: ([a]) => [`is:flagged ${a} `],
  folder: ([a]) => [`in:archive ${a} `],
  before: ([a]) => [`older_than:60d ${a} `],
  after: () => ['newer_than:3w'],
  larger: ([a]) => [`larger:100k ${a} `],
  not: ([a, b]) => [`${a} -${b} `, `${a} and not ${b}`, `${a} and not ${b}`],
  or: ([a, b]) => [`${a} OR ${b} `, `${a} or ${b}`, `${a} or ${b}`],
  nothing: () => ['qqxxzz '],
};

/** `texts`: of messages, from which the words are taken, so that they are as frequent as there. */
export function benchQueries(count: number, texts: readonly string[]): readonly BenchQuery[] {
  const names = Object.keys(kinds);
  return Array.from({ length: count }, (_, index) => {
    const words = (texts[index % texts.length] ?? '').match(/[a-z]{4,}/g) ?? [];
    const from = Math.min((index * 7) % Math.max(1, words.length), Math.max(0, words.length - 3));
    const kind = names[index % names.length] ?? 'word';
    const pick: Pick = (longest) => (words[index % Math.max(1, words.length)] ?? 'tea').slice(0, longest);
    const [text = '', mu, notmuch] = kinds[kind]?.(words.slice(from), pick) ?? [];
    return { kind, text, peer: mu === undefined || notmuch === undefined ? null : { mu, notmuch } };
  });
}
