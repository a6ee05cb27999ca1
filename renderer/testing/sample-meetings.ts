import type { ConversationId, EpochMs, MessageId } from '../../shared/model/ids.ts';
import type { AgendaItem, MeetingAnswer, MeetingCard } from '../../shared/model/meeting.ts';

const hour = 60 * 60 * 1000;
const day = 24 * hour;

const item = (
  start: EpochMs,
  hours: number,
  title: string,
  place: string,
  answer: MeetingAnswer | null,
): AgendaItem => ({
  messageId: 201 as MessageId,
  conversationId: 201 as ConversationId,
  title,
  place,
  time: { start, end: start + hours * hour, isAllDay: hours === 24 },
  answer,
});

/** What the person gets through the day with. */
export function agenda(now: EpochMs): readonly AgendaItem[] {
  const today = new Date(now).setHours(0, 0, 0, 0);
  return [
    item(today, 24, 'Trade fair', '', 'accepted'),
    item(today + 9.5 * hour, 1, 'Site meeting', 'Room 4', 'accepted'),
    item(today + 15 * hour, 0.5, 'Grundstücksverkehrsgenehmigungszuständigkeit', '', null),
    item(
      today + day + 10 * hour,
      2,
      'Contract for the east wing',
      'Harbour quarter, entrance by the gate',
      'tentative',
    ),
    item(today + 3 * day + 8 * hour, 1, 'عرض مشروع الميناء', '', null),
  ];
}

/** The meeting that the messages of a conversation are about, whichever of them is asked for. */
export function meetings(
  now: EpochMs,
  change: Partial<MeetingCard> = {},
): Readonly<Record<number, MeetingCard>> {
  const start = new Date(now).setHours(10, 0, 0, 0) + 2 * day;
  const card: MeetingCard = {
    kind: 'invitation',
    title: 'Site meeting',
    place: 'Room 4',
    organizer: { name: 'María José Iglesias', address: 'mj@x.example' },
    invited: 7,
    time: { start, end: start + hour, isAllDay: false },
    zone: 'America/New_York',
    isFloating: false,
    rhythm: { every: 'weekly', interval: 2, until: start + 70 * day },
    former:
      change.kind === 'update' ? { start: start - day, end: start - day + hour, isAllDay: false } : null,
    conflicts: [item(start, 1, 'Contract for the east wing', '', 'accepted')],
    answer: null,
    from: null,
    mayAnswer: true,
    ...change,
  };
  return Object.fromEntries(Array.from({ length: 60 }, (_, index) => [200 + index, card]));
}
