import * as v from 'valibot';
import type { SearchHit } from '../model/conversation.ts';
import type { EpochMs } from '../model/ids.ts';
import { accountId } from './fields.ts';
import { method } from './method.ts';

export interface SearchPage {
  readonly hits: readonly SearchHit[];
  /** The date of the oldest message searched; null when nothing is cached. Search says where it ends. */
  readonly coveredSince: EpochMs | null;
}

export const search = {
  /**
   * All words must occur (in subject, people, text or attachment names), the last may be a beginning. Newest first;
   * a conversation once, by its newest message that fits. */
  query: method<SearchPage>()(
    'engine',
    v.strictObject({
      accountId,
      text: v.pipe(v.string(), v.maxLength(1000)),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
    }),
  ),
};
