import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { languageOf, type Translate, translator } from '../../shared/messages/index.ts';
import type { Address } from '../../shared/model/address.ts';
import type { EpochMs } from '../../shared/model/ids.ts';
import type { MeetingTime } from '../../shared/model/meeting.ts';

/** Texts, dates and sizes as the person's language and region have them. */
export interface Language {
  readonly t: Translate;
  /** The language of the texts, e.g. "de". */
  readonly language: string;
  /** Today's time, this week's day, this year's date, or the whole date: the shortest that is clear. */
  readonly shortDate: (at: EpochMs) => string;
  readonly dateTime: (at: EpochMs) => string;
  readonly date: (at: EpochMs) => string;
  /** To the second. */
  readonly time: (at: EpochMs) => string;
  /** "since 10:42", with the day when that is not today; made to stand inside a sentence. */
  readonly since: (at: EpochMs) => string;
  /** When a meeting is: the day with its name, and the hours or the days. */
  readonly span: (time: MeetingTime) => string;
  /** Its hours alone. */
  readonly clockSpan: (time: MeetingTime) => string;
  /** A day with its name. */
  readonly dayName: (at: EpochMs) => string;
  readonly size: (bytes: number) => string;
  /** Names where there are any, addresses otherwise, as an enumeration. */
  readonly names: (people: readonly Address[]) => string;
}

const LanguageContext = createContext<Language | null>(null);

export function useLanguage(): Language {
  const language = useContext(LanguageContext);
  if (language === null) throw new Error('no language around this component');
  return language;
}

export function LanguageProvider({
  locale,
  children,
}: {
  readonly locale: string;
  readonly children: ReactNode;
}) {
  const language = useMemo(() => createLanguage(locale), [locale]);
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

const day = 24 * 60 * 60 * 1000;

/** `now` is asked on every call, so that "today" stays true over midnight. */
export function createLanguage(locale: string, now: () => EpochMs = Date.now): Language {
  const t = translator(locale);
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, options);
    return (at: EpochMs) => formatter.format(at);
  };
  const clock = format({ hour: 'numeric', minute: '2-digit' });
  const weekday = format({ weekday: 'short' });
  const dayAndMonth = format({ day: 'numeric', month: 'short' });
  const longDay = format({ day: 'numeric', month: 'long' });
  const date = format({ dateStyle: 'medium' });
  const hours = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  const namedDay = { weekday: 'long', day: 'numeric', month: 'long' } as const;
  const days = new Intl.DateTimeFormat(locale, namedDay);
  const daysAndHours = new Intl.DateTimeFormat(locale, { ...namedDay, hour: 'numeric', minute: '2-digit' });
  const isToday = (at: EpochMs) => new Date(at).toDateString() === new Date(now()).toDateString();
  const list = new Intl.ListFormat(locale, { type: 'unit', style: 'short' });
  return {
    t,
    language: languageOf(locale),
    shortDate: (at) => {
      if (isToday(at)) return clock(at);
      const age = now() - at;
      if (age >= 0 && age < 6 * day) return weekday(at);
      return age >= 0 && age < 300 * day ? dayAndMonth(at) : date(at);
    },
    dateTime: format({ dateStyle: 'medium', timeStyle: 'short' }),
    date,
    time: format({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    since: (at) =>
      t('date.since', {
        day: isToday(at) ? 'today' : 'earlier',
        date: longDay(at),
        time: clock(at),
        // The hour that the clock shows decides the article in Spanish and Italian.
        hour: Number.parseInt(clock(at), 10),
      }),
    span: ({ start, end, isAllDay }) =>
      isAllDay ? days.formatRange(start, Math.max(start, end - 1)) : daysAndHours.formatRange(start, end),
    clockSpan: ({ start, end }) => hours.formatRange(start, end),
    dayName: (at) => days.format(at),
    size: (bytes) => {
      const [value, unit] =
        bytes < 1000
          ? [bytes, 'byte']
          : bytes < 1e6
            ? [bytes / 1e3, 'kilobyte']
            : ([bytes / 1e6, 'megabyte'] as const);
      const digits = unit !== 'byte' && value < 10 ? 1 : 0;
      return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: digits }).format(
        value,
      );
    },
    names: (people) => list.format(people.map(({ name, address }) => (name === '' ? address : name))),
  };
}
