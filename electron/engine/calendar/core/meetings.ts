import { isSameAddress } from '../../../../shared/model/identity.ts';
import type { ConversationId, EpochMs, MessageId } from '../../../../shared/model/ids.ts';
import type {
  AgendaItem,
  MeetingAnswer,
  MeetingCard,
  MeetingKind,
  MeetingTime,
} from '../../../../shared/model/meeting.ts';
import { type CalendarEvent, type CalendarPart, dayMs } from './event.ts';
import { instantOf, wallIn } from './moment.ts';
import { occurrences, rhythmOf, timeOf } from './times.ts';

/** A mail with a calendar part. */
export interface MeetingMail {
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  readonly fromAddress: string;
  readonly isFromMe: boolean;
  readonly sentAt: EpochMs;
  readonly part: CalendarPart;
}

/** Who and where the person is. */
export interface Standpoint {
  readonly isOwn: (address: string) => boolean;
  /** The IANA zone of this computer. */
  readonly home: string;
}

/** What all mails about one meeting come to. */
interface Meeting {
  /** What holds: the series, and those of its times that are otherwise. */
  readonly holding: readonly { readonly event: CalendarEvent; readonly mail: MeetingMail }[];
  readonly answers: readonly Answer[];
  /** Mails that are not from who invited, and change nothing. */
  readonly unproven: ReadonlySet<MessageId>;
}

interface Answer {
  readonly recurrence: EpochMs | null;
  readonly sequence: number;
  readonly stamp: EpochMs;
  readonly answer: MeetingAnswer;
}

/** Mails by the meeting that they are about. */
export function byMeeting(mails: readonly MeetingMail[]): ReadonlyMap<string, readonly MeetingMail[]> {
  const groups = new Map<string, MeetingMail[]>();
  for (const mail of mails) {
    const { uid } = mail.part.events[0];
    const group = groups.get(uid);
    if (group === undefined) groups.set(uid, [mail]);
    else group.push(mail);
  }
  return groups;
}

/** RFC 5546 section 2.1.5: the higher sequence wins, then what was written later. */
function isNewer(one: CalendarEvent, other: CalendarEvent): boolean {
  return one.sequence === other.sequence ? one.stamp >= other.stamp : one.sequence > other.sequence;
}

const recurrenceOf = ({ recurrence }: CalendarEvent, home: string): EpochMs | null =>
  recurrence === null ? null : instantOf(recurrence, home);

/** Makes one meeting of its mails, in whatever order they came. */
function meetingOf(mails: readonly MeetingMail[], { isOwn, home }: Standpoint): Meeting {
  const inOrder = [...mails].sort(
    (one, other) =>
      one.part.events[0].sequence - other.part.events[0].sequence ||
      one.sentAt - other.sentAt ||
      one.messageId - other.messageId,
  );
  const first = mails
    .filter(({ part }) => part.method === 'REQUEST')
    .toSorted((one, other) => one.sentAt - other.sentAt || one.messageId - other.messageId)[0];
  const unproven = new Set<MessageId>();
  const holding = new Map<EpochMs | null, { event: CalendarEvent; mail: MeetingMail }>();
  for (const mail of inOrder) {
    const { method, events } = mail.part;
    if (method !== 'REQUEST' && method !== 'CANCEL') continue;
    if (first !== undefined && mail !== first && !isFromInviter(mail, first)) {
      unproven.add(mail.messageId);
      continue;
    }
    for (const event of events) {
      const key = recurrenceOf(event, home);
      const held = holding.get(key);
      if (held !== undefined && !isNewer(event, held.event)) continue;
      // A series that is asked for anew stands for all of its times, those that were otherwise included.
      if (key === null && held !== undefined && event.sequence > held.event.sequence)
        for (const [other, { event: before }] of holding)
          if (other !== null && before.sequence < event.sequence) holding.delete(other);
      holding.set(key, {
        event: method === 'CANCEL' ? { ...event, isCancelled: true } : event,
        mail,
      });
    }
  }
  const answers = inOrder
    .filter(({ part, isFromMe }) => part.method === 'REPLY' && isFromMe)
    .flatMap(({ part }) =>
      part.events.flatMap((event) => {
        const answer = event.attendees.find(({ address }) => isOwn(address))?.answer ?? null;
        return answer === null
          ? []
          : [{ recurrence: recurrenceOf(event, home), sequence: event.sequence, stamp: event.stamp, answer }];
      }),
    );
  return { holding: [...holding.values()], answers, unproven };
}

