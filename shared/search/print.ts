import { dayNames, operatorNames, roleNames, stateNames } from './names.ts';
import type { SearchCondition, SearchLanguage, SearchQuery } from './query.ts';

/** The query as somebody would type it, in a language; read again it is the same. */
export function printSearch(query: SearchQuery, language: SearchLanguage): string {
  const text = print(query, language, false);
  // After a blank the last word is no beginning.
  return text.endsWith('*') || /["\s)]$/.test(text) ? text : `${text} `;
}

function print(query: SearchQuery, language: SearchLanguage, isInside: boolean): string {
  const inside = (part: SearchQuery) => print(part, language, true);
  switch (query.kind) {
    case 'all':
      return bracketed(query.parts.map(inside).join(' '), isInside);
    case 'any':
      return bracketed(query.parts.map(inside).join(' OR '), isInside);
    case 'not':
      return `-${inside(query.part)}`;
    default:
      return printCondition(query, language);
  }
}

const bracketed = (text: string, isInside: boolean): string => (isInside ? `(${text})` : text);

function printCondition(condition: SearchCondition, language: SearchLanguage): string {
  const named = (name: keyof typeof operatorNames, value: string) =>
    `${operatorNames[name][language]}:${value}`;
  switch (condition.kind) {
    case 'words': {
      const { text, field, match } = condition;
      const value = match === 'exact' ? `"${text}"` : match === 'beginning' ? `${text}*` : text;
      return field === null ? value : named(field, value);
    }
    case 'state':
      return named(condition.state === 'attachment' ? 'has' : 'is', stateNames[condition.state][language]);
    case 'role':
      return named('in', roleNames[condition.role][language]);
    case 'folder':
      return named('in', `"${condition.path}"`);
    case 'before':
    case 'after':
      return named(condition.kind, condition.day);
    case 'daysAgo':
      return named(condition.than, dayNames[condition.days === 0 ? 'today' : 'yesterday'][language]);
    case 'age':
      return named(
        condition.than === 'older' ? 'older_than' : 'newer_than',
        `${condition.amount}${condition.unit}`,
      );
    case 'size':
      return named(condition.than, String(condition.bytes));
  }
}
