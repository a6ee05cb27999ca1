import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { ConversationSummary } from '../../../shared/model/conversation.ts';
import type { Density } from '../../../shared/model/window-preferences.ts';
import { ConversationRow } from './conversation-row.tsx';
import './conversation-list.css';

export interface ListedConversation {
  /** Tells it apart in this list: a search may find a conversation more than once. */
  readonly key: string;
  readonly conversation: ConversationSummary;
  /** What stands under the subject: the newest words, or those around a search hit. */
  readonly excerpt: string;
}

interface ConversationListProps {
  readonly label: string;
  readonly count: number;
  /** Undefined while it is still on its way. */
  readonly itemAt: (index: number) => ListedConversation | undefined;
  /** Called with the first and the last index that is about to be seen. */
  readonly onVisible?: (first: number, last: number) => void;
  readonly ownAddress: string;
  /** Words to mark in what is shown. */
  readonly words?: readonly string[];
  readonly selectedKey: string | null;
  readonly onSelect: (item: ListedConversation) => void;
  /** Enter: the person wants to read what is selected. */
  readonly onEnter: () => void;
  readonly rowTestId: 'conversation-row' | 'search-hit';
  readonly density: Density;
}

/** In pixels. */
const rowHeights: Readonly<Record<Density, number>> = { comfortable: 76, compact: 52 };

/** Newest first; only what can be seen is in the page. One stop for Tab, arrows within. */
export function ConversationList({
  label,
  count,
  itemAt,
  onVisible,
  ownAddress,
  words = [],
  selectedKey,
  onSelect,
  onEnter,
  rowTestId,
  density,
}: ConversationListProps) {
  const rowHeight = rowHeights[density];
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => itemAt(index)?.key ?? index,
    overscan: 8,
  });
  const rows = virtual.getVirtualItems();
  const [first, last] = [rows[0]?.index ?? 0, rows.at(-1)?.index ?? 0];
  useEffect(() => {
    onVisible?.(first, last);
  }, [first, last, onVisible]);

  // Looked for where the person is: what is selected far away keeps its place in the page that is loaded.
  const selectedIndex = selectedKey === null ? -1 : findIndex(count, itemAt, selectedKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height decides, and the virtual list is told of it
  useEffect(() => virtual.measure(), [rowHeight]);
  useEffect(() => {
    if (selectedIndex >= 0) virtual.scrollToIndex(selectedIndex);
  }, [selectedIndex, virtual]);

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      onEnter();
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: selectedIndex + 1,
      j: selectedIndex + 1,
      ArrowUp: selectedIndex - 1,
      k: selectedIndex - 1,
      PageDown: selectedIndex + page,
      PageUp: selectedIndex - page,
      Home: 0,
      End: count - 1,
    };
    const wanted = steps[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const index = Math.min(Math.max(wanted, 0), count - 1);
    const item = itemAt(index);
    if (item === undefined) virtual.scrollToIndex(index);
    else onSelect(item);
  };

  return (
    <div
      ref={scroller}
      className="conversation-list"
      data-testid="conversation-list"
      role="listbox"
      aria-label={label}
      aria-activedescendant={
        rows.some(({ index }) => index === selectedIndex) ? rowId(selectedIndex) : undefined
      }
      tabIndex={0}
      onKeyDown={press}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {rows.map(({ index, start, key }) => {
          const item = itemAt(index);
          return (
            item !== undefined && (
              <ConversationRow
                key={key}
                id={rowId(index)}
                conversation={item.conversation}
                excerpt={item.excerpt}
                words={words}
                ownAddress={ownAddress}
                style={{ transform: `translateY(${start}px)`, height: rowHeight }}
                position={index + 1}
                count={count}
                isSelected={index === selectedIndex}
                onSelect={() => onSelect(item)}
                testId={rowTestId}
                isCompact={density === 'compact'}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function findIndex(count: number, itemAt: ConversationListProps['itemAt'], key: string): number {
  for (let index = 0; index < count; index++) if (itemAt(index)?.key === key) return index;
  return -1;
}

const rowId = (index: number): string => `conversation-${index}`;
