import { fold } from '../../../shared/search/fold.ts';
import {
  dayNames,
  notWords,
  operatorNames,
  orWords,
  roleNames,
  stateNames,
} from '../../../shared/search/names.ts';
import { type SearchToken, tokensOf } from '../../../shared/search/parse.ts';
import type { SearchLanguage } from '../../../shared/search/query.ts';
import { conditionOf, operatorOf } from '../../../shared/search/values.ts';

/** What is searched for, as the field shows it: finished operators as chips, the rest as text. */
export interface FieldParts {
  readonly chips: readonly Chip[];
  readonly rest: string;
}

export interface Chip {
  /** As typed. */
  readonly text: string;
  /** In the person's language. */
  readonly label: string;
}

/** Brackets and OR hold parts together that chips would take apart: then everything stays text. */
export function partsOf(text: string, language: SearchLanguage): FieldParts {
  const tokens = tokensOf(text);
  const isTied = tokens.some(
    ({ kind, value, name, isQuoted }) =>
      kind !== 'term' || (name === null && !isQuoted && (orWords.has(value) || notWords.has(value))),
  );
  const finished = isTied ? [] : tokens.filter((token) => isFinished(token, text));
  let rest = '';
  let at = 0;
  for (const { start, end } of finished) {
    rest += text.slice(at, start);
    at = end + 1;
  }
  rest += text.slice(at);
  return {
    chips: finished.map((token) => ({
      text: text.slice(token.start, token.end),
      label: labelOf(token, language),
    })),
    rest,
  };
}

export function joinParts(chips: readonly Chip[], rest: string): string {
  return chips.map((chip) => `${chip.text} `).join('') + rest;
}

function isFinished({ name, value, end }: SearchToken, text: string): boolean {
  const operator = name === null ? null : operatorOf(name);
  return (
    operator !== null && /\s/.test(text[end] ?? '') && conditionOf(operator, value) !== null && value !== ''
  );
}

function labelOf({ name, value, isNot }: SearchToken, language: SearchLanguage): string {
  const operator = operatorOf(name ?? '');
  return `${isNot ? '−' : ''}${operator === null ? name : operatorNames[operator][language]}: ${value}`;
}

/** What the last piece of the text may go on with. */
export type Wanted =
  | { readonly of: 'people' | 'folders'; readonly text: string; readonly token: SearchToken }
  | { readonly of: 'fixed'; readonly options: readonly string[]; readonly token: SearchToken };

/** `rest`: what stands in the field. Null: nothing can be offered. */
export function wantedAtEnd(rest: string, language: SearchLanguage): Wanted | null {
  const token = tokensOf(rest).at(-1);
  if (token === undefined || token.kind !== 'term' || token.end !== rest.length) return null;
  const { name, value } = token;
  const beginning = fold(value);
  const named = (names: Readonly<Record<string, Readonly<Record<SearchLanguage, string>>>>, after: string) =>
    Object.values(names)
      .map((of) => of[language])
      .filter((of) => fold(of).startsWith(beginning))
      .map((of) => after + of);
  const operator = name === null ? null : operatorOf(name);
  if (operator === null) {
    if (token.isQuoted || beginning.length < 2) return null;
    return { of: 'fixed', options: named(operatorNames, '').map((of) => `${of}:`), token };
  }
  const before = `${name}:`;
  const { attachment, ...states } = stateNames;
  switch (operator) {
    case 'from':
    case 'to':
    case 'cc':
      return { of: 'people', text: value, token };
    case 'in':
      return { of: 'folders', text: value, token };
    case 'is':
      return { of: 'fixed', options: named(states, before), token };
    case 'has':
      return { of: 'fixed', options: named({ attachment }, before), token };
    case 'before':
    case 'after':
      return { of: 'fixed', options: named(dayNames, before), token };
    default:
      return null;
  }
}

/** The roles of folders that begin like this, in the person's language. */
export function rolesNamed(text: string, language: SearchLanguage): readonly string[] {
  return Object.values(roleNames)
    .map((names) => names[language])
    .filter((name) => fold(name).startsWith(fold(text)));
}
