import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { MailboxView } from '../../../shared/model/conversation.ts';
import type { ConversationId, MessageId } from '../../../shared/model/ids.ts';
import type { Density } from '../../../shared/model/window-preferences.ts';
import { pageSize, useConversationPages, useNewestConversations, useSearch } from '../../bridge/queries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ConversationList, type ListedConversation } from './conversation-list.tsx';
import { wordsOf } from './mark-words.ts';

interface MailboxProps {
  readonly account: AccountSummary;
  readonly view: MailboxView;
  readonly searchText: string;
  readonly selected: ConversationId | null;
  /** The message that a search hit led to. */
  readonly selectedMessage: MessageId | null;
  readonly onSelect: (id: ConversationId, message: MessageId | null) => void;
  readonly onEnter: () => void;
  readonly searchBox: ReactNode;
  /** Whether the first copy of this account is still on its way: then an empty list says so. */
  readonly isFilling: boolean;
  readonly density: Density;
}

/** The middle column: the conversations of a view, or what a search has found. */
export function Mailbox(props: MailboxProps) {
  const { t } = useLanguage();
  return (
    <section id="conversations" className="mailbox" aria-label={t('list.label')}>
      {props.searchBox}
      {props.searchText.trim() === '' ? <Listed key={props.view} {...props} /> : <Found {...props} />}
    </section>
  );
}

function Listed({ account, view, selected, onSelect, onEnter, isFilling, density }: MailboxProps) {
  const { t } = useLanguage();
  const newest = useNewestConversations(account.id, view);
  const [pages, setPages] = useState<readonly number[]>([0]);
  const loaded = useConversationPages(account.id, view, pages);
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
  if (newest.data === undefined) return <Pending error={newest.error} label={t('list.loading')} />;
  if (newest.data.total === 0) return <EmptyState text={t(isFilling ? 'list.filling' : 'list.empty')} />;
  return (
    <ConversationList
      label={t('list.label')}
      count={newest.data.total}
      itemAt={itemAt}
      onVisible={onVisible}
      ownAddress={account.address}
      selectedKey={selected === null ? null : String(selected)}
      onSelect={({ conversation }) => onSelect(conversation.id, null)}
      onEnter={onEnter}
      rowTestId="conversation-row"
      density={density}
    />
  );
}

function Found({ account, searchText, selected, selectedMessage, onSelect, onEnter, density }: MailboxProps) {
  const { t, date } = useLanguage();
  const text = searchText.trim();
  const found = useSearch(account.id, text);
  const words = useMemo(() => wordsOf(text), [text]);
  if (found.data === undefined) return <Pending error={found.error} label={t('list.loading')} />;
  const { hits, coveredSince } = found.data;
  const messageOf = new Map(hits.map(({ messageId }) => [String(messageId), messageId]));
  const chosen = hits.find(
    ({ conversation, messageId }) => conversation.id === selected && messageId === selectedMessage,
  );
  return (
    <>
      <p className="search-summary" role="status" data-testid="search-summary">
        {t('search.results', { count: hits.length })}
        {coveredSince !== null && <span> {t('search.coveredSince', { date: date(coveredSince) })}</span>}
      </p>
      {hits.length > 0 && (
        <ConversationList
          label={t('search.label')}
          count={hits.length}
          itemAt={(index) => {
            const hit = hits[index];
            if (hit === undefined) return undefined;
            return { key: String(hit.messageId), conversation: hit.conversation, excerpt: hit.excerpt };
          }}
          ownAddress={account.address}
          words={words}
          selectedKey={chosen === undefined ? null : String(chosen.messageId)}
          onSelect={({ key, conversation }) => onSelect(conversation.id, messageOf.get(key) ?? null)}
          onEnter={onEnter}
          rowTestId="search-hit"
          density={density}
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
