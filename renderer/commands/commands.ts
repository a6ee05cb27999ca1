import type { MessageKey } from '../../shared/messages/index.ts';
import type { ConversationSummary } from '../../shared/model/conversation.ts';
import type { FailoverStatus } from '../../shared/model/failover.ts';
import type { MessageId } from '../../shared/model/ids.ts';
import type { DraftStart } from '../../shared/model/outgoing.ts';
import type { Route } from '../../shared/model/route.ts';
import type { WindowPreferences } from '../../shared/model/window-preferences.ts';
import type { Tidying } from '../features/tidying/use-tidying.tsx';
import { type SettingsSection, settingsSections, type View } from '../state.ts';
import { type Command, command } from './command.ts';
import { shortcutsOf } from './shortcut-sets.ts';

/** What the commands act on at this moment. */
export interface CommandContext {
  /** What is marked in the list, or else the open conversation. */
  readonly conversations: readonly ConversationSummary[];
  /** The message that an answer is to: the newest of the open conversation; null: none is open, or several are marked. */
  readonly newestMessageId: MessageId | null;
  /** That message is the person's own, or came back undelivered. */
  readonly canResend: boolean;
  readonly isWriting: boolean;
  readonly write: (kind: DraftStart, parentId: MessageId | null) => void;
  readonly view: (view: View) => void;
  readonly openSettings: (section: SettingsSection) => void;
  readonly tidying: Tidying;
  readonly setPinned: (conversations: readonly ConversationSummary[], isPinned: boolean) => void;
  /** Which way the account goes; undefined: not known yet. */
  readonly failover: FailoverStatus | undefined;
  /** Null: Relevo decides. */
  readonly choose: (route: Route | null) => void;
  readonly focusSearch: () => void;
  readonly openPalette: () => void;
  readonly openShortcuts: () => void;
  readonly preferences: WindowPreferences;
  readonly arrange: (change: Partial<WindowPreferences>) => void;
  readonly foldSidebar: () => void;
  /** Moves the focus one pane on or back. */
  readonly goToPane: (step: 1 | -1) => void;
  /** Leaves what is read for the list; null: both stand side by side, or nothing is read. */
  readonly back: (() => void) | null;
}

type Make = (id: string, label: MessageKey, run: () => void, isEnabled?: boolean) => Command;

/** Everything that can be done in the window, by name for its buttons, and `all` of it for keys, palette, menu and help. */
export function windowCommands(context: CommandContext) {
  const { newestMessageId, isWriting, write, preferences } = context;
  const make: Make = (id, label, run, isEnabled = true) =>
    command(id, label, shortcutsOf(preferences.shortcutSet, id), run, isEnabled);
  const canAnswer = newestMessageId !== null && !isWriting;
  const open = (view: View) => make(`view.${view}`, `view.${view}`, () => context.view(view));
  const views: Readonly<Record<View, Command>> = {
    inbox: open('inbox'),
    sent: open('sent'),
    all: open('all'),
    putAway: open('putAway'),
    drafts: open('drafts'),
    outbox: open('outbox'),
    ledger: open('ledger'),
    agenda: open('agenda'),
    settings: open('settings'),
  };
  const answer = (
    id: 'reply' | 'replyAll' | 'forward' | 'forwardAttached' | 'resend',
    isEnabled = canAnswer,
  ) => make(`message.${id}`, `reader.${id}`, () => write(id, newestMessageId), isEnabled);
  const named = {
    newMessage: make('message.new', 'sidebar.newMessage', () => write('new', null)),
    reply: answer('reply'),
    replyAll: answer('replyAll'),
    forward: answer('forward'),
    forwardAttached: answer('forwardAttached'),
    resend: answer('resend', canAnswer && context.canResend),
    ...conversationCommands(context, make),
    ...choiceCommands(context, make),
    ...paneCommands(context, make),
    search: make('search.focus', 'search.label', context.focusSearch),
    palette: make('palette.open', 'palette.label', context.openPalette),
    shortcuts: make('help.shortcuts', 'help.shortcuts', context.openShortcuts),
  };
  const sections = settingsSections.map((section) =>
    make(`settings.${section}`, `settings.${section}`, () => context.openSettings(section)),
  );
  return { ...named, views, all: [...Object.values(named), ...Object.values(views), ...sections] };
}

export type WindowCommands = ReturnType<typeof windowCommands>;

/** What is done with whole conversations: with all that are marked, as far as it is meant for them. */
function conversationCommands({ conversations, tidying, setPinned }: CommandContext, make: Make) {
  const on = (
    id: string,
    label: MessageKey,
    run: (meant: readonly ConversationSummary[]) => void,
    isMeant: (one: ConversationSummary) => boolean = () => true,
  ) => {
    const meant = conversations.filter(isMeant);
    return make(`conversation.${id}`, label, () => meant.length > 0 && run(meant), meant.length > 0);
  };
  const areFlagged = conversations.length > 0 && conversations.every(({ isFlagged }) => isFlagged);
  const arePinned = conversations.length > 0 && conversations.every(({ isPinned }) => isPinned);
  return {
    archive: on('archive', 'tidy.archive', tidying.archive, ({ isInInbox }) => isInInbox),
    remove: on('delete', 'tidy.delete', tidying.remove),
    junk: on('junk', 'tidy.junk', tidying.junk, ({ putAway }) => putAway !== 'junk'),
    notJunk: on('notJunk', 'tidy.notJunk', tidying.notJunk, ({ putAway }) => putAway === 'junk'),
    move: on('move', 'tidy.move', tidying.move),
    markRead: on('markRead', 'tidy.markRead', tidying.markRead, ({ unreadCount }) => unreadCount > 0),
    markUnread: on('markUnread', 'tidy.markUnread', tidying.markUnread),
    flag: on('flag', 'reader.flag', (meant) => tidying.setFlagged(meant, !areFlagged)),
    pin: on('pin', 'pins.pin', (meant) => setPinned(meant, !arePinned)),
    undo: make('action.undo', 'tidy.undo', tidying.undo, tidying.canUndo),
  };
}

/** Which way mail goes, against or without evidence. */
function choiceCommands({ failover, choose }: CommandContext, make: Make) {
  const way = (route: Route) =>
    make(
      `failover.${route}`,
      `failover.choose.${route}`,
      () => choose(route),
      failover?.mayChoose === true && failover.chosen?.route !== route,
    );
  const hasChosen = failover !== undefined && failover.chosen !== null;
  return {
    useContinuity: way('continuity'),
    useExchange: way('primary'),
    automatic: make('failover.automatic', 'failover.automatic', () => choose(null), hasChosen),
  };
}

/** How the window is arranged, and how one gets about in it. */
function paneCommands(context: CommandContext, make: Make) {
  const { preferences, arrange, goToPane, back } = context;
  const { showsList, showsReader, density } = preferences;
  const turn = density === 'compact' ? 'comfortable' : 'compact';
  return {
    back: make('pane.back', 'pane.back', () => back?.(), back !== null),
    nextPane: make('pane.next', 'pane.next', () => goToPane(1)),
    previousPane: make('pane.previous', 'pane.previous', () => goToPane(-1)),
    foldSidebar: make('pane.sidebar', 'pane.sidebar', context.foldSidebar),
    foldList: make('pane.list', 'pane.list', () => arrange({ showsList: !showsList, showsReader: true })),
    foldReader: make('pane.reader', 'pane.reader', () =>
      arrange({ showsReader: !showsReader, showsList: true }),
    ),
    density: make('pane.density', `pane.${turn}`, () => arrange({ density: turn })),
  };
}
