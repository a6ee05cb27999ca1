import { FilePen, Flag, LifeBuoy, Paperclip, Pin } from 'lucide-react';
import type { CSSProperties, DragEvent, MouseEvent } from 'react';
import type { ConversationSummary } from '../../../shared/model/conversation.ts';
import { useLanguage } from '../../ui/language.tsx';
import { OutgoingChip } from '../../ui/outgoing-chip.tsx';
import { isSamePerson, nameOf, shortNameOf } from '../../ui/people.ts';
import { markWords } from './mark-words.ts';

interface ConversationRowProps {
  readonly id: string;
  readonly conversation: ConversationSummary;
  readonly excerpt: string;
  readonly words: readonly string[];
  readonly ownAddress: string;
  readonly style: CSSProperties;
  /** Counts from 0. */
  readonly index: number;
  readonly count: number;
  /** Open, or marked. */
  readonly isSelected: boolean;
  /** Where the keys are, if that is not what is open. */
  readonly isCursor: boolean;
  /** An answer in it was begun and left. */
  readonly hasDraft: boolean;
  readonly onClick: (event: MouseEvent) => void;
  readonly onDragStart: (event: DragEvent) => void;
  readonly testId: string;
  /** Two lines instead of three: without the excerpt. */
  readonly isCompact: boolean;
}

export function ConversationRow(props: ConversationRowProps) {
  const { id, conversation, excerpt, words, ownAddress, isSelected, isCompact } = props;
  const { t, shortDate, dateTime } = useLanguage();
  const { topic, unreadCount, messageCount, latestAt, outgoing, hasAttachments, isFlagged, isPinned } =
    conversation;
  const people = conversation.participants;
  const name = people.length > 1 ? shortNameOf : nameOf;
  const names = people.map((person) => (isSamePerson(person, ownAddress) ? t('list.me') : name(person)));
  const state = (
    <>
      {props.hasDraft && (
        <span className="chip" data-testid="row-draft">
          <FilePen size={12} aria-hidden="true" />
          {t('list.draft')}
        </span>
      )}
      {outgoing !== null && outgoing !== 'accepted' && <OutgoingChip state={outgoing} />}
    </>
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it handles the keys
    <div
      id={id}
      className="conversation-row"
      data-testid={props.testId}
      data-unread={unreadCount > 0}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      aria-posinset={props.index + 1}
      aria-setsize={props.count}
      style={props.style}
      data-index={props.index}
      data-cursor={props.isCursor}
      draggable
      onClick={props.onClick}
      onDragStart={props.onDragStart}
    >
      <span className="row-dot" aria-hidden="true" />
      {unreadCount > 0 && <span className="visually-hidden">{t('list.unread', { count: unreadCount })}</span>}
      <p className="row-line">
        <span className="row-people">{names.join(', ') || t('list.noSender')}</span>
        {messageCount > 1 && <span className="row-count">{messageCount}</span>}
        <time dateTime={new Date(latestAt).toISOString()} title={dateTime(latestAt)}>
          {shortDate(latestAt)}
        </time>
      </p>
      <p className="row-line">
        <span className="row-topic">
          <Marked text={topic === '' ? t('list.noSubject') : topic} words={words} />
        </span>
        {conversation.isByContinuity && (
          <LifeBuoy
            size={13}
            role="img"
            className="row-continuity"
            aria-label={t('list.byContinuity')}
            data-testid="row-continuity"
          />
        )}
        {hasAttachments && <Paperclip size={13} role="img" aria-label={t('list.hasAttachments')} />}
        {isPinned && <Pin size={13} role="img" aria-label={t('list.pinned')} data-testid="row-pin" />}
        {isFlagged && <Flag size={13} role="img" className="row-flag" aria-label={t('list.flagged')} />}
        {isCompact && state}
      </p>
      {!isCompact && (
        <p className="row-line">
          <span className="row-excerpt">
            <Marked text={excerpt} words={words} />
          </span>
          {state}
        </p>
      )}
    </div>
  );
}

function Marked({ text, words }: { readonly text: string; readonly words: readonly string[] }) {
  return markWords(text, words).map(({ text: part, isMarked, at }) =>
    isMarked ? <mark key={at}>{part}</mark> : part,
  );
}
