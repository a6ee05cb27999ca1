import { useVirtualizer } from '@tanstack/react-virtual';
import { Flag, Paperclip } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { ConversationSummary } from '../../../shared/model/conversation.ts';
import type { ConversationId } from '../../../shared/model/ids.ts';
import { useLanguage } from '../../ui/language.tsx';
import { OutgoingChip } from '../../ui/outgoing-chip.tsx';
import './conversation-list.css';

export interface ListedConversation {
  readonly conversation: ConversationSummary;
  /** What stands under the subject: the newest words, or those around a search hit. */
  readonly excerpt: string;
}

interface ConversationListProps {
  readonly label: string;
  readonly items: readonly ListedConversation[];
  readonly ownAddress: string;
  readonly selected: ConversationId | null;
  readonly onSelect: (id: ConversationId) => void;
  readonly rowTestId: 'conversation-row' | 'search-hit';
}

const rowHeight = 76;

/** Newest first; only what can be seen is in the page. One stop for Tab, arrows within. */
export function ConversationList({
  label,
  items,
  ownAddress,
  selected,
  onSelect,
  rowTestId,
}: ConversationListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => items[index]?.conversation.id ?? index,
    overscan: 8,
  });
  const selectedIndex = items.findIndex(({ conversation }) => conversation.id === selected);

  useEffect(() => {
    if (selectedIndex >= 0) virtual.scrollToIndex(selectedIndex);
  }, [selectedIndex, virtual]);

  const move = (event: KeyboardEvent) => {
    const last = items.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(selectedIndex + 1, last),
      j: Math.min(selectedIndex + 1, last),
      ArrowUp: Math.max(selectedIndex - 1, 0),
      k: Math.max(selectedIndex - 1, 0),
      Home: 0,
      End: last,
    };
    const next = steps[event.key];
    const item = next === undefined ? undefined : items[next];
    if (item === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onSelect(item.conversation.id);
  };

  return (
    <div
      ref={scroller}
      className="conversation-list"
      data-testid="conversation-list"
      role="listbox"
      aria-label={label}
      aria-activedescendant={selectedIndex >= 0 ? rowId(selected) : undefined}
      tabIndex={0}
      onKeyDown={move}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const item = items[index];
          return item === undefined ? null : (
            <Row
              key={key}
              item={item}
              ownAddress={ownAddress}
              top={start}
              position={index + 1}
              count={items.length}
              isSelected={index === selectedIndex}
              onSelect={onSelect}
              testId={rowTestId}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  readonly item: ListedConversation;
  readonly ownAddress: string;
  readonly top: number;
  readonly position: number;
  readonly count: number;
  readonly isSelected: boolean;
  readonly onSelect: (id: ConversationId) => void;
  readonly testId: string;
}

function Row({ item, ownAddress, top, position, count, isSelected, onSelect, testId }: RowProps): ReactNode {
  const { t, shortDate } = useLanguage();
  const { conversation, excerpt } = item;
  const isUnread = conversation.unreadCount > 0;
  const people = conversation.participants.map(({ name, address }) =>
    address.toLowerCase() === ownAddress.toLowerCase() ? t('list.me') : name || address || t('list.noSender'),
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it handles the keys
    <div
      id={rowId(conversation.id)}
      className="conversation-row"
      data-testid={testId}
      data-unread={isUnread}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      aria-posinset={position}
      aria-setsize={count}
      style={{ transform: `translateY(${top}px)`, height: rowHeight }}
      onClick={() => onSelect(conversation.id)}
    >
      <span className="row-dot" aria-hidden />
      <span className="row-people">{people.join(', ')}</span>
      {conversation.messageCount > 1 && <span className="row-count soft">{conversation.messageCount}</span>}
      <span className="row-marks soft">
        {conversation.hasAttachments && (
          <Paperclip size={13} role="img" aria-label={t('list.hasAttachments')} />
        )}
        {conversation.isFlagged && <Flag size={13} role="img" aria-label={t('list.flagged')} />}
      </span>
      <time className="row-date soft">{shortDate(conversation.latestAt)}</time>
      <span className="row-topic">
        {conversation.topic === '' ? t('list.noSubject') : conversation.topic}
      </span>
      {conversation.outgoing !== null && <OutgoingChip state={conversation.outgoing} />}
      <span className="row-excerpt soft">{excerpt}</span>
      {isUnread && (
        <span className="visually-hidden">{t('list.unread', { count: conversation.unreadCount })}</span>
      )}
    </div>
  );
}

const rowId = (id: ConversationId | null): string => `conversation-${id ?? 'none'}`;
