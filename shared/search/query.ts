import type { RoleName, StateName, UnitName } from './names.ts';

export type SearchLanguage = 'en' | 'de' | 'es' | 'fr' | 'it';

/** Where words are looked for; null: everywhere. */
export type SearchField = 'from' | 'to' | 'cc' | 'subject' | 'filename';

/**
 * How words are meant. `exact`: these words one after the other ("in quotation marks"); `word`: and from four letters on
 * longer words with it inside, or up to two letters longer; `beginning`: and those that begin with it, as it is being typed
 * or ends in a star.
 */
export type WordMatch = 'exact' | 'word' | 'beginning';

/** What somebody searches for, understood. */
export type SearchQuery =
  | { readonly kind: 'all'; readonly parts: readonly SearchQuery[] }
  | { readonly kind: 'any'; readonly parts: readonly SearchQuery[] }
  | { readonly kind: 'not'; readonly part: SearchQuery }
  | SearchCondition;

export type SearchCondition =
  | {
      readonly kind: 'words';
      readonly text: string;
      readonly field: SearchField | null;
      readonly match: WordMatch;
    }
  | { readonly kind: 'state'; readonly state: StateName }
  | { readonly kind: 'role'; readonly role: RoleName }
  /** A folder by a part of its path. */
  | { readonly kind: 'folder'; readonly path: string }
  /** `day`: "2026-10-25", where the laptop is; the day itself is after, not before. */
  | { readonly kind: 'before' | 'after'; readonly day: string }
  | { readonly kind: 'daysAgo'; readonly days: 0 | 1; readonly than: 'before' | 'after' }
  | {
      readonly kind: 'age';
      readonly than: 'older' | 'newer';
      readonly amount: number;
      readonly unit: UnitName;
    }
  | { readonly kind: 'size'; readonly than: 'larger' | 'smaller'; readonly bytes: number };
