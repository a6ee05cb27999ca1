import * as v from 'valibot';
import type { EpochMs, OutgoingId } from '../model/ids.ts';
import { type AgendaItem, type MeetingCard, meetingAnswers } from '../model/meeting.ts';
import { accountId, messageId } from './fields.ts';
import { method } from './method.ts';

const instant = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const calendar = {
  /** What the calendar part of a message means now; null: it is not here, or cannot be read. */
  card: method<MeetingCard | null>()('engine', v.strictObject({ messageId })),
  /**
   * Answers the organiser by mail, once. `outgoingId` null: that was the answer already. `input.invalid`: it is nothing to
   * answer.
   */
  answer: method<{ readonly outgoingId: OutgoingId | null; readonly heldUntil: EpochMs | null }>()(
    'engine',
    v.strictObject({ messageId, answer: v.picklist(meetingAnswers) }),
  ),
  /** The meetings known from mail between two instants, in order. */
  agenda: method<readonly AgendaItem[]>()(
    'engine',
    v.strictObject({ accountId, from: instant, until: instant }),
  ),
};
