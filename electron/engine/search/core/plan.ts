import type { EpochMs } from '../../../../shared/model/ids.ts';
import type { SearchCondition, SearchQuery } from '../../../../shared/search/query.ts';
import { type LongerWords, matchExpression } from './match-expression.ts';

/** A condition on the rows `place` and `message`, with the values of its question marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Of whom there may be so few that it is quicker to begin with them. */
export type Few = Extract<SearchCondition, { kind: 'state' | 'role' | 'folder' }>;

export interface SearchPlan {
  /** An FTS5 expression that all hits match; null: none. */
  readonly match: string | null;
  readonly conditions: readonly Condition[];
  /** Sent at or after, before. */
  readonly since: EpochMs | null;
  readonly until: EpochMs | null;
  readonly few: readonly Few[];
}

export interface PlanContext {
  readonly now: EpochMs;
  readonly longer: LongerWords;
  /** The folders that are meant by a part of their path. */
  readonly folders: (path: string) => readonly number[];
}

/** How a query is carried out: what all hits must match goes to the index of words, the rest is asked of each. */
export function planSearch(query: SearchQuery, context: PlanContext): SearchPlan {
  const parts = query.kind === 'all' ? query.parts : [query];
  const wanted: string[] = [];
  const unwanted: string[] = [];
  const rest: SearchQuery[] = [];
  const few: Few[] = [];
  let [since, until]: (EpochMs | null)[] = [null, null];
  for (const part of parts) {
    const isNot = part.kind === 'not';
    const match = matchExpression(isNot ? part.part : part, context.longer);
    if (match !== null) (isNot ? unwanted : wanted).push(match);
    else {
      const times = timesOf(part, context.now);
      if (times === null) rest.push(part);
      if (times?.since !== undefined) since = Math.max(since ?? times.since, times.since) as EpochMs;
      if (times?.until !== undefined) until = Math.min(until ?? times.until, times.until) as EpochMs;
      if (isFew(part)) few.push(part);
    }
  }
  const conditions = rest.map((part) => conditionOf(part, context));
  if (wanted.length === 0)
    for (const match of unwanted) conditions.push({ sql: `NOT ${isMatching}`, values: [match] });
  const match = wanted.length === 0 ? null : [`(${wanted.join(' AND ')})`, ...unwanted].join(' NOT ');
  return { match, conditions, since: since ?? null, until: until ?? null, few };
}

function isFew(part: SearchQuery): part is Few {
  return (
    part.kind === 'role' ||
    part.kind === 'folder' ||
    (part.kind === 'state' && (part.state === 'unread' || part.state === 'flagged'))
  );
}

const isMatching = 'place.id IN (SELECT rowid FROM message_search WHERE message_search MATCH ?)';

function conditionOf(query: SearchQuery, context: PlanContext): Condition {
  const match = matchExpression(query, context.longer);
  if (match !== null) return { sql: isMatching, values: [match] };
  switch (query.kind) {
    case 'all':
    case 'any': {
      const parts = query.parts.map((part) => conditionOf(part, context));
      const sql = parts.map((part) => part.sql).join(query.kind === 'all' ? ' AND ' : ' OR ');
      return { sql: `(${sql})`, values: parts.flatMap(({ values }) => values) };
    }
    case 'not': {
      const { sql, values } = conditionOf(query.part, context);
      return { sql: `NOT ${sql}`, values };
    }
    case 'state':
      return { sql: states[query.state], values: [] };
    case 'role':
      return {
        sql: 'EXISTS (SELECT 1 FROM standing WHERE standing.message_id = message.id AND standing.role = ?)',
        values: [query.role],
      };
    case 'folder':
      return {
        sql: 'EXISTS (SELECT 1 FROM copy WHERE copy.message_id = message.id AND copy.folder_id IN (SELECT value FROM json_each(?)))',
        values: [JSON.stringify(context.folders(query.path))],
      };
    case 'size':
      return { sql: `place.size ${query.than === 'larger' ? '>' : '<'} ?`, values: [query.bytes] };
    default: {
      const { since, until } = timesOf(query, context.now) ?? {};
      return since === undefined
        ? { sql: 'place.sent_at < ?', values: [until ?? 0] }
        : { sql: 'place.sent_at >= ?', values: [since] };
    }
  }
}

const states = {
  unread: 'message.is_seen = 0',
  read: 'message.is_seen = 1',
  flagged: 'message.is_flagged = 1',
  attachment: 'place.has_files = 1',
} as const;

/** Null: it says nothing of the time. */
export function timesOf(
  query: SearchQuery,
  now: EpochMs,
): { readonly since?: EpochMs; readonly until?: EpochMs } | null {
  switch (query.kind) {
    case 'before':
      return { until: midnight(query.day) };
    case 'after':
      return { since: midnight(query.day) };
    case 'daysAgo': {
      const day = new Date(now);
      const at = new Date(day.getFullYear(), day.getMonth(), day.getDate() - query.days).getTime() as EpochMs;
      return query.than === 'before' ? { until: at } : { since: at };
    }
    case 'age': {
      const at = ago(now, query.amount, query.unit);
      return query.than === 'older' ? { until: at } : { since: at };
    }
    default:
      return null;
  }
}

function midnight(day: string): EpochMs {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date).getTime() as EpochMs;
}

function ago(now: EpochMs, amount: number, unit: 'd' | 'w' | 'm' | 'y'): EpochMs {
  const date = new Date(now);
  if (unit === 'd' || unit === 'w') date.setDate(date.getDate() - amount * (unit === 'w' ? 7 : 1));
  else date.setMonth(date.getMonth() - amount * (unit === 'y' ? 12 : 1));
  // Before the beginning of time there is nothing either.
  return (Number.isNaN(date.getTime()) ? 0 : date.getTime()) as EpochMs;
}
