import type { AccountId } from '../../../shared/model/ids.ts';
import type { SearchLanguage } from '../../../shared/search/query.ts';
import { useSearchSuggestions } from '../../bridge/queries.ts';
import { rolesNamed, type Wanted, wantedAtEnd } from './chips.ts';

export interface Suggestion {
  /** Shown, and tells it apart. */
  readonly text: string;
  readonly hint: string;
  /** What stands in the field afterwards; of a former search, instead of everything. */
  readonly rest: string;
  readonly isWhole: boolean;
}

interface Field {
  readonly accountId: AccountId;
  readonly rest: string;
  readonly isEmpty: boolean;
  readonly language: SearchLanguage;
  /** Another number after another search was remembered. */
  readonly remembered: number;
}

/** What may be meant: former searches where nothing is typed yet, then names of operators, people and folders. */
export function useSuggestions({
  accountId,
  rest,
  isEmpty,
  language,
  remembered,
}: Field): readonly Suggestion[] {
  const wanted = wantedAtEnd(rest, language);
  const of = isEmpty ? 'recent' : wanted === null || wanted.of === 'fixed' ? null : wanted.of;
  const text = wanted === null || wanted.of === 'fixed' ? '' : wanted.text;
  const found = useSearchSuggestions(accountId, { of, text, remembered }).data;
  if (of === 'recent')
    return (found?.searches ?? []).map((search) => ({ text: search, hint: '', rest: search, isWhole: true }));
  if (wanted === null) return [];
  const make = (value: string, shown = value, hint = ''): Suggestion => ({
    text: shown,
    hint,
    rest: `${rest.slice(0, wanted.token.start)}${wanted.token.isNot ? '-' : ''}${value}`,
    isWhole: false,
  });
  if (wanted.of === 'fixed')
    return wanted.options
      .filter((option) => option !== rest.slice(wanted.token.start))
      .map((option) => make(option.endsWith(':') ? option : `${option} `, option));
  return named(wanted, language, found, make);
}

function named(
  { token, of, text }: Extract<Wanted, { of: 'people' | 'folders' }>,
  language: SearchLanguage,
  found: ReturnType<typeof useSearchSuggestions>['data'],
  make: (value: string, shown?: string, hint?: string) => Suggestion,
): readonly Suggestion[] {
  if (of === 'people')
    return (found?.people ?? []).map(({ name, address }) =>
      make(`${token.name}:${address} `, name === '' ? address : name, name === '' ? '' : address),
    );
  const roles = rolesNamed(text, language).map((role) => make(`${token.name}:${role} `, role));
  const folders = (found?.folders ?? []).map((path) => make(`${token.name}:"${path}" `, path));
  return [...roles, ...folders];
}