/** Whoever can write a mail can name any organiser in it: what changes a meeting comes from where the invitation came from. */
function isFromInviter(mail: MeetingMail, first: MeetingMail): boolean {
  if (isSameAddress(mail.fromAddress, first.fromAddress)) return true;
  const organizer = first.part.events[0].organizer?.address;
  return organizer !== undefined && isSameAddress(mail.fromAddress, organizer);
}

/** The last word on a time: of the person, else what the organiser has noted of them. */
function answerTo(
  event: CalendarEvent,
  { answers }: Meeting,
  { isOwn, home }: Standpoint,
): MeetingAnswer | null {
  const recurrence = recurrenceOf(event, home);
  const given = answers
    .filter(
      (one) => one.sequence >= event.sequence && (one.recurrence === null || one.recurrence === recurrence),
    )
    .toSorted((one, other) => one.stamp - other.stamp)
    .at(-1);
  if (given !== undefined) return given.answer;
  if (event.organizer !== null && isOwn(event.organizer.address)) return 'accepted';
  return event.attendees.find(({ address }) => isOwn(address))?.answer ?? null;
}

interface AgendaEntry extends AgendaItem {
  readonly uid: string;
  readonly isFree: boolean;
}

/** What is known from mail of a span of time, in order. What was declined or called off is left out. */
export function agendaOf(
  mails: readonly MeetingMail[],
  span: { readonly from: EpochMs; readonly until: EpochMs },
  standpoint: Standpoint,
): readonly AgendaEntry[] {
  return [...byMeeting(mails)]
    .flatMap(([uid, group]) => agendaOfMeeting(uid, group, span, standpoint))
    .sort((one, other) => one.time.start - other.time.start || one.messageId - other.messageId);
}

function agendaOfMeeting(
  uid: string,
  mails: readonly MeetingMail[],
  span: { readonly from: EpochMs; readonly until: EpochMs },
  standpoint: Standpoint,
): readonly AgendaEntry[] {
  const meeting = meetingOf(mails, standpoint);
  if (meeting.holding.some(({ event }) => event.recurrence === null && event.isCancelled)) return [];
  const events = meeting.holding.map(({ event }) => event);
  const mailOf = new Map(meeting.holding.map(({ event, mail }) => [event, mail]));
  return occurrences(events, span, standpoint.home).flatMap(({ time, event }) => {
    const mail = mailOf.get(event);
    const answer = answerTo(event, meeting, standpoint);
    if (mail === undefined || answer === 'declined') return [];
    const { messageId, conversationId } = mail;
    const { title, place, isFree } = event;
    return [{ uid, messageId, conversationId, title, place, time, answer, isFree }];
  });
}

/** Of a series so many of its next times are looked at. */
const timesLookedAt = 10;
const horizonMs = 400 * dayMs;

/** What the mail means now. `mails`: all that are known, this one included. */
export function cardOf(
  mail: MeetingMail,
  mails: readonly MeetingMail[],
  standpoint: Standpoint,
  now: EpochMs,
): MeetingCard {
  const { isOwn, home } = standpoint;
  const { method, events } = mail.part;
  const [event] = events;
  const group = byMeeting(mails).get(event.uid) ?? [mail];
  const meeting = meetingOf(group, standpoint);
  const kind = kindOf(mail, group, meeting, standpoint);
  const time = timeOf(event, home);
  const mayAnswer = kind === 'invitation' || kind === 'update';
  const isProposal = kind === 'answer' || kind === 'proposal';
  const speaker = isProposal ? speakerOf(mail) : null;
  return {
    kind,
    title: event.title,
    place: event.place,
    organizer: event.organizer,
    invited: event.attendees.length,
    time,
    zone: foreignZone(event, time, home),
    isFloating: event.start.zone.kind === 'floating' && !event.start.isDate,
    rhythm: rhythmOf(event, home),
    former: kind === 'update' || method === 'COUNTER' ? formerTime(mail, group, time, home) : null,
    conflicts: mayAnswer ? conflictsWith(event, events, mails, standpoint, now) : [],
    answer: isOwn(event.organizer?.address ?? '') ? null : answerTo(event, meeting, standpoint),
    from: speaker,
    mayAnswer,
  };
}

