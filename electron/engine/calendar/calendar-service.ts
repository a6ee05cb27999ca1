import { type AppError, appError } from '../../../shared/errors.ts';
import { translator } from '../../../shared/messages/index.ts';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { Address } from '../../../shared/model/address.ts';
import { type Identity, isSameAddress } from '../../../shared/model/identity.ts';
import type { EpochMs, MessageId, OutgoingId } from '../../../shared/model/ids.ts';
import type { AgendaItem, MeetingAnswer, MeetingCard } from '../../../shared/model/meeting.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import { type CalendarMail, calendarContent, listCalendarMails } from '../cache/queries/meeting-store.ts';
import type { Clock } from '../ports.ts';
import { buildAnswer } from './build-answer.ts';
import type { CalendarPart } from './core/event.ts';
import { agendaOf, cardOf, type MeetingMail, type Standpoint, withoutUid } from './core/meetings.ts';
import { readCalendar } from './read-calendar.ts';

/** A message that is complete and leaves as it is. */
export interface ReadyAnswer {
  readonly parentId: MessageId;
  /** As whom; null: as whoever the message was written to. */
  readonly from: string | null;
  readonly to: readonly Address[];
  readonly subject: string;
  readonly text: string;
  readonly file: { readonly fileName: string; readonly contentType: string; readonly content: Uint8Array };
}

export interface CalendarOptions {
  readonly account: AccountSummary;
  readonly db: Database;
  readonly identities: {
    readonly list: () => readonly Identity[];
    readonly isOwnAddress: (address: string) => boolean;
  };
  readonly locale: string;
  readonly clock: Clock;
  /** The IANA zone of this computer. */
  readonly zone: () => string;
  readonly send: (
    answer: ReadyAnswer,
  ) => Promise<Result<{ readonly outgoingId: OutgoingId; readonly heldUntil: EpochMs | null }, AppError>>;
}

/** `outgoingId` null: it had been answered so before. */
export interface SentAnswer {
  readonly outgoingId: OutgoingId | null;
  readonly heldUntil: EpochMs | null;
}

/** The meetings that one account's mails tell of. They are in no calendar: what is known is read from the mails each time. */
export interface Calendar {
  /** Null: its calendar part is not here, or cannot be read. */
  card(messageId: MessageId): Promise<Result<MeetingCard | null, AppError>>;
  agenda(span: { readonly from: EpochMs; readonly until: EpochMs }): Promise<readonly AgendaItem[]>;
  /**
   * Answers by mail, as the one who is invited. Once: another answer follows, the same one does not. Errors: `notFound`,
   * `input.invalid` for what cannot be answered, and those of sending.
   */
  answer(messageId: MessageId, answer: MeetingAnswer): Promise<Result<SentAnswer, AppError>>;
}

/** So many mails with a calendar part are looked at, the newest; more than a person gets in years. */
const mostMails = 5000;
/** So many are read in one go, before whatever else waits has its turn. */
const atOnce = 40;

export function createCalendar(options: CalendarOptions): Calendar {
  const { db, account, clock } = options;
  /** A mail never changes: what was read of it is kept. */
  const read = new Map<MessageId, CalendarPart | null>();
  let answering: Promise<unknown> = Promise.resolve();

  const standpoint = (): Standpoint => ({ isOwn: options.identities.isOwnAddress, home: options.zone() });

  function partOf({ messageId, method }: CalendarMail): CalendarPart | null {
    const known = read.get(messageId);
    if (known !== undefined) return known;
    const content = calendarContent(db, messageId);
    // What is not here may come yet.
    if (content === null) return null;
    const part = readCalendar(content, method);
    read.set(messageId, part);
    return part;
  }

  async function mails(): Promise<readonly MeetingMail[]> {
    const found: MeetingMail[] = [];
    let fresh = 0;
    for (const mail of listCalendarMails(db, account.id, mostMails)) {
      if (!read.has(mail.messageId)) fresh += 1;
      if (fresh > 0 && fresh % atOnce === 0) await new Promise((resolve) => setImmediate(resolve));
      const part = partOf(mail);
      if (part !== null) found.push({ ...mail, part });
    }
    return found;
  }

  async function cardAmong(all: readonly MeetingMail[], messageId: MessageId): Promise<MeetingCard | null> {
    const mail = all.find((one) => one.messageId === messageId);
    return mail === undefined ? null : cardOf(mail, all, standpoint(), clock.now());
  }

  async function answerOnce(
    messageId: MessageId,
    answer: MeetingAnswer,
  ): Promise<Result<SentAnswer, AppError>> {
    const all = await mails();
    const mail = all.find((one) => one.messageId === messageId);
    const card = await cardAmong(all, messageId);
    const content = calendarContent(db, messageId);
    if (mail === undefined || card === null || content === null) return err(appError('notFound', 'never'));
    if (!card.mayAnswer || card.organizer === null)
      return err(appError('input.invalid', 'never', { field: 'answer' }));
    if (card.answer === answer) return ok({ outgoingId: null, heldUntil: null });
    const attending = attendingAs(mail.part, options.identities.list());
    const attendee = attending ?? { name: account.displayName, address: account.address };
    const part = buildAnswer(content, { attendee, answer, now: clock.now() });
    if (part === null) return err(appError('input.invalid', 'never', { field: 'answer' }));
    const t = translator(options.locale);
    const title = card.title === '' ? t('meeting.untitled') : card.title;
    const who = attendee.name === '' ? attendee.address : attendee.name;
    return options.send({
      parentId: messageId,
      from: attending?.address ?? null,
      to: [card.organizer],
      subject: t(`meeting.subject.${answer}`, { title }),
      text: t(`meeting.said.${answer}`, { who }),
      file: {
        fileName: 'invite.ics',
        contentType: 'text/calendar; method=REPLY; component=VEVENT',
        content: part,
      },
    });
  }

  return {
    card: async (messageId) => ok(await cardAmong(await mails(), messageId)),
    agenda: async (span) =>
      agendaOf(await mails(), span, standpoint())
        .slice(0, 1000)
        .map(withoutUid),
    answer: (messageId, answer) => {
      // One after the other: of two clicks the second one finds what the first one sent.
      const next = answering.then(() => answerOnce(messageId, answer));
      answering = next.catch(() => undefined);
      return next;
    },
  };
}

/** The identity that is invited, by the name that the organiser knows it by. Null: through a list, or not at all. */
function attendingAs({ events: [event] }: CalendarPart, identities: readonly Identity[]): Address | null {
  for (const { address, displayName } of identities)
    if (event.attendees.some((one) => isSameAddress(one.address, address)))
      return { address, name: displayName };
  return null;
}
