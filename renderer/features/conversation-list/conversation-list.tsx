import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import type { ConversationSummary } from '../../../shared/model/conversation.ts';
import type { ConversationId } from '../../../shared/model/ids.ts';
import type { Density } from '../../../shared/model/window-preferences.ts';
import { CommandContextMenu, type CommandGroups } from '../../ui/command-menu.tsx';
import { draggedFormat } from '../../ui/dragged.ts';
import { ConversationRow } from './conversation-row.tsx';
import { clicked, extended, type Mark, type Marking, mostMarked } from './marking.ts';
import './conversation-list.css';

export interface ListedConversation {
  /** Tells it apart in this list: a search may find a conversation more than once. */
  readonly key: string;
  readonly conversation: ConversationSummary;
  /** What stands under the subject: the newest words, or those around a search hit. */
  readonly excerpt: string;
}

/** What a list needs to know of the window around it; the same for the mailbox and for what a search has found. */
export interface ListSetting {
  readonly ownAddress: string;
  readonly density: Density;
  /** Conversations in which an answer was begun and left. */
  readonly drafts: ReadonlySet<ConversationId>;
  /** What is marked, to be done something with together. */
  readonly marked: readonly ConversationSummary[];
  readonly onMarked: (marked: readonly ConversationSummary[]) => void;
  /** What can be done with what is marked. */
  readonly menu: CommandGroups;
  /** What is read takes the place of the list: it opens by Enter or a click, not by passing over it. */
  readonly isAlone: boolean;
  /** Enter: the person wants to read what is selected. */
  readonly onEnter: () => void;
}

interface ConversationListProps extends ListSetting {
  readonly label: string;
  readonly count: number;
  /** Undefined while it is still on its way. */
  readonly itemAt: (index: number) => ListedConversation | undefined;
  /** Both ends included; asks for those that are not here yet. */
  readonly itemsIn: (from: number, to: number) => Promise<readonly ListedConversation[]>;
  /** Called with the first and the last index that is about to be seen. */
  readonly onVisible?: (first: number, last: number) => void;
  /** Words to mark in what is shown. */
  readonly words?: readonly string[];
  readonly selectedKey: string | null;
  readonly onSelect: (item: ListedConversation) => void;
  readonly rowTestId: 'conversation-row' | 'search-hit';
}

/** In pixels. */
const rowHeights: Readonly<Record<Density, number>> = { comfortable: 76, compact: 52 };

