import { wordsOf } from './fold.ts';
import { andWords, notWords, orWords } from './names.ts';
import type { SearchQuery } from './query.ts';
import { conditionOf, operatorOf } from './values.ts';

export interface ParsedSearch {
  /** Null: nothing is searched for yet. */
  readonly query: SearchQuery | null;
  /** What was meant as more than words and is none, as typed: it is searched for literally. */
  readonly literal: readonly string[];
}

/** A piece of what was typed. */
export interface SearchToken {
  readonly kind: 'open' | 'close' | 'term';
  readonly isNot: boolean;
  /** Before the colon, when that is the name of an operator. */
  readonly name: string | null;
  readonly value: string;
  readonly isQuoted: boolean;
  readonly start: number;
  readonly end: number;
}

/** Parts deeper inside each other than this are taken as if they stood beside. */
const deepest = 50;
/** More terms than these are left out. */
const mostTerms = 100;

/**
 * Takes apart what somebody typed. Total: whatever it is, it is taken for something, and what cannot be what it looks
 * like is searched for as it stands.
 */
export function tokensOf(text: string): readonly SearchToken[] {
  const tokens: SearchToken[] = [];
  const piece = /(-*)(?:([()])|(?:([\p{L}_]+):)?(?:["“”„«»]([^"“”„«»]*)["“”„«»]?|([^\s()"“”„«»]+)?))/uy;
  for (let at = 0; at < text.length && tokens.length < 1000; ) {
    const blank = /\s+/y;
    blank.lastIndex = at;
    if (blank.test(text)) {
      at = blank.lastIndex;
      continue;
    }
    piece.lastIndex = at;
    const found = piece.exec(text);
    const whole = found?.[0] ?? '';
    if (found === null || whole === '') {
      at += 1;
      continue;
    }
    const [, minus, bracket, prefix, quoted, bare] = found;
    const isOperator = prefix !== undefined && operatorOf(prefix) !== null;
    const kind = bracket === '(' ? 'open' : bracket === ')' ? 'close' : 'term';
    // What is no operator stays one with what follows: "https://…", "Re:"; quotation marks begin something new.
    const ahead = prefix !== undefined && !isOperator ? `${prefix}:` : '';
    const isCut = ahead !== '' && quoted !== undefined;
    const end = at + (isCut ? (minus ?? '').length + ahead.length : whole.length);
    tokens.push({
      kind,
      isNot: minus !== '',
      name: isOperator ? prefix : null,
      value: isCut ? ahead : ahead + (quoted ?? bare ?? ''),
      isQuoted: quoted !== undefined && !isCut,
      start: at,
      end,
    });
    at = end;
  }
  return tokens;
}

export function parseSearch(text: string): ParsedSearch {
  const tokens = tokensOf(text).slice(0, mostTerms);
  const literal: string[] = [];
  const isBeingTyped = !/\s$/u.test(text);
  let at = 0;

  const said = ({ start, end }: SearchToken) => text.slice(start, end);

  function any(depth: number): SearchQuery | null {
    const parts: SearchQuery[] = [];
    for (;;) {
      const part = all(depth);
      if (part !== null) parts.push(part);
      const token = tokens[at];
      if (token === undefined || !isWord(token, orWords)) return joined('any', parts);
      at += 1;
    }
  }

  function all(depth: number): SearchQuery | null {
    const parts: SearchQuery[] = [];
    for (let token = tokens[at]; token !== undefined; token = tokens[at]) {
      if (isWord(token, orWords)) break;
      if (token.kind === 'close') {
        if (depth > 0) break;
        literal.push(')');
        at += 1;
        continue;
      }
      const part = one(token, depth);
      if (part !== null) parts.push(part);
    }
    return joined('all', parts);
  }

  function one(token: SearchToken, depth: number): SearchQuery | null {
    at += 1;
    if (isWord(token, andWords)) return null;
    if (isWord(token, notWords)) {
      const next = tokens[at];
      if (next === undefined || next.kind === 'close' || isWord(next, orWords)) return null;
      return negated(depth < deepest ? one(next, depth + 1) : null);
    }
    if (token.kind === 'open') {
      if (depth >= deepest) return null;
      const inner = any(depth + 1);
      if (tokens[at]?.kind === 'close') at += 1;
      else if (inner !== null && !isBeingTyped) literal.push('(');
      return token.isNot ? negated(inner) : inner;
    }
    const condition = term(token);
    return token.isNot ? negated(condition) : condition;
  }

  function term(token: SearchToken): SearchQuery | null {
    const { name, value, isQuoted, end } = token;
    const operator = name === null ? null : operatorOf(name);
    if (operator !== null && value.trim() === '') return null;
    const isLast = isBeingTyped && end === text.length && !isQuoted;
    if (operator !== null) {
      const condition = conditionOf(operator, value);
      if (condition === null) {
        literal.push(said(token));
        const parts = [words(name ?? '', null, 'word'), words(value, null, 'exact')];
        return joined(
          'all',
          parts.filter((part) => part !== null),
        );
      }
      return condition.kind === 'words'
        ? words(value, condition.field, isQuoted ? 'exact' : isLast ? 'beginning' : 'word')
        : condition;
    }
    return words(value, null, isQuoted ? 'exact' : isLast ? 'beginning' : 'word');
  }

  const query = any(0);
  return { query, literal };
}

function words(
  text: string,
  field: Extract<SearchQuery, { kind: 'words' }>['field'],
  match: Extract<SearchQuery, { kind: 'words' }>['match'],
): SearchQuery | null {
  const hasStar = match !== 'exact' && text.endsWith('*');
  const bare = hasStar ? text.replace(/\*+$/, '') : text;
  if (wordsOf(bare).length === 0) return null;
  return { kind: 'words', text: bare, field, match: hasStar ? 'beginning' : match };
}

function isWord({ kind, isNot, name, value, isQuoted }: SearchToken, of: ReadonlySet<string>): boolean {
  return kind === 'term' && !isNot && name === null && !isQuoted && of.has(value);
}

function negated(part: SearchQuery | null): SearchQuery | null {
  if (part === null) return null;
  return part.kind === 'not' ? part.part : { kind: 'not', part };
}

function joined(kind: 'all' | 'any', parts: readonly SearchQuery[]): SearchQuery | null {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const [first] = flat;
  if (first === undefined) return null;
  return flat.length === 1 ? first : { kind, parts: flat };
}
