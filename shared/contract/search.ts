import * as v from 'valibot';
import type { Address } from '../model/address.ts';
import type { SearchHit } from '../model/conversation.ts';
import type { EpochMs } from '../model/ids.ts';
import { accountId } from './fields.ts';
import { method } from './method.ts';

export interface SearchPage {
  readonly hits: readonly SearchHit[];
  /** Conversations that fit, those beyond the limit included. */
  readonly count: number;
  /** There may be more than `count`. */
  readonly isAtLeast: boolean;
  /** To be marked in what is shown: folded (`shared/search/fold.ts`), beginnings of words or inside of them. */
  readonly words: readonly string[];
  /** What looked like an operator and is none, as typed: it was searched for as it stands. */
  readonly literal: readonly string[];
  /** The date of the oldest message searched; null when nothing is cached. Search says where it ends. */
  readonly coveredSince: EpochMs | null;
  /** Older mail is being prepared for searching, and may be missing. */
  readonly isStillIndexing: boolean;
}

export interface SearchSuggestions {
  readonly searches: readonly string[];
  readonly people: readonly Address[];
  readonly folders: readonly string[];
}

const text = v.pipe(v.string(), v.maxLength(1000));

export const search = {
  /**
   * `text` in the language of `shared/search/parse.ts`. Newest first; a conversation once, by its newest message that
   * fits. */
  query: method<SearchPage>()(
    'engine',
    v.strictObject({
      accountId,
      text,
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
    }),
  ),
  /** `of`: what was searched for last, or who or which folder has `text` in its name. */
  suggest: method<SearchSuggestions>()(
    'engine',
    v.strictObject({ accountId, of: v.picklist(['recent', 'people', 'folders']), text }),
  ),
  /** The person was content with this search: it is offered again. */
  remember: method<null>()('engine', v.strictObject({ accountId, text: v.pipe(text, v.minLength(1)) })),
};