/** Newest first; only what can be seen is in the page. One stop for Tab, arrows within. */
export function ConversationList(props: ConversationListProps) {
  const { label, count, itemAt, itemsIn, onVisible, words = [], selectedKey, onSelect, rowTestId } = props;
  const { ownAddress, density, drafts, marked, onMarked, menu, isAlone, onEnter } = props;
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
  const [marking, setMarking] = useState<Marking | null>(null);
  const cursor = Math.min(marking?.cursor ?? selectedIndex, count - 1);
  const latestMark = useRef(0);
  const isMarked = (id: ConversationId): boolean => marked.some((one) => one.id === id);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height decides, and the virtual list is told of it
  useEffect(() => virtual.measure(), [rowHeight]);
  useEffect(() => {
    if (selectedIndex >= 0) virtual.scrollToIndex(selectedIndex);
  }, [selectedIndex, virtual]);

  const select = (index: number) => {
    const item = itemAt(index);
    setMarking({ anchor: index, cursor: index });
    if (marked.length > 0) onMarked([]);
    if (item === undefined || isAlone) virtual.scrollToIndex(index);
    if (item !== undefined && !isAlone) onSelect(item);
  };
  const open = (index: number) => {
    const item = itemAt(index);
    if (item === undefined) return;
    setMarking({ anchor: index, cursor: index });
    if (marked.length > 0) onMarked([]);
    onSelect(item);
  };
  const mark = async ([next, what]: readonly [Marking, Mark]) => {
    setMarking(next);
    virtual.scrollToIndex(next.cursor);
    const asked = ++latestMark.current;
    if (what.kind === 'range') {
      const items = await itemsIn(what.from, what.to);
      // A later key or click says what is meant.
      if (asked === latestMark.current) onMarked(eachOnce(items));
      return;
    }
    const item = itemAt(what.at)?.conversation;
    if (item === undefined) return;
    // What is open counts as marked, as in every list: the second one joins it.
    const opened =
      marked.length === 0 && selectedIndex >= 0 ? itemAt(selectedIndex)?.conversation : undefined;
    const before = opened === undefined || opened.id === item.id ? marked : [opened];
    if (isMarked(item.id)) onMarked(before.filter(({ id }) => id !== item.id));
    else if (before.length < mostMarked) onMarked([...before, item]);
  };
  const here = (): Marking => marking ?? { anchor: Math.max(cursor, 0), cursor: Math.max(cursor, 0) };

  const press = (event: KeyboardEvent) => {
    const isMod = event.ctrlKey || event.metaKey;
    const within = (index: number) => Math.min(Math.max(index, 0), count - 1);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: cursor + 1,
      ArrowUp: cursor - 1,
      PageDown: cursor + page,
      PageUp: cursor - page,
      Home: 0,
      End: count - 1,
      ...(isMod || event.shiftKey ? {} : { j: cursor + 1, k: cursor - 1 }),
    };
    const wanted = steps[event.key];
    if (event.altKey) return;
    if (isMod && event.key === 'a')
      void mark([here(), { kind: 'range', from: 0, to: within(mostMarked - 1) }]);
    else if (!isMod && event.key === 'Enter') {
      if (cursor !== selectedIndex || isAlone) open(cursor);
      onEnter();
    } else if ((isMod && event.key === ' ') || (!isMod && !event.shiftKey && event.key === 'x'))
      void mark(clicked(here(), within(cursor), { shiftKey: false, isMod: true }));
    else if (event.key === 'Escape' && marked.length > 0) onMarked([]);
    else if (wanted !== undefined && event.shiftKey) void mark(extended(here(), within(wanted)));
    else if (wanted !== undefined && isMod) {
      setMarking({ ...here(), cursor: within(wanted) });
      virtual.scrollToIndex(within(wanted));
    } else if (wanted !== undefined) select(within(wanted));
    else return;
    event.preventDefault();
  };
  const click = (event: MouseEvent, index: number) => {
    const isMod = event.ctrlKey || event.metaKey;
    if (event.shiftKey || isMod) void mark(clicked(here(), index, { shiftKey: event.shiftKey, isMod }));
    else open(index);
  };
  /** The menu is about what is under the pointer, or, by a key, about the row where the keys are. */
  const aimMenu = (event: MouseEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    const index = row === null ? cursor : Number(row.dataset.index);
    const item = itemAt(index)?.conversation;
    const isOpen = marked.length === 0 && index === selectedIndex;
    if (item === undefined || isOpen || isMarked(item.id)) return;
    setMarking({ anchor: index, cursor: index });
    onMarked([item]);
  };

  const list = (
    <div
      ref={scroller}
      className="conversation-list"
      data-testid="conversation-list"
      role="listbox"
      aria-label={label}
      aria-multiselectable="true"
      aria-activedescendant={rows.some(({ index }) => index === cursor) ? rowId(cursor) : undefined}
      tabIndex={0}
      onKeyDown={press}
      onContextMenuCapture={aimMenu}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {rows.map(({ index, start, key }) => {
          const item = itemAt(index);
          return (
            item !== undefined && (
              <ConversationRow
                key={key}
                id={rowId(index)}
                index={index}
                conversation={item.conversation}
                excerpt={item.excerpt}
                words={words}
                ownAddress={ownAddress}
                hasDraft={drafts.has(item.conversation.id)}
                style={{ transform: `translateY(${start}px)`, height: rowHeight }}
                count={count}
                isSelected={marked.length === 0 ? index === selectedIndex : isMarked(item.conversation.id)}
                isCursor={index === cursor && (isAlone || marked.length > 0)}
                isCompact={density === 'compact'}
                onClick={(event) => click(event, index)}
                onDragStart={(event) => {
                  event.dataTransfer.setData(draggedFormat, '');
                  event.dataTransfer.effectAllowed = 'move';
                  if (!isMarked(item.conversation.id)) onMarked([item.conversation]);
                }}
                testId={rowTestId}
              />
            )
          );
        })}
      </div>
    </div>
  );
  return (
    <CommandContextMenu
      trigger={list}
      groups={menu}
      onOpenChange={(isOpen) => {
        // What was only pointed at is not marked any more when nothing came of it.
        if (!isOpen && marked.length === 1) onMarked([]);
      }}
    />
  );
}

const eachOnce = (items: readonly ListedConversation[]): readonly ConversationSummary[] => [
  ...new Map(items.map(({ conversation }) => [conversation.id, conversation])).values(),
];

function findIndex(count: number, itemAt: ConversationListProps['itemAt'], key: string): number {
  for (let index = 0; index < count; index++) if (itemAt(index)?.key === key) return index;
  return -1;
}

const rowId = (index: number): string => `conversation-${index}`;
