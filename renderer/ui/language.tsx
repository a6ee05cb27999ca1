import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type Translate, translator } from '../../shared/messages/index.ts';
import type { Address } from '../../shared/model/address.ts';
import type { EpochMs } from '../../shared/model/ids.ts';

/** Texts, dates and sizes as the person's language and region have them. */
export interface Language {
  readonly t: Translate;
  /** Today's time, this week's day, this year's date, or the whole date: the shortest that is clear. */
  readonly shortDate: (at: EpochMs) => string;
  readonly dateTime: (at: EpochMs) => string;
  /** The time alone for today, with the date otherwise. */
  readonly time: (at: EpochMs) => string;
  readonly date: (at: EpochMs) => string;
  readonly size: (bytes: number) => string;
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

function createLanguage(locale: string): Language {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, options);
    return (at: EpochMs) => formatter.format(at);
  };
  const clock = format({ hour: 'numeric', minute: '2-digit' });
  const weekday = format({ weekday: 'short' });
  const dayAndMonth = format({ day: 'numeric', month: 'short' });
  const date = format({ dateStyle: 'medium' });
  const dateTime = format({ dateStyle: 'medium', timeStyle: 'short' });
  const isToday = (at: EpochMs) => new Date(at).toDateString() === new Date().toDateString();
  const list = new Intl.ListFormat(locale, { type: 'unit', style: 'short' });
  return {
    t: translator(locale),
    shortDate: (at) => {
      if (isToday(at)) return clock(at);
      const age = Date.now() - at;
      if (age >= 0 && age < 6 * day) return weekday(at);
      return age >= 0 && age < 300 * day ? dayAndMonth(at) : date(at);
    },
    dateTime,
    time: (at) => (isToday(at) ? clock(at) : dateTime(at)),
    date,
    size: (bytes) => {
      const [value, unit] =
        bytes < 1000 ? [bytes, 'byte'] : bytes < 1e6 ? [bytes / 1e3, 'kilobyte'] : [bytes / 1e6, 'megabyte'];
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        maximumFractionDigits: value < 10 ? 1 : 0,
      }).format(value);
    },
    names: (people) => list.format(people.map(({ name, address }) => (name === '' ? address : name))),
  };
}
