import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { AppError } from '../shared/errors.ts';
import type { AccountSummary } from '../shared/model/account.ts';
import type { DraftKind } from '../shared/model/outgoing.ts';
import {
  useAppStatus,
  useConversation,
  useConversations,
  useDrafts,
  useFailover,
  useOutbox,
  useSyncStatus,
} from './bridge/queries.ts';
import { relevo } from './bridge/relevo.ts';
import { command } from './commands/command.ts';
import { useCommands } from './commands/use-commands.ts';
import { Composer } from './features/composer/composer.tsx';
import { DraftsView } from './features/composer/drafts-view.tsx';
import { Mailbox } from './features/conversation-list/mailbox.tsx';
import { Banner } from './features/failover/banner.tsx';
import { SendingNote } from './features/failover/sending-note.tsx';
import { LedgerView } from './features/ledger/ledger-view.tsx';
import { Problems, SyncError, SyncProgress } from './features/onboarding/notices.tsx';
import { OutboxView } from './features/outbox/outbox-view.tsx';
import { LinkDialog } from './features/reader/link-dialog.tsx';
import { Reader } from './features/reader/reader.tsx';
import { SearchBox } from './features/search/search-box.tsx';
import { initialState, isMailbox, reduce } from './state.ts';
import { ErrorNote } from './ui/error-note.tsx';
import { useLanguage } from './ui/language.tsx';
import { Sidebar } from './ui/sidebar.tsx';
import './app.css';

/** The window: what is wrong and what is going on above, the mail below. */
export function App() {
  const { t } = useLanguage();
  const status = useAppStatus();
  const failover = useFailover();
  const account = status.data?.accounts[0];
  const here = failover.data?.find(({ accountId }) => accountId === account?.id);
  return (
    <div className="window">
      <header>
        <h1 className="visually-hidden">{t('app.name')}</h1>
        {status.data !== undefined && <Problems status={status.data} />}
        {here !== undefined && <Banner status={here} />}
      </header>
      {account === undefined ? (
        <main className="empty-state">
          {status.data?.engine !== 'failed' && status.data?.problems.length === 0 && (
            <p role="status">{t('engine.starting')}</p>
          )}
        </main>
      ) : (
        <AccountWindow account={account} />
      )}
    </div>
  );
}

/** Everything of one account. */
function AccountWindow({ account }: { readonly account: AccountSummary }) {
  const { t } = useLanguage();
  const [state, dispatch] = useReducer(reduce, initialState);
  const [link, setLink] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const inbox = useConversations(account.id, 'inbox');
  const conversation = useConversation(state.conversationId);
  const drafts = useDrafts(account.id);
  const outbox = useOutbox(account.id);
  const failover = useFailover();
  const sync = useSyncStatus().data?.find(({ accountId }) => accountId === account.id);
  const newest = conversation.data?.messages.at(-1)?.id ?? null;
  const draft = drafts.data?.find(({ id }) => id === state.draftId);

  useEffect(
    () =>
      relevo.subscribe((event) => {
        if (event.kind === 'linkClicked') setLink(event.url);
      }),
    [],
  );

  const write = useCallback(
    async (kind: DraftKind) => {
      const answer = await relevo.drafts.create({
        accountId: account.id,
        kind,
        parentId: kind === 'new' ? null : newest,
      });
      setError(answer.ok ? null : answer.error);
      if (!answer.ok) return;
      dispatch({
        kind: 'beganWriting',
        draftId: answer.value.id,
        conversationId: kind === 'new' ? null : state.conversationId,
      });
    },
    [account.id, newest, state.conversationId],
  );

  const commands = useMemo(() => {
    const canAnswer = newest !== null && state.draftId === null;
    const view = (id: typeof state.view, key: string) =>
      command(`view.${id}`, `view.${id}`, { key, mod: true }, () => dispatch({ kind: 'viewed', view: id }));
    const focusSearch = () => searchInput.current?.focus();
    return {
      views: {
        inbox: view('inbox', '1'),
        sent: view('sent', '2'),
        all: view('all', '3'),
        outbox: view('outbox', '4'),
        ledger: view('ledger', '5'),
        drafts: view('drafts', '6'),
      },
      newMessage: command(
        'message.new',
        'sidebar.newMessage',
        { key: 'n', mod: true },
        () => void write('new'),
      ),
      reply: command(
        'message.reply',
        'reader.reply',
        { key: 'r', mod: true },
        () => void write('reply'),
        canAnswer,
      ),
      replyAll: command(
        'message.replyAll',
        'reader.replyAll',
        { key: 'r', mod: true, shift: true },
        () => void write('replyAll'),
        canAnswer,
      ),
      forward: command(
        'message.forward',
        'reader.forward',
        { key: 'f', mod: true, shift: true },
        () => void write('forward'),
        canAnswer,
      ),
      search: command('search.focus', 'search.label', { key: 'f', mod: true }, focusSearch),
      searchBySlash: command('search.slash', 'search.label', { key: '/' }, focusSearch),
    };
  }, [newest, state.draftId, write]);
  const { views } = commands;
  useCommands(
    useMemo(() => {
      const { views: opening, ...others } = commands;
      return [...Object.values(opening), ...Object.values(others)];
    }, [commands]),
  );

  const composer =
    draft === undefined ? null : (
      <Composer
        key={draft.id}
        draft={draft}
        note={<SendingNote status={failover.data?.find(({ accountId }) => accountId === account.id)} />}
        onEnd={() => dispatch({ kind: 'endedWriting' })}
      />
    );
  const unread = inbox.data?.items.filter(({ unreadCount }) => unreadCount > 0).length ?? 0;

  return (
    <div className="columns">
      <Sidebar
        current={state.view}
        views={views}
        newMessage={commands.newMessage}
        counts={{ inbox: unread, drafts: drafts.data?.length ?? 0, outbox: outbox.data?.length ?? 0 }}
        owner={account.address}
      >
        {sync !== undefined && <SyncProgress sync={sync} />}
        {sync !== undefined && <SyncError sync={sync} />}
      </Sidebar>
      {state.view === 'outbox' && <OutboxView accountId={account.id} />}
      {state.view === 'ledger' && <LedgerView accountId={account.id} />}
      {state.view === 'drafts' && (
        <DraftsView
          drafts={drafts.data ?? []}
          onOpen={({ id, conversationId }) => dispatch({ kind: 'beganWriting', draftId: id, conversationId })}
        />
      )}
      {isMailbox(state.view) && (
        <>
          <Mailbox
            account={account}
            view={state.view}
            searchText={state.searchText}
            selected={state.conversationId}
            onSelect={(conversationId) => dispatch({ kind: 'opened', conversationId })}
            searchBox={
              <SearchBox
                text={state.searchText}
                inputRef={searchInput}
                onChange={(text) => dispatch({ kind: 'searched', text })}
              />
            }
          />
          <main className="reader-column" aria-label={t('reader.label')}>
            {error !== null && <ErrorNote error={error} />}
            <Reader
              conversationId={state.conversationId}
              answers={commands}
              onLink={setLink}
              composer={composer}
            />
          </main>
        </>
      )}
      {link !== null && <LinkDialog url={link} onEnd={() => setLink(null)} />}
    </div>
  );
}
