import { type ReactNode, useMemo } from 'react';
import type { AccountSummary } from '../../../shared/model/account.ts';
import type { MailboxView } from '../../../shared/model/conversation.ts';
import type { ConversationId } from '../../../shared/model/ids.ts';
import { useConversations, useSearch } from '../../bridge/queries.ts';
import { Delayed } from '../../ui/delayed.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { ConversationList, type ListedConversation } from './conversation-list.tsx';

interface MailboxProps {
  readonly account: AccountSummary;
  readonly view: MailboxView;
  readonly searchText: string;
  readonly selected: ConversationId | null;
  readonly onSelect: (id: ConversationId) => void;
  readonly searchBox: ReactNode;
}

/** The middle column: the conversations of a view, or what a search has found. */
export function Mailbox({ account, view, searchText, selected, onSelect, searchBox }: MailboxProps) {
  const { t, date } = useLanguage();
  const text = searchText.trim();
  const isSearching = text !== '';
  const listed = useConversations(account.id, view);
  const found = useSearch(account.id, text);
  const answer = isSearching ? found : listed;
  const items = useMemo(
    (): readonly ListedConversation[] =>
      isSearching
        ? (found.data?.hits ?? []).map(({ conversation, excerpt }) => ({ conversation, excerpt }))
        : (listed.data?.items ?? []).map((conversation) => ({ conversation, excerpt: conversation.snippet })),
    [isSearching, found.data, listed.data],
  );
  const coveredSince = found.data?.coveredSince ?? null;
  return (
    <section className="mailbox" aria-label={t('list.label')}>
      {searchBox}
      {isSearching && found.data !== undefined && (
        <p className="search-summary soft" role="status" data-testid="search-summary">
          {t('search.results', { count: items.length })}
          {coveredSince !== null && ` · ${t('search.coveredSince', { date: date(coveredSince) })}`}
        </p>
      )}
      {answer.isError && <ErrorNote error={answer.error} />}
      {answer.isPending && (
        <Delayed>
          <p className="empty-state" role="status">
            {t('list.loading')}
          </p>
        </Delayed>
      )}
      {!isSearching && listed.data?.items.length === 0 && <p className="empty-state">{t('list.empty')}</p>}
      {items.length > 0 && (
        <ConversationList
          label={t('list.label')}
          items={items}
          ownAddress={account.address}
          selected={selected}
          onSelect={onSelect}
          rowTestId={isSearching ? 'search-hit' : 'conversation-row'}
        />
      )}
    </section>
  );
}
