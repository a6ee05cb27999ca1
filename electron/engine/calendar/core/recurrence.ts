import { dayMs, latest, type Rule, type Wall } from './event.ts';

/** No calendar of a person has more; what a stranger's asks for beyond is not looked at. */
const mostPeriods = 30_000;
const mostTimes = 5000;

/**
 * The times of a rule from `from` to before `until`, in order, the first one included. Bounded whatever the rule says.
 * `limit` is the rule's UNTIL on the same clock; null: it has none.
 */
export function expand(
  rule: Rule,
  start: Wall,
  { from, until, limit }: { readonly from: Wall; readonly until: Wall; readonly limit: Wall | null },
): readonly Wall[] {
  const end = Math.min(until, latest, limit === null ? latest : limit + 1);
  const most = rule.count ?? Number.POSITIVE_INFINITY;
  const times: Wall[] = [];
  let counted = 0;
  const take = (time: Wall): void => {
    counted += 1;
    if (counted <= most && time >= from && time < end && times.length < mostTimes) times.push(time);
  };
  take(start);
  // Without a count the periods before can be left out; with one they have to be counted.
  const first = rule.count === null ? Math.max(0, periodsUntil(rule, start, from) - 1) : 0;
  for (let period = first; period < first + mostPeriods && counted < most; period += 1) {
    const opening = openingOf(rule, start, period);
    if (!(opening < end) || times.length >= mostTimes) break;
    for (const day of daysOf(rule, start, opening)) {
      const time = day + (start - startOfDay(start));
      if (time > start) take(time);
    }
  }
  return times;
}

/** How many periods of the rule lie between, rounded down. */
function periodsUntil({ frequency, interval }: Rule, start: Wall, from: Wall): number {
  if (from <= start) return 0;
  const days = (from - start) / dayMs;
  const length = { daily: 1, weekly: 7, monthly: 31, yearly: 366 }[frequency];
  return Math.floor(days / (length * interval));
}

function openingOf({ frequency, interval, weekStart }: Rule, start: Wall, period: number): Wall {
  const steps = period * interval;
  const day = startOfDay(start);
  const date = new Date(day);
  if (frequency === 'daily') return day + steps * dayMs;
  if (frequency === 'weekly')
    return day - ((date.getUTCDay() - weekStart + 7) % 7) * dayMs + steps * 7 * dayMs;
  if (frequency === 'monthly') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + steps, 1);
  return Date.UTC(date.getUTCFullYear() + steps, 0, 1);
}

/** The days of a period that the rule names, in order. */
function daysOf(rule: Rule, start: Wall, opening: Wall): readonly Wall[] {
  const days = candidates(rule, opening).filter((day) => isNamed(rule, start, day));
  if (rule.bySetPos.length === 0) return days;
  return rule.bySetPos
    .map((place) => days[place > 0 ? place - 1 : days.length + place])
    .filter((day) => day !== undefined)
    .sort((one, other) => one - other);
}

function candidates({ frequency, byMonth }: Rule, opening: Wall): readonly Wall[] {
  if (frequency === 'daily') return [opening];
  if (frequency === 'weekly') return range(opening, opening + 7 * dayMs);
  const date = new Date(opening);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (frequency === 'monthly') return range(opening, Date.UTC(year, month + 1, 1));
  if (byMonth.length === 0) return range(opening, Date.UTC(year + 1, 0, 1));
  return [...byMonth]
    .sort((one, other) => one - other)
    .flatMap((one) => range(Date.UTC(year, one - 1, 1), Date.UTC(year, one, 1)));
}

function range(from: Wall, until: Wall): readonly Wall[] {
  return Array.from({ length: Math.round((until - from) / dayMs) }, (_, index) => from + index * dayMs);
}

function isNamed(rule: Rule, start: Wall, day: Wall): boolean {
  const [date, begin] = [new Date(day), new Date(start)];
  const { frequency, byMonth, byMonthDay, byDay } = rule;
  if (byMonth.length > 0 && !byMonth.includes(date.getUTCMonth() + 1)) return false;
  if (byMonthDay.length > 0 && !byMonthDay.some((one) => isMonthDay(date, one))) return false;
  if (byDay.length > 0 && !byDay.some((one) => isWeekday(rule, date, one))) return false;
  if (frequency === 'weekly') return byDay.length > 0 || date.getUTCDay() === begin.getUTCDay();
  if (frequency === 'daily' || byDay.length > 0 || byMonthDay.length > 0) return true;
  const isSameDay = date.getUTCDate() === begin.getUTCDate();
  if (frequency === 'monthly') return isSameDay;
  return isSameDay && (byMonth.length > 0 || date.getUTCMonth() === begin.getUTCMonth());
}

function isMonthDay(date: Date, wanted: number): boolean {
  return date.getUTCDate() === (wanted > 0 ? wanted : daysInMonth(date) + 1 + wanted);
}

function isWeekday({ frequency, byMonth }: Rule, date: Date, { nth, day }: Rule['byDay'][number]): boolean {
  if (date.getUTCDay() !== day) return false;
  if (nth === 0) return true;
  const isInYear = frequency === 'yearly' && byMonth.length === 0;
  const year = date.getUTCFullYear();
  const [place, length] = isInYear
    ? [
        (Date.UTC(year, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(year, 0, 1)) / dayMs + 1,
        daysInYear(year),
      ]
    : [date.getUTCDate(), daysInMonth(date)];
  return nth === (nth > 0 ? Math.ceil(place / 7) : -Math.ceil((length - place + 1) / 7));
}

const daysInMonth = (date: Date): number =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
const daysInYear = (year: number): number => (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / dayMs;

export const startOfDay = (wall: Wall): Wall => Math.floor(wall / dayMs) * dayMs;
