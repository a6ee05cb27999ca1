import { ChevronDown, ChevronRight, LifeBuoy } from 'lucide-react';
import type { MessageView } from '../../../shared/model/conversation.ts';
import { useLanguage } from '../../ui/language.tsx';
import { OutgoingChip } from '../../ui/outgoing-chip.tsx';
import { Attachments } from './attachments.tsx';
import { MailFrame } from './mail-frame.tsx';
import { MessageText } from './message-text.tsx';

interface MessageCardProps {
  readonly message: MessageView;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly onLink: (url: string) => void;
}

/** One message of a conversation: a line while closed, the whole of it while open. */
export function MessageCard({ message, isOpen, onToggle, onLink }: MessageCardProps) {
  const { t, dateTime, names } = useLanguage();
  const sender = message.from.name || message.from.address || t('list.noSender');
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const isOnlyInContinuity = message.routes.length > 0 && !message.routes.includes('primary');
  const listed = message.attachments.filter((part) => !(part.isInline && message.html !== null));
  return (
    <li
      className="message-card"
      data-testid="message"
      data-outgoing={message.outgoing ?? undefined}
      data-open={isOpen}
    >
      <header>
        <button
          type="button"
          className="message-toggle"
          aria-expanded={isOpen}
          aria-label={t(isOpen ? 'reader.hideMessage' : 'reader.showMessage', { name: sender })}
          onClick={onToggle}
        >
          <Chevron size={15} aria-hidden />
          <span className="message-sender">{sender}</span>
          {!isOpen && <span className="message-first-words soft">{firstWords(message.text)}</span>}
        </button>
        {isOnlyInContinuity && (
          <span className="via-continuity" title={t('reader.viaContinuity')}>
            <LifeBuoy size={14} aria-label={t('reader.viaContinuity')} role="img" />
          </span>
        )}
        {message.outgoing !== null && <OutgoingChip state={message.outgoing} />}
        <time className="soft" dateTime={new Date(message.sentAt).toISOString()}>
          {dateTime(message.sentAt)}
        </time>
      </header>
      {isOpen && (
        <div className="message-content">
          <p className="message-people soft">
            {t('reader.to', { names: names(message.to) })}
            {message.cc.length > 0 && ` · ${t('reader.cc', { names: names(message.cc) })}`}
          </p>
          {message.html === null ? (
            <MessageText text={message.text} onLink={onLink} />
          ) : (
            <MailFrame message={message} html={message.html} />
          )}
          <Attachments attachments={listed} />
        </div>
      )}
    </li>
  );
}

const firstWords = (text: string): string => text.slice(0, 400).replace(/\s+/gu, ' ').trim().slice(0, 120);
