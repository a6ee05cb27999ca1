import { CalendarDays } from 'lucide-react';
import { useState } from 'react';
import type { AccountId, ConversationId, MessageId } from '../../../shared/model/ids.ts';
import type { AgendaItem } from '../../../shared/model/meeting.ts';
import { useAgenda } from '../../bridge/queries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { byDay } from './by-day.ts';
import './calendar.css';

const days = 30;

interface AgendaViewProps {
  readonly accountId: AccountId;
  readonly onOpen: (conversationId: ConversationId, messageId: MessageId) => void;
}

/** The meetings that are known from mail, and a plain word that it is only these. */
export function AgendaView({ accountId, onOpen }: AgendaViewProps) {
  const { t, dayName } = useLanguage();
  const [from] = useState(() => new Date().setHours(0, 0, 0, 0));
  const { data: items } = useAgenda(accountId, from, from + days * 24 * 60 * 60 * 1000);
  return (
    <main className="page agenda" aria-label={t('view.agenda')} data-testid="agenda">
      <h2>{t('view.agenda')}</h2>
      <p className="soft">{t('agenda.explained')}</p>
      {items?.length === 0 && <EmptyState Icon={CalendarDays} text={t('agenda.empty', { days })} />}
      {byDay(items ?? [], from).map(({ day, times }) => (
        <section key={day} aria-label={dayName(day)}>
          <h3>{dayName(day)}</h3>
          <ul>
            {times.map((item) => (
              <li key={`${item.messageId} ${item.time.start}`}>
                <Item item={item} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </main>
  );
}

interface ItemProps extends Pick<AgendaViewProps, 'onOpen'> {
  readonly item: AgendaItem;
}

function Item({ item, onOpen }: ItemProps) {
  const { t, clockSpan } = useLanguage();
  const { title, place, time, answer, messageId, conversationId } = item;
  return (
    <button
      type="button"
      className="agenda-item"
      data-testid="agenda-item"
      data-answer={answer ?? 'none'}
      onClick={() => onOpen(conversationId, messageId)}
    >
      <span className="agenda-time">{time.isAllDay ? t('agenda.allDay') : clockSpan(time)}</span>
      <span className="agenda-title">
        <bdi>{title === '' ? t('meeting.untitled') : title}</bdi>
        {place !== '' && <bdi className="soft">{place}</bdi>}
      </span>
      <span
        className="chip"
        data-tone={answer === 'accepted' ? 'green' : answer === null ? 'amber' : undefined}
      >
        {t(`agenda.answer.${answer ?? 'none'}`)}
      </span>
    </button>
  );
}
