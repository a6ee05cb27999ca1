import type { Address } from './address.ts';
import type { ConversationId, EpochMs, MessageId } from './ids.ts';

export const meetingAnswers = ['accepted', 'tentative', 'declined'] as const;
export type MeetingAnswer = (typeof meetingAnswers)[number];

/** A span of a meeting. Of a whole day: from midnight to midnight where this computer is. */
export interface MeetingTime {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly isAllDay: boolean;
}

/**
 * What a mail with a calendar part means now, beside all others about the same meeting.
 * `invitation`, `update`: it can be answered. `outdated`: a newer mail says something else. `cancelled`: an invitation to
 * what was called off since. `own`: the person's own invitation. `cancellation`, `answer`, `proposal`: RFC 5546 CANCEL,
 * REPLY, COUNTER. `unproven`: it would change or call off a meeting, and does not come from who invited to it.
 */
export const meetingKinds = [
  'invitation',
  'update',
  'outdated',
  'cancelled',
  'own',
  'cancellation',
  'answer',
  'proposal',
  'unproven',
  'entry',
] as const;
export type MeetingKind = (typeof meetingKinds)[number];

export const recurrenceRhythms = ['daily', 'weekly', 'monthly', 'yearly', 'otherwise'] as const;

/** How a meeting repeats, as far as it can be said in a few words. */
export interface MeetingRhythm {
  readonly every: (typeof recurrenceRhythms)[number];
  readonly interval: number;
  /** The last time; null: without an end, or it is not known. */
  readonly until: EpochMs | null;
}

export interface MeetingCard {
  readonly kind: MeetingKind;
  readonly title: string;
  readonly place: string;
  readonly organizer: Address | null;
  /** How many are invited. */
  readonly invited: number;
  readonly time: MeetingTime | null;
  /** The organiser's zone where the clock shows something else there, e.g. "America/New_York"; null: it does not. */
  readonly zone: string | null;
  /** The times stand for no zone: they are meant wherever one is. */
  readonly isFloating: boolean;
  readonly rhythm: MeetingRhythm | null;
  /** The time that this changes or wants to change; null: it does not. */
  readonly former: MeetingTime | null;
  /** What else is known from mail at that time, of a series: of its next times. */
  readonly conflicts: readonly AgendaItem[];
  /** What the person answered; null: nothing yet. */
  readonly answer: MeetingAnswer | null;
  /** Of an `answer` or `proposal`: who, and what they say. */
  readonly from: { readonly person: Address; readonly answer: MeetingAnswer | null } | null;
  readonly mayAnswer: boolean;
}

/** One time of a meeting that is known from mail. */
export interface AgendaItem {
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly place: string;
  readonly time: MeetingTime;
  /** Null: not answered. */
  readonly answer: MeetingAnswer | null;
}
