import type { Address } from '../../../../shared/model/address.ts';
import type { EpochMs } from '../../../../shared/model/ids.ts';
import type { MeetingAnswer } from '../../../../shared/model/meeting.ts';

/** What calendar and clock show, in milliseconds as if it were UTC. */
export type Wall = number;

export const dayMs = 24 * 60 * 60 * 1000;

/** The years that calendars of people are about; Outlook's rules of zones begin in 1601. */
export const [earliest, latest] = [Date.UTC(1601, 0, 1), Date.UTC(2200, 0, 1)];

export const frequencies = ['daily', 'weekly', 'monthly', 'yearly'] as const;
export type Frequency = (typeof frequencies)[number];

/** RFC 5545 section 3.3.10, as far as calendars of people use it. */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  readonly until: Moment | null;
  /** `day` 0 is Sunday; `nth` 0: each. */
  readonly byDay: readonly { readonly nth: number; readonly day: number }[];
  readonly byMonthDay: readonly number[];
  readonly byMonth: readonly number[];
  readonly bySetPos: readonly number[];
  /** With which day a week begins. */
  readonly weekStart: number;
}

/** From when on a zone is how far from UTC (RFC 5545 section 3.6.5). */
export interface Observance {
  readonly start: Wall;
  readonly offsetFrom: number;
  readonly offsetTo: number;
  readonly rule: Rule | null;
  readonly added: readonly Wall[];
}

export type Zone =
  | { readonly kind: 'floating' }
  | { readonly kind: 'utc' }
  | { readonly kind: 'iana'; readonly name: string }
  | { readonly kind: 'rules'; readonly name: string; readonly observances: readonly Observance[] };

export interface Moment {
  readonly wall: Wall;
  readonly zone: Zone;
  readonly isDate: boolean;
}

export interface Attendee extends Address {
  /** Null: not answered, or something that is no answer. */
  readonly answer: MeetingAnswer | null;
}

/** One VEVENT: a meeting, a series, or one time of a series that is otherwise. */
export interface CalendarEvent {
  readonly uid: string;
  readonly sequence: number;
  /** When it was written (DTSTAMP); 0: not said. */
  readonly stamp: EpochMs;
  /** Which time of a series this is about; null: all of it. */
  readonly recurrence: Moment | null;
  readonly start: Moment;
  readonly end: Moment;
  readonly rule: Rule | null;
  /** It repeats by a rule that is not understood. */
  readonly hasOtherRule: boolean;
  readonly added: readonly Moment[];
  readonly except: readonly Moment[];
  readonly title: string;
  readonly place: string;
  readonly organizer: Address | null;
  readonly attendees: readonly Attendee[];
  readonly isCancelled: boolean;
  /** It takes nobody's time. */
  readonly isFree: boolean;
}

/** What a calendar part asks for (RFC 5546), and the one meeting that it is about: the series first. */
export interface CalendarPart {
  readonly method: string;
  readonly events: readonly [CalendarEvent, ...CalendarEvent[]];
}
