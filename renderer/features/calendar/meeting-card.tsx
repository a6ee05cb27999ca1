import {
  CalendarCheck,
  CalendarClock,
  CalendarDays,
  CalendarX,
  type LucideIcon,
  MapPin,
  Repeat,
  TriangleAlert,
} from 'lucide-react';
import type { MessageId } from '../../../shared/model/ids.ts';
import {
  type MeetingCard as Card,
  type MeetingAnswer,
  type MeetingKind,
  meetingAnswers,
} from '../../../shared/model/meeting.ts';
import { useMeeting } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { nameOf } from '../../ui/people.ts';
import { useAction } from '../../ui/use-action.ts';
import './calendar.css';

const icons: Readonly<Record<MeetingKind, LucideIcon>> = {
  invitation: CalendarDays,
  update: CalendarClock,
  outdated: CalendarClock,
  cancelled: CalendarX,
  own: CalendarDays,
  cancellation: CalendarX,
  answer: CalendarCheck,
  proposal: CalendarClock,
  unproven: TriangleAlert,
  entry: CalendarDays,
};

/** What the calendar part of a message means now, and the answer to it. */
export function MeetingCard({ messageId }: { readonly messageId: MessageId }) {
  const { t } = useLanguage();
  const { data: card } = useMeeting(messageId);
  if (card === undefined) return null;
  return (
    <section
      className="meeting-card"
      aria-label={t('meeting.label')}
      data-testid="meeting"
      data-kind={card?.kind}
    >
      {card === null ? <p>{t('meeting.unreadable')}</p> : <Meeting card={card} messageId={messageId} />}
    </section>
  );
}

function Meeting({ card, messageId }: { readonly card: Card; readonly messageId: MessageId }) {
  const { t, span } = useLanguage();
  const Icon = icons[card.kind];
  const isOff = card.kind === 'cancellation' || card.kind === 'cancelled';
  return (
    <>
      <p className="meeting-kind">
        <Icon size={15} aria-hidden="true" />
        <span>
          {card.from === null
            ? t(`meeting.kind.${card.kind}`)
            : t(`meeting.heard.${card.from.answer ?? 'proposal'}`, { who: nameOf(card.from.person) })}
        </span>
      </p>
      <h3 dir="auto">{card.title === '' ? t('meeting.untitled') : card.title}</h3>
      {card.time !== null && (
        <p className="meeting-time" data-testid="meeting-time" data-off={isOff}>
          {span(card.time)}
        </p>
      )}
      {card.former !== null && <p className="soft">{t('meeting.former', { time: span(card.former) })}</p>}
      <Rhythm card={card} />
      {card.zone !== null && (
        <p className="soft">{t('meeting.zone', { zone: card.zone.replaceAll('_', ' ') })}</p>
      )}
      {card.isFloating && <p className="soft">{t('meeting.floating')}</p>}
      {card.place !== '' && (
        <p className="meeting-line">
          <MapPin size={14} aria-hidden="true" />
          <bdi>{card.place}</bdi>
        </p>
      )}
      {card.organizer !== null && card.kind !== 'own' && (
        <p className="soft">
          {t('meeting.organizer', { name: nameOf(card.organizer), count: card.invited })}
        </p>
      )}
      {card.mayAnswer && (
        <>
          <Conflicts card={card} />
          <Answers answer={card.answer} messageId={messageId} />
        </>
      )}
    </>
  );
}

function Rhythm({ card: { rhythm } }: { readonly card: Card }) {
  const { t, date } = useLanguage();
  if (rhythm === null) return null;
  const words = t(`meeting.rhythm.${rhythm.every}`, { interval: rhythm.interval });
  return (
    <p className="meeting-line">
      <Repeat size={14} aria-hidden="true" />
      <span>
        {rhythm.until === null
          ? words
          : t('meeting.rhythmUntil', { rhythm: words, date: date(rhythm.until) })}
      </span>
    </p>
  );
}

function Conflicts({ card: { conflicts } }: { readonly card: Card }) {
  const { t, span } = useLanguage();
  if (conflicts.length === 0) return <p className="soft">{t('meeting.noConflict')}</p>;
  return (
    <div className="meeting-conflicts" data-testid="meeting-conflicts">
      <p className="meeting-line">
        <TriangleAlert size={14} aria-hidden="true" />
        <strong>{t('meeting.conflicts')}</strong>
      </p>
      <ul>
        {conflicts.map((one) => (
          <li key={`${one.messageId} ${one.time.start}`}>
            <bdi>{one.title === '' ? t('meeting.untitled') : one.title}</bdi>{' '}
            <span className="soft">{span(one.time)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface AnswersProps {
  readonly answer: MeetingAnswer | null;
  readonly messageId: MessageId;
}

function Answers({ answer, messageId }: AnswersProps) {
  const { t } = useLanguage();
  const action = useAction();
  return (
    <div className="meeting-answers">
      <p role="status">{answer !== null && t(`meeting.answered.${answer}`)}</p>
      {meetingAnswers.map((one) => (
        <button
          key={one}
          type="button"
          className={answer === null && one === 'accepted' ? 'button primary' : 'button'}
          aria-pressed={answer === one}
          aria-disabled={answer === one || action.isBusy}
          data-testid={`meeting-${one}`}
          onClick={() => {
            if (answer !== one) action.run(() => relevo.calendar.answer({ messageId, answer: one }));
          }}
        >
          {t(`meeting.answer.${one}`)}
        </button>
      ))}
      {action.error !== null && <ErrorNote error={action.error} />}
    </div>
  );
}
