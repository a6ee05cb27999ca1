import { useQueryClient } from '@tanstack/react-query';
import { Archive, FolderInput, ListFilter, Mails, Trash2, X } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { AccountSummary } from '../../../shared/model/account.ts';
import { listFilters, type MailboxView } from '../../../shared/model/conversation.ts';
import type { ConversationId, EpochMs, MessageId } from '../../../shared/model/ids.ts';
import {
  type ConversationPages,
  conversationPage,
  pageSize,
  useConversationPages,
  useNewestConversations,
  useSearch,
} from '../../bridge/queries.ts';
import type { Command } from '../../commands/command.ts';
import { IconButton } from '../../commands/command-button.tsx';
import { MenuButton, MenuChoice } from '../../ui/command-menu.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ConversationList, type ListedConversation, type ListSetting } from './conversation-list.tsx';

/** What the list is narrowed down to; `none`: it is not. */
const narrowings = ['none', ...listFilters, 'sinceOutage'] as const;
type Narrowing = (typeof narrowings)[number];

interface MailboxProps extends Omit<ListSetting, 'ownAddress'> {
  readonly account: AccountSummary;
  readonly view: MailboxView;
  /** The full name of the folder that is shown in place of the view. */
  readonly folder: string | null;
  readonly searchText: string;
  readonly selected: ConversationId | null;
  /** The message that a search hit led to. */
  readonly selectedMessage: MessageId | null;
  readonly onSelect: (id: ConversationId, message: MessageId | null) => void;
  readonly searchBox: ReactNode;
  /** Whether the first copy of this account is still on its way: then an empty list says so. */
  readonly isFilling: boolean;
  /** When the last outage began; null: there was none. */
  readonly outageSince: EpochMs | null;
  /** The line by which it is made wider. */
  readonly edge: ReactNode;
  readonly commands: Readonly<Record<'archive' | 'remove' | 'move' | 'markRead', Command>>;
}

/** The middle column: the conversations of a view, or what a search has found. */
export function Mailbox(props: MailboxProps) {
  const { t } = useLanguage();
  const { view, folder, outageSince, marked, commands } = props;
  const [narrowing, setNarrowing] = useState<Narrowing>('none');
  const isSearching = props.searchText.trim() !== '';
  const options = narrowings
    .filter((one) => one !== 'sinceOutage' || outageSince !== null)
    .map((value) => ({ value, text: t(`list.filters.${value}`) }));
  return (
    <section id="conversations" className="mailbox" aria-label={t('list.label')}>
      <div className="mailbox-head">
        {props.searchBox}
        {!isSearching && (
          <MenuButton label={t('list.filter')} Icon={ListFilter} testId="filter" isOn={narrowing !== 'none'}>
            <MenuChoice
              label={t('list.filter')}
              value={narrowing}
              options={options}
              onChosen={(value) => setNarrowing(value)}
            />
          </MenuButton>
        )}
      </div>
      {!isSearching && narrowing !== 'none' && (
        <p className="mailbox-note" data-testid="filtered">
          <span>{t('list.filtered', { what: t(`list.filters.${narrowing}`) })}</span>
          <button type="button" className="text-link" onClick={() => setNarrowing('none')}>
            {t('list.unfilter')}
          </button>
        </p>
      )}
      {marked.length > 1 && (
        <div className="mailbox-note" role="toolbar" aria-label={t('tidy.label')} data-testid="marked">
          <span role="status">{t('list.marked', { count: marked.length })}</span>
          <IconButton command={commands.archive} Icon={Archive} testId="marked-archive" />
          <IconButton command={commands.remove} Icon={Trash2} testId="marked-delete" />
          <IconButton command={commands.move} Icon={FolderInput} testId="marked-move" />
          <IconButton command={commands.markRead} Icon={Mails} testId="marked-read" />
          <button
            type="button"
            className="button icon-button"
            aria-label={t('list.unmark')}
            title={t('list.unmark')}
            onClick={() => props.onMarked([])}
          >
            <X size={16} aria-hidden="true" />
          </button>
        </div>
      )}
      {isSearching ? (
        <Found {...props} />
      ) : (
        <Listed key={`${view} ${folder} ${narrowing}`} {...props} narrowing={narrowing} />
      )}
      {props.edge}
    </section>
  );
}