function kindOf(
  mail: MeetingMail,
  group: readonly MeetingMail[],
  meeting: Meeting,
  { isOwn, home }: Standpoint,
): MeetingKind {
  const { method, events } = mail.part;
  const [event] = events;
  if (method === 'REPLY') return 'answer';
  if (method === 'COUNTER') return 'proposal';
  if (method !== 'REQUEST' && method !== 'CANCEL') return 'entry';
  if (meeting.unproven.has(mail.messageId)) return 'unproven';
  if (method === 'CANCEL') return 'cancellation';
  if (mail.isFromMe || (event.organizer !== null && isOwn(event.organizer.address))) return 'own';
  const recurrence = recurrenceOf(event, home);
  const held = meeting.holding.find((one) => recurrenceOf(one.event, home) === recurrence);
  const series = meeting.holding.find((one) => one.event.recurrence === null);
  if (
    held?.event.isCancelled === true ||
    (series?.event.isCancelled === true && isNewer(series.event, event))
  )
    return 'cancelled';
  if (held === undefined || (held.mail !== mail && isNewer(held.event, event) && !isNewer(event, held.event)))
    return 'outdated';
  const isFirst = !group.some(
    (other) =>
      other.part.method === 'REQUEST' &&
      other.messageId !== mail.messageId &&
      !meeting.unproven.has(other.messageId) &&
      other.part.events[0].sequence < event.sequence,
  );
  return isFirst && event.recurrence === null
    ? 'invitation'
    : series === undefined && isFirst
      ? 'invitation'
      : 'update';
}

/** Who answers is who wrote the mail: the part can name anybody. */
function speakerOf({ fromAddress, part }: MeetingMail): MeetingCard['from'] {
  const [{ attendees }] = part.events;
  const named = attendees.find(({ address }) => isSameAddress(address, fromAddress));
  return {
    person: { name: named?.name ?? '', address: fromAddress },
    answer: named === undefined ? null : named.answer,
  };
}

/** The time that the mails before said, where it was another. */
function formerTime(
  mail: MeetingMail,
  group: readonly MeetingMail[],
  time: MeetingTime,
  home: string,
): MeetingTime | null {
  const [event] = mail.part.events;
  const recurrence = recurrenceOf(event, home);
  const before = group
    .filter(({ part, messageId }) => part.method === 'REQUEST' && messageId !== mail.messageId)
    .flatMap(({ part }) => part.events)
    .filter((other) => recurrenceOf(other, home) === recurrence)
    .filter((other) => mail.part.method === 'COUNTER' || other.sequence < event.sequence)
    .sort((one, other) => one.sequence - other.sequence || one.stamp - other.stamp)
    .at(-1);
  if (before === undefined) return null;
  const former = timeOf(before, home);
  return former.start === time.start && former.end === time.end ? null : former;
}

function conflictsWith(
  event: CalendarEvent,
  events: readonly CalendarEvent[],
  mails: readonly MeetingMail[],
  standpoint: Standpoint,
  now: EpochMs,
): readonly AgendaItem[] {
  const { home } = standpoint;
  const first = timeOf(event, home);
  const from = Math.max(now, first.start);
  const mine = occurrences(events, { from, until: from + horizonMs }, home).slice(0, timesLookedAt);
  const last = mine.at(-1);
  if (last === undefined) return [];
  const others = agendaOf(
    mails.filter(({ part }) => part.events[0].uid !== event.uid),
    { from, until: last.time.end },
    standpoint,
  );
  return others
    .filter(
      ({ isFree, time }) =>
        !isFree && mine.some((one) => time.start < one.time.end && one.time.start < time.end),
    )
    .slice(0, 5)
    .map(withoutUid);
}

export const withoutUid = ({ uid: _, isFree: __, ...item }: AgendaEntry): AgendaItem => item;

/** Named only where the clock there shows something else. */
function foreignZone({ start }: CalendarEvent, { start: at }: MeetingTime, home: string): string | null {
  if (start.isDate || start.zone.kind !== 'iana') return null;
  return wallIn(start.zone.name, at) === wallIn(home, at) ? null : start.zone.name;
}
