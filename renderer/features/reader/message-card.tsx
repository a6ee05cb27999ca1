import { ChevronDown, ChevronRight, Forward, LifeBuoy, Reply } from 'lucide-react';
import { type ReactNode, type Ref, useId } from 'react';
import type { MessageView } from '../../../shared/model/conversation.ts';
import type { MessageId } from '../../../shared/model/ids.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { OutgoingChip } from '../../ui/outgoing-chip.tsx';
import { nameOf } from '../../ui/people.ts';
import { Attachments } from './attachments.tsx';
import { MailFrame } from './mail-frame.tsx';
import { MessageMenu } from './message-menu.tsx';
import { MessageNotes } from './message-notes.tsx';
import { MessageText } from './message-text.tsx';
import { noteInsteadOfWords } from './notes.ts';
import { SenderNote } from './sender-note.tsx';

interface MessageCardProps {
  readonly message: MessageView;
  /** Which of its copies this card stands for, from 0; null: for all of them. */
  readonly copy?: number | null;
  readonly isOpen: boolean;
  /** The person's, at whose mailbox it came. */
  readonly ownAddress: string;
  readonly ref?: Ref<HTMLLIElement>;
  readonly onToggle: () => void;
  readonly onLink: (url: string) => void;
  /** What its calendar part means, of a message that has one. */
  readonly meeting: (messageId: MessageId) => ReactNode;
  /** Goes to another message of the conversation. */
  readonly onShow: (messageId: MessageId) => void;
}

/** One message of a conversation: a line while closed, the whole of it while open. */
export function MessageCard({
  message,
  copy = null,
  isOpen,
  ownAddress,
  ref,
  onToggle,
  onLink,
  meeting,
  onShow,
}: MessageCardProps) {
  const { t, shortDate, dateTime } = useLanguage();
  const id = useId();
  const sender = nameOf(message.from) || t('list.noSender');
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const isOnlyInContinuity = message.routes.length > 0 && !message.routes.includes('primary');
  const note = noteInsteadOfWords(message.nature);
  const shown =
    message.html === null ? [] : message.attachments.filter(({ isInline, isHere }) => isInline && isHere);
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
          id={copy === null || copy === 0 ? toggleId(message.id) : undefined}
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
            <span className="message-first-words">
              {note === null ? firstWords(message.text) : t(`note.${note}`)}
            </span>
          )}
        </button>
        {message.isAnswered && (
          <Reply size={14} className="soft" role="img" aria-label={t('reader.answered')} />
        )}
        {message.isForwarded && (
          <Forward size={14} className="soft" role="img" aria-label={t('reader.forwarded')} />
        )}
        {copy !== null && (
          <span className="chip" data-testid="message-copy">
            {t('reader.copyOf', {
              number: copy + 1,
              count: message.copies.length,
              folder: message.copies[copy]?.folder ?? '',
            })}
          </span>
        )}
        {copy === null && message.copies.length > 1 && (
          <span className="chip" data-testid="message-merged">
            {t('reader.copies', { count: message.copies.length })}
          </span>
        )}
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
        {isOpen && <MessageMenu message={message} />}
      </header>
      {isOpen && (
        <div className="message-content" id={id}>
          <Recipients message={message} />
          {!message.isFromMe && <SenderNote message={message} ownAddress={ownAddress} />}
          {message.nature !== null && <MessageNotes nature={message.nature} onShow={onShow} />}
          {typeof message.nature?.calendarMethod === 'string' && meeting(message.id)}
          {message.html === null ? (
            <MessageText text={message.text} onLink={onLink} />
          ) : (
            <MailFrame message={message} html={message.html} />
          )}
          <Attachments
            messageId={message.id}
            attachments={message.attachments.filter((part) => !shown.includes(part))}
          />
        </div>
      )}
    </li>
  );
}

/** Of the button that opens and closes a message. */
export const toggleId = (messageId: MessageId): string => `message-${messageId}`;

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
