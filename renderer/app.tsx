import { type CSSProperties, type ReactNode, useReducer, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { AccountSummary } from '../shared/model/account.ts';
import type { ConversationSummary, MessageView } from '../shared/model/conversation.ts';
import type { AccountId, MessageId } from '../shared/model/ids.ts';
import type { Draft, DraftStart } from '../shared/model/outgoing.ts';
import type { Route } from '../shared/model/route.ts';
import type { SignInStatus } from '../shared/model/sign-in.ts';
import type { SyncStatus } from '../shared/model/sync.ts';
import { useBridgeEvents } from './bridge/events.ts';
import { useAccent, usePreferences } from './bridge/preferences.ts';
import {
  useAppStatus,
  useConversation,
  useDrafts,
  useDraftsElsewhere,
  useFailover,
  useFolders,
  useNewestConversations,
  useOutages,
  useOutbox,
  useSignIn,
  useSyncStatus,
} from './bridge/queries.ts';
import { relevo } from './bridge/relevo.ts';
import { type WindowCommands, windowCommands } from './commands/commands.ts';
import { useCommands } from './commands/use-commands.ts';
import { AgendaView } from './features/calendar/agenda-view.tsx';
import { MeetingCard } from './features/calendar/meeting-card.tsx';
import { Composer } from './features/composer/composer.tsx';
import { DraftsView } from './features/composer/drafts-view.tsx';
import { Mailbox } from './features/conversation-list/mailbox.tsx';
import { Banner } from './features/failover/banner.tsx';
import { HeldChoice } from './features/failover/held-choice.tsx';
import { SendingNote } from './features/failover/sending-note.tsx';
import { LedgerView } from './features/ledger/ledger-view.tsx';
import { goToPane } from './features/navigation/go-to-pane.ts';
import { isOnePane, Panes } from './features/navigation/panes.tsx';
import { Sidebar } from './features/navigation/sidebar.tsx';
import {
  isFilling,
  NoMailbox,
  Problems,
  SyncAge,
  SyncError,
  SyncProgress,
} from './features/onboarding/notices.tsx';
import { OutboxView } from './features/outbox/outbox-view.tsx';
import { Palette } from './features/palette/palette.tsx';
import { ShortcutsDialog } from './features/palette/shortcuts-dialog.tsx';
import { LinkDialog } from './features/reader/link-dialog.tsx';
import { Reader } from './features/reader/reader.tsx';
import { KeyLost } from './features/recovery/key-lost.tsx';
import { SearchBox } from './features/search/search-box.tsx';
import { PolicySection } from './features/settings/policy-section.tsx';
import { SettingsView } from './features/settings/settings-view.tsx';
import { EnrolForm } from './features/sign-in/enrol-form.tsx';
import { demandOf, placeOf, signInToShow } from './features/sign-in/needed.ts';
import { SignInNotice } from './features/sign-in/sign-in-notice.tsx';
import { useTidying } from './features/tidying/use-tidying.tsx';
import { initialState, mailboxOf, reduce, type WindowAction } from './state.ts';
import type { CommandGroups } from './ui/command-menu.tsx';
import { useLanguage } from './ui/language.tsx';
import { useToast } from './ui/toast.tsx';
import { useMedia } from './ui/use-media.ts';
import './app.css';

/** The window: what is wrong and what is going on above, the mail below. */
export function App() {
  const { t } = useLanguage();
  const status = useAppStatus().data;
  const failover = useFailover().data ?? [];
  const sync = useSyncStatus().data ?? [];
  const [chosen, setChosen] = useState<AccountId | null>(null);
  const account = status?.accounts.find(({ id }) => id === chosen) ?? status?.accounts[0];
  const here = failover.find(({ accountId }) => accountId === account?.id);
  const ownSync = sync.filter(({ accountId }) => accountId === account?.id);
  const signIns = useSignIn().data ?? [];
  const [putOff, setPutOff] = useState<ReadonlySet<string>>(new Set());
  const [askedFor, setAskedFor] = useState<string | null>(null);
  const signIn = signInToShow(signIns, account?.id, putOff, askedFor);
  const accent = useAccent();
  const isKeyLost = status?.problems.some(({ code }) => code === 'keystore.unreadable') ?? false;
  return (
    <div className="window" style={accent === null ? {} : ({ '--system-accent': accent } as CSSProperties)}>
      <header>
        <h1 className="visually-hidden">{t('app.name')}</h1>
        {status !== undefined && <Problems status={status} />}
        {signIn !== null && (
          <SignInNotice
            key={placeOf(signIn)}
            status={signIn}
            account={status?.accounts.find(({ id }) => id === signIn.accountId)}
            isAskedFor={placeOf(signIn) === askedFor}
            onLater={() => {
              setPutOff(new Set([...putOff, demandOf(signIn)]));
              setAskedFor(null);
            }}
          />
        )}
        {ownSync.map((one) =>
          isSaidBySignIn(one, signIns) ? null : <SyncError key={one.route} sync={one} />,
        )}
        {here !== undefined && <Banner status={here} />}
      </header>
      {account !== undefined && status !== undefined ? (
        <AccountWindow
          key={account.id}
          account={account}
          accounts={status.accounts}
          signIns={signIns}
          onAccount={setChosen}
          onSignIn={(one) => setAskedFor(placeOf(one))}
        />
      ) : isKeyLost ? (
        <KeyLost />
      ) : (
        <NoMailbox status={status} enrolment={<EnrolForm />} policy={<PolicySection />} />
      )}
    </div>
  );
}

interface AccountWindowProps {
  readonly account: AccountSummary;
  readonly accounts: readonly AccountSummary[];
  readonly signIns: readonly SignInStatus[];
  readonly onAccount: (id: AccountId) => void;
  readonly onSignIn: (status: SignInStatus) => void;
}

/** Everything of one account. */
function AccountWindow({ account, accounts, signIns, onAccount, onSignIn }: AccountWindowProps) {
  const { t } = useLanguage();
  const tell = useToast();
  const [state, dispatch] = useReducer(reduce, initialState);
  const [link, setLink] = useState<string | null>(null);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [areShortcutsOpen, setShortcutsOpen] = useState(false);
  const [preferences, arrange] = usePreferences();
  const isNarrow = useMedia('(width <= 900px)');
  const [isSidebarOver, setSidebarOver] = useState(false);
  const isStrip = isNarrow ? !isSidebarOver : !preferences.isSidebarWide;
  const searchInput = useRef<HTMLInputElement>(null);
  const readerColumn = useRef<HTMLDivElement>(null);
  const conversation = useConversation(state.conversationId).data;
  const drafts = useDrafts(account.id).data ?? [];
  const draftsElsewhere = useDraftsElsewhere(account.id).data ?? [];
  const failover = useFailover().data?.find(({ accountId }) => accountId === account.id);
  const sync = useSyncStatus().data?.filter(({ accountId }) => accountId === account.id) ?? [];
  const counts = useCounts(account.id, drafts.length + draftsElsewhere.length);

  useBridgeEvents((event) => {
    if (event.kind === 'linkClicked') setLink(event.url);
  });

  const write = async (kind: DraftStart, parentId: MessageId | null) => {
    const answer = await relevo.drafts.create({ accountId: account.id, kind, parentId });
    if (!answer.ok) tell(answer.error);
    else {
      dispatch({ kind: 'beganWriting', writing: { draft: answer.value, isFresh: true } });
      const parent = conversation?.messages.find(({ id }) => id === parentId);
      const absent = parent?.attachments.filter(({ isHere }) => !isHere).length ?? 0;
      if (kind === 'forward' && absent > 0) tell(t('reader.forwardLacks', { count: absent }));
    }
  };
  const goOnWith = async (messageId: MessageId) => {
    const answer = await relevo.drafts.continue({ accountId: account.id, messageId });
    if (answer.ok) goOn(answer.value);
    else tell(answer.error);
  };
  const goOn = (draft: Draft) => dispatch({ kind: 'beganWriting', writing: { draft, isFresh: false } });

  const setPinned = async (conversations: readonly ConversationSummary[], isPinned: boolean) => {
    const answers = await Promise.all(
      conversations.map(({ id: conversationId }) =>
        relevo.pins[isPinned ? 'add' : 'remove']({
          accountId: account.id,
          target: { kind: 'conversation', conversationId },
        }),
      ),
    );
    const refused = answers.find(({ ok }) => !ok);
    if (refused === undefined || refused.ok) tell(t(isPinned ? 'pins.pinned' : 'pins.unpinned'));
    else tell(refused.error);
  };
  const choose = async (route: Route | null) => {
    const answer = await relevo.failover.choose({ accountId: account.id, route });
    if (!answer.ok) tell(answer.error);
  };
  const [marked, setMarked] = useState<readonly ConversationSummary[]>([]);
  const folders = (useFolders(account.id).data ?? []).filter(
    ({ role }) => role === 'archive' || role === 'other',
  );
  const lastOutage = useOutages(account.id).data?.[0];
  const outageSince = failover?.outageSince ?? lastOutage?.startedAt ?? null;
  /** Another list: what was marked in the one before is not to be seen any more. */
  const show = (action: WindowAction) => {
    setMarked([]);
    dispatch(action);
  };
  const tidying = useTidying(account.id, (isGone) => {
    setMarked([]);
    if (isGone) dispatch({ kind: 'closed' });
  });
  const isReading = state.conversationId !== null || state.writing !== null;
  const commands = windowCommands({
    conversations: marked.length > 0 ? marked : conversation === undefined ? [] : [conversation.summary],
    newestMessageId: marked.length > 0 ? null : (conversation?.messages.at(-1)?.id ?? null),
    canResend: canResend(conversation?.messages.at(-1)),
    isWriting: state.writing !== null,
    write: (kind, parentId) => void write(kind, parentId),
    view: (view) => show({ kind: 'viewed', view }),
    openSettings: (section) => dispatch({ kind: 'openedSettings', section }),
    tidying,
    setPinned: (conversations, isPinned) => void setPinned(conversations, isPinned),
    failover,
    choose: (route) => void choose(route),
    focusSearch: () => {
      // Before the next key, which belongs to the field; in the views without one it has to appear first.
      if (searchInput.current === null) flushSync(() => dispatch({ kind: 'viewed', view: 'all' }));
      searchInput.current?.focus();
    },
    openPalette: () => setPaletteOpen(true),
    openShortcuts: () => setShortcutsOpen(true),
    preferences,
    arrange,
    foldSidebar: () => {
      if (isNarrow) setSidebarOver(!isSidebarOver);
      else arrange({ isSidebarWide: !preferences.isSidebarWide });
    },
    goToPane,
    back: isReading && isOnePane(preferences, isNarrow) ? () => dispatch({ kind: 'closed' }) : null,
  });
  useCommands(commands.all);

  const { writing } = state;
  const composer = writing !== null && (
    <Composer
      key={writing.draft.id}
      draft={writing.draft}
      isFresh={writing.isFresh}
      note={<SendingNote status={failover} />}
      onEnd={() => dispatch({ kind: 'endedWriting' })}
      onDraft={goOn}
    />
  );
  const isMail = state.view === mailboxOf(state.view);

  const sidebar = (edge: ReactNode) => (
    <Sidebar
      current={state.view}
      opening={commands.views}
      newMessage={commands.newMessage}
      fold={commands.foldSidebar}
      isStrip={isStrip}
      isOver={isNarrow && isSidebarOver}
      onLeave={() => setSidebarOver(false)}
      counts={{ ...counts, settings: signIns.filter((one) => one.state.kind === 'needed').length }}
      account={account}
      accounts={accounts}
      onAccount={onAccount}
      folders={folders}
      currentFolder={state.folder}
      onFolder={(folder) => show({ kind: 'viewedFolder', folder })}
      onDrop={(folder) => tidying.moveTo(marked, folder)}
      edge={edge}
    >
      {sync.map((one) => (
        <SyncProgress key={one.route} sync={one} />
      ))}
      {sync.slice(0, 1).map((one) => (
        <SyncAge key={one.route} sync={one} />
      ))}
    </Sidebar>
  );
  const page = (
    <>
      {state.view === 'outbox' && (
        <OutboxView
          accountId={account.id}
          onOpen={(conversationId) => dispatch({ kind: 'opened', conversationId, messageId: null })}
          onDraft={goOn}
          waiting={(item) => <HeldChoice item={item} />}
        />
      )}
      {state.view === 'agenda' && (
        <AgendaView
          key={account.id}
          accountId={account.id}
          onOpen={(conversationId, messageId) => dispatch({ kind: 'opened', conversationId, messageId })}
        />
      )}
      {state.view === 'ledger' && (
        <LedgerView
          accountId={account.id}
          onOpen={(conversationId) => dispatch({ kind: 'opened', conversationId, messageId: null })}
        />
      )}
      {state.view === 'settings' && (
        <SettingsView
          section={state.section}
          onSection={(section) => dispatch({ kind: 'openedSettings', section })}
          accounts={accounts}
          onSignIn={onSignIn}
        />
      )}
      {state.view === 'drafts' && (
        <DraftsView
          drafts={drafts}
          elsewhere={draftsElsewhere}
          onOpen={goOn}
          onContinue={(id) => void goOnWith(id)}
        />
      )}
    </>
  );
  const list = (edge: ReactNode) => (
    <Mailbox
      account={account}
      view={mailboxOf(state.view)}
      folder={state.folder}
      searchText={state.searchText}
      selected={state.conversationId}
      selectedMessage={state.messageId}
      onSelect={(conversationId, messageId) => dispatch({ kind: 'opened', conversationId, messageId })}
      onEnter={() => readerColumn.current?.querySelector<HTMLElement>('.reader-scroll')?.focus()}
      isFilling={sync.some(isFilling)}
      density={preferences.density}
      drafts={new Set(drafts.flatMap(({ conversationId }) => conversationId ?? []))}
      marked={marked}
      onMarked={setMarked}
      menu={contextMenu(commands)}
      isAlone={isOnePane(preferences, isNarrow)}
      outageSince={outageSince}
      commands={commands}
      edge={edge}
      searchBox={
        <SearchBox
          accountId={account.id}
          text={state.searchText}
          inputRef={searchInput}
          onChange={(text) => show({ kind: 'searched', text })}
        />
      }
    />
  );
  const reader = (
    <div ref={readerColumn} className="reader-column">
      <Reader
        conversationId={state.conversationId}
        markedCount={marked.length}
        messageId={state.messageId}
        commands={commands}
        onLink={setLink}
        meeting={(messageId) => <MeetingCard messageId={messageId} />}
        composer={composer === false ? null : composer}
        draft={drafts.find(({ conversationId }) => isSame(conversationId, state.conversationId)) ?? null}
        onContinue={goOn}
      />
    </div>
  );

  return (
    <>
      <Panes
        preferences={preferences}
        onChange={arrange}
        isNarrow={isNarrow}
        isStrip={isStrip}
        sidebar={sidebar}
        mail={isMail ? { list, reader } : null}
        page={page}
        isReading={isReading}
        back={commands.back}
      />
      {link !== null && <LinkDialog url={link} onEnd={() => setLink(null)} />}
      {tidying.dialog}
      {isPaletteOpen && (
        <Palette
          commands={commands.all}
          recent={preferences.recentCommands}
          onGiven={(id) => arrange({ recentCommands: withRecent(preferences.recentCommands, id) })}
          onClose={() => setPaletteOpen(false)}
        />
      )}
      {areShortcutsOpen && (
        <ShortcutsDialog
          commands={commands.all}
          shortcutSet={preferences.shortcutSet}
          onChosen={(shortcutSet) => arrange({ shortcutSet })}
          onClose={() => setShortcutsOpen(false)}
        />
      )}
    </>
  );
}

/** What can be done with a row of the list. */
const contextMenu = (commands: WindowCommands): CommandGroups => [
  [commands.reply, commands.replyAll, commands.forward],
  [commands.archive, commands.remove, commands.move, commands.junk, commands.notJunk],
  [commands.markRead, commands.markUnread, commands.flag, commands.pin],
];

const withRecent = (recent: readonly string[], id: string): readonly string[] =>
  [id, ...recent.filter((one) => one !== id)].slice(0, 6);

/** Whether it is the person's own, or says that a message of theirs did not arrive. */
const canResend = (message: MessageView | undefined): boolean =>
  message !== undefined &&
  (message.isFromMe ||
    (message.nature?.report?.kind === 'failed' && message.nature.report.originalId !== null));

const isSame = <T,>(one: T | null, other: T | null): boolean => one !== null && one === other;

/** Whether the sign-in that stands in the way of a copy is spoken of already. */
function isSaidBySignIn({ accountId, route }: SyncStatus, signIns: readonly SignInStatus[]): boolean {
  const provider = route === 'primary' ? 'exchange' : 'continuity';
  return signIns.some(
    (one) => one.accountId === accountId && one.provider === provider && one.state.kind !== 'good',
  );
}

/** What waits for the person in each view. */
function useCounts(accountId: AccountId, drafts: number) {
  const inbox = useNewestConversations({ accountId, view: 'inbox' }).data;
  const outbox = useOutbox(accountId).data;
  const outages = useOutages(accountId).data;
  return {
    inbox: inbox?.items.filter(({ unreadCount }) => unreadCount > 0).length ?? 0,
    drafts,
    outbox: outbox?.length ?? 0,
    ledger: outages?.reduce((sum, { total, verified }) => sum + total - verified, 0) ?? 0,
  };
}
