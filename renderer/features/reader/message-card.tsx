import { ChevronDown, ChevronRight, LifeBuoy } from 'lucide-react';
import { type Ref, useId } from 'react';
import type { MessageView } from '../../../shared/model/conversation.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { OutgoingChip } from '../../ui/outgoing-chip.tsx';
import { nameOf } from '../../ui/people.ts';
import { Attachments } from './attachments.tsx';
import { MailFrame } from './mail-frame.tsx';
import { MessageText } from './message-text.tsx';

interface MessageCardProps {
  readonly message: MessageView;
  readonly isOpen: boolean;
  readonly ref?: Ref<HTMLLIElement>;
  readonly onToggle: () => void;
  readonly onLink: (url: string) => void;
}

/** One message of a conversation: a line while closed, the whole of it while open. */
export function MessageCard({ message, isOpen, ref, onToggle, onLink }: MessageCardProps) {
  const { t, shortDate, dateTime } = useLanguage();
  const id = useId();
  const sender = nameOf(message.from) || t('list.noSender');
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const isOnlyInContinuity = message.routes.length > 0 && !message.routes.includes('primary');
  const shown = message.html === null ? [] : message.attachments.filter(({ isInline }) => isInline);
  return (
    <li
      ref={ref}
      className="message-card"
      data-testid="message"
      data-outgoing={message.outgoing ?? undefined}
      data-open={isOpen}
      data-unseen={!message.isSeen}
    >
      <header>
        <button
          type="button"
          className="message-toggle"
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          onClick={onToggle}
        >
          <Chevron size={15} aria-hidden="true" />
          <Avatar person={message.from} />
          <span className="message-sender">{sender}</span>
          {isOpen ? (
            message.from.name !== '' && <span className="message-address">{message.from.address}</span>
          ) : (
            <span className="message-first-words">{firstWords(message.text)}</span>
          )}
        </button>
        {isOnlyInContinuity && !message.isFromMe && (
          <span className="chip" data-tone="amber">
            <LifeBuoy size={12} aria-hidden="true" />
            {t('reader.viaContinuity')}
          </span>
        )}
        {message.outgoing !== null && (
          <OutgoingChip state={message.outgoing} isByContinuity={isOnlyInContinuity} />
        )}
        <time dateTime={new Date(message.sentAt).toISOString()} title={dateTime(message.sentAt)}>
          {isOpen ? dateTime(message.sentAt) : shortDate(message.sentAt)}
        </time>
      </header>
      {isOpen && (
        <div className="message-content" id={id}>
          <Recipients message={message} />
          {message.html === null ? (
            <MessageText text={message.text} onLink={onLink} />
          ) : (
            <MailFrame message={message} html={message.html} />
          )}
          <Attachments attachments={message.attachments.filter((part) => !shown.includes(part))} />
        </div>
      )}
    </li>
  );
}

function Recipients({ message: { to, cc } }: { readonly message: MessageView }) {
  const { t, names } = useLanguage();
  return (
    <p className="message-people">
      {[
        ...(to.length > 0 ? [t('reader.to', { names: names(to) })] : []),
        ...(cc.length > 0 ? [t('reader.cc', { names: names(cc) })] : []),
      ].join(' · ')}
    </p>
  );
}

const firstWords = (text: string): string => text.slice(0, 400).replace(/\s+/gu, ' ').trim().slice(0, 160);
