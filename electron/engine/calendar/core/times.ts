import type { EpochMs } from '../../../../shared/model/ids.ts';
import type { MeetingRhythm, MeetingTime } from '../../../../shared/model/meeting.ts';
import { type CalendarEvent, dayMs, type Moment } from './event.ts';
import { instantOf, wallIn } from './moment.ts';
import { expand } from './recurrence.ts';

/** One time of a series, and which one it is. */
export interface Occurrence {
  readonly time: MeetingTime;
  /** When the rule has it: what an exception is told by. */
  readonly recurrence: EpochMs;
  readonly event: CalendarEvent;
}

export function timeOf({ start, end }: Pick<CalendarEvent, 'start' | 'end'>, home: string): MeetingTime {
  const from = instantOf(start, home);
  return { start: from, end: Math.max(from, instantOf(end, home)), isAllDay: start.isDate };
}

/**
 * The times of a meeting that overlap `from` to `until`, in order: of a series those that no exception takes away, and in
 * place of some what stands for them.
 */
export function occurrences(
  events: readonly CalendarEvent[],
  span: { readonly from: EpochMs; readonly until: EpochMs },
  home: string,
): readonly Occurrence[] {
  const overrides = new Map<EpochMs, CalendarEvent>();
  for (const event of events)
    if (event.recurrence !== null) overrides.set(instantOf(event.recurrence, home), event);
  const regular = events
    .filter(({ recurrence }) => recurrence === null)
    .flatMap((event) => timesOfSeries(event, span, home))
    .filter(({ recurrence }) => !overrides.has(recurrence));
  const otherwise = [...overrides].map(
    ([recurrence, event]): Occurrence => ({ time: timeOf(event, home), recurrence, event }),
  );
  return [...regular, ...otherwise.filter(({ event }) => !event.isCancelled)]
    .filter(({ time }) => time.start < span.until && (time.end > span.from || time.start >= span.from))
    .sort((one, other) => one.time.start - other.time.start);
}

function timesOfSeries(
  event: CalendarEvent,
  { from, until }: { readonly from: EpochMs; readonly until: EpochMs },
  home: string,
): readonly Occurrence[] {
  const first = timeOf(event, home);
  const length = event.end.wall - event.start.wall;
  const excepted = new Set(event.except.map((moment) => instantOf(moment, home)));
  const at = (moment: Moment): Occurrence => {
    const end = { ...event.end, wall: moment.wall + length };
    const time =
      event.start.zone.kind === 'rules' || event.end.zone.kind === event.start.zone.kind
        ? timeOf({ start: moment, end }, home)
        : shifted(first, instantOf(moment, home));
    return { time, recurrence: instantOf(moment, home), event };
  };
  const walls =
    event.rule === null
      ? [event.start.wall]
      : expand(event.rule, event.start.wall, {
          // The clock of the series, wherever it is, differs by less than two days.
          from: from - (first.end - first.start) - 2 * dayMs,
          until: until + 2 * dayMs,
          limit: limitOf(event, home),
        });
  const moments = [
    ...walls.map((wall) => ({ ...event.start, wall })),
    ...event.added.filter(({ wall }) => event.rule === null || !walls.includes(wall)),
  ];
  return moments.map(at).filter(({ recurrence }) => !excepted.has(recurrence));
}

const shifted = ({ start, end, isAllDay }: MeetingTime, to: EpochMs): MeetingTime => ({
  start: to,
  end: to + (end - start),
  isAllDay,
});

/** UNTIL on the clock of the series: it may be written in UTC, or as a day (RFC 5545 section 3.3.10). */
function limitOf({ rule, start }: CalendarEvent, home: string): number | null {
  const until = rule?.until ?? null;
  if (until === null) return null;
  if (until.isDate) return start.isDate ? until.wall : until.wall + dayMs - 1;
  if (until.zone.kind === 'floating') return until.wall;
  // The same instant by the clock of the series, which is as far from UTC as at its start, give or take an hour.
  const instant = instantOf(until, home);
  if (start.isDate || start.zone.kind === 'floating') return wallIn(home, instant);
  if (start.zone.kind === 'iana') return wallIn(start.zone.name, instant);
  const offset = start.wall - instantOf(start, home);
  const guess = instant + offset;
  return guess + (instant - instantOf({ ...start, wall: guess }, home));
}

export function rhythmOf(event: CalendarEvent, home: string): MeetingRhythm | null {
  const { rule } = event;
  if (rule === null) return event.hasOtherRule ? { every: 'otherwise', interval: 1, until: null } : null;
  const limit = limitOf(event, home);
  const last =
    limit === null && rule.count === null
      ? undefined
      : expand(rule, event.start.wall, {
          from: event.start.wall,
          until: Number.POSITIVE_INFINITY,
          limit,
        }).at(-1);
  const until = last === undefined ? null : instantOf({ ...event.start, wall: last }, home);
  return { every: rule.frequency, interval: rule.interval, until };
}