function Listed(props: MailboxProps & { readonly narrowing: Narrowing }) {
  const { account, view, folder, narrowing, outageSince, selected, onSelect, isFilling } = props;
  const { t } = useLanguage();
  const queries = useQueryClient();
  const listed = useMemo(
    (): ConversationPages => ({
      accountId: account.id,
      view,
      ...(folder === null ? {} : { folder }),
      ...(narrowing === 'sinceOutage' && outageSince !== null ? { since: outageSince } : {}),
      ...(narrowing === 'none' || narrowing === 'sinceOutage' ? {} : { filter: narrowing }),
    }),
    [account.id, view, folder, narrowing, outageSince],
  );
  const newest = useNewestConversations(listed);
  const [pages, setPages] = useState<readonly number[]>([0]);
  const loaded = useConversationPages(listed, pages);
  const onVisible = useCallback((first: number, last: number) => {
    const wanted = [...new Set([0, Math.floor(first / pageSize), Math.floor(last / pageSize)])];
    setPages((before) => (before.join() === wanted.join() ? before : wanted));
  }, []);
  const itemAt = useCallback(
    (index: number): ListedConversation | undefined => {
      const conversation = loaded.get(Math.floor(index / pageSize))?.items[index % pageSize];
      if (conversation === undefined) return undefined;
      return { key: String(conversation.id), conversation, excerpt: conversation.snippet };
    },
    [loaded],
  );
  const itemsIn = async (from: number, to: number): Promise<readonly ListedConversation[]> => {
    const [first, last] = [Math.floor(from / pageSize), Math.floor(to / pageSize)];
    const numbers = Array.from({ length: last - first + 1 }, (_, at) => first + at);
    const found = await Promise.all(
      numbers.map((page) => queries.fetchQuery(conversationPage(listed, page)).catch(() => null)),
    );
    return found
      .flatMap((page) => page?.items ?? [])
      .slice(from - first * pageSize, to - first * pageSize + 1)
      .map((conversation) => ({
        key: String(conversation.id),
        conversation,
        excerpt: conversation.snippet,
      }));
  };
  if (newest.data === undefined) return <Pending error={newest.error} label={t('list.loading')} />;
  if (newest.data.total === 0)
    return (
      <EmptyState
        text={t(narrowing !== 'none' ? 'list.emptyFiltered' : isFilling ? 'list.filling' : 'list.empty')}
      />
    );
  return (
    <ConversationList
      {...props}
      label={t('list.label')}
      count={newest.data.total}
      itemAt={itemAt}
      itemsIn={itemsIn}
      onVisible={onVisible}
      ownAddress={account.address}
      selectedKey={selected === null ? null : String(selected)}
      onSelect={({ conversation }) => onSelect(conversation.id, null)}
      rowTestId="conversation-row"
    />
  );
}

function Found(props: MailboxProps) {
  const { account, searchText, selected, selectedMessage, onSelect } = props;
  const { t, date } = useLanguage();
  const found = useSearch(account.id, searchText.trimStart());
  if (found.data === undefined) return <Pending error={found.error} label={t('list.loading')} />;
  const { hits, coveredSince, count, isAtLeast, words, literal, isStillIndexing } = found.data;
  const messageOf = new Map(hits.map(({ messageId }) => [String(messageId), messageId]));
  const items = hits.map(({ messageId, conversation, excerpt }) => ({
    key: String(messageId),
    conversation,
    excerpt,
  }));
  const chosen = hits.find(
    ({ conversation, messageId }) => conversation.id === selected && messageId === selectedMessage,
  );
  return (
    <>
      <p className="search-summary" role="status" data-testid="search-summary">
        {t(isAtLeast ? 'search.atLeast' : 'search.results', { count })}
        {coveredSince !== null && <span> {t('search.coveredSince', { date: date(coveredSince) })}</span>}
        {isStillIndexing && <span> {t('search.stillIndexing')}</span>}
        {literal.length > 0 && <span> {t('search.literal', { parts: literal.join(' ') })}</span>}
      </p>
      {hits.length > 0 && (
        <ConversationList
          {...props}
          label={t('search.label')}
          count={hits.length}
          itemAt={(index) => items[index]}
          itemsIn={async (from, to) => items.slice(from, to + 1)}
          ownAddress={account.address}
          words={words}
          selectedKey={chosen === undefined ? null : String(chosen.messageId)}
          onSelect={({ key, conversation }) => onSelect(conversation.id, messageOf.get(key) ?? null)}
          rowTestId="search-hit"
        />
      )}
    </>
  );
}

/** An engine that is only just starting has not failed: its answer is still to come. */
function Pending({ error, label }: { readonly error: AppError | null; readonly label: string }) {
  return error === null || error.code === 'engine.restarting' ? (
    <Skeleton label={label} rows={9} />
  ) : (
    <ErrorNote error={error} />
  );
}
