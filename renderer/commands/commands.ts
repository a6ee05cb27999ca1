import type { MessageKey } from '../../shared/messages/index.ts';
import type { ConversationSummary } from '../../shared/model/conversation.ts';
import type { FailoverStatus } from '../../shared/model/failover.ts';
import type { ConversationId, MessageId } from '../../shared/model/ids.ts';
import type { DraftStart } from '../../shared/model/outgoing.ts';
import type { Route } from '../../shared/model/route.ts';
import type { Tidying } from '../features/tidying/use-tidying.tsx';
import { type SettingsSection, settingsSections, type View } from '../state.ts';
import { type Command, command, type Shortcut } from './command.ts';

/** What the commands act on at this moment. */
export interface CommandContext {
  /** The open conversation; null: none is. */
  readonly conversation: ConversationSummary | null;
  /** The message that an answer is to. */
  readonly newestMessageId: MessageId | null;
  /** That message is the person's own, or came back undelivered. */
  readonly canResend: boolean;
  readonly isWriting: boolean;
  readonly write: (kind: DraftStart, parentId: MessageId | null) => void;
  readonly view: (view: View) => void;
  readonly openSettings: (section: SettingsSection) => void;
  readonly setFlagged: (id: ConversationId, isFlagged: boolean) => void;
  readonly tidying: Tidying;
  readonly setPinned: (conversation: ConversationSummary, isPinned: boolean) => void;
  /** Which way the account goes; undefined: not known yet. */
  readonly failover: FailoverStatus | undefined;
  /** Null: Relevo decides. */
  readonly choose: (route: Route | null) => void;
  readonly focusSearch: () => void;
  readonly openPalette: () => void;
}

/** Everything that can be done in the window, by name for its buttons, and `all` of it for keys, palette and menu. */
export function windowCommands(context: CommandContext) {
  const { conversation, newestMessageId, isWriting, write, setFlagged } = context;
  const canAnswer = newestMessageId !== null && !isWriting;
  const open = (view: View, key: string) =>
    command(`view.${view}`, `view.${view}`, [{ key, mod: true }], () => context.view(view));
  const views: Readonly<Record<View, Command>> = {
    inbox: open('inbox', '1'),
    sent: open('sent', '2'),
    all: open('all', '3'),
    putAway: open('putAway', '7'),
    outbox: open('outbox', '4'),
    ledger: open('ledger', '5'),
    drafts: open('drafts', '6'),
    settings: open('settings', ','),
  };
  const named = {
    newMessage: command('message.new', 'sidebar.newMessage', [{ key: 'n', mod: true }, { key: 'c' }], () =>
      write('new', null),
    ),
    reply: command(
      'message.reply',
      'reader.reply',
      [{ key: 'r', mod: true }, { key: 'r' }],
      () => write('reply', newestMessageId),
      canAnswer,
    ),
    replyAll: command(
      'message.replyAll',
      'reader.replyAll',
      [{ key: 'r', mod: true, shift: true }, { key: 'a' }],
      () => write('replyAll', newestMessageId),
      canAnswer,
    ),
    forward: command(
      'message.forward',
      'reader.forward',
      [{ key: 'f', mod: true, shift: true }, { key: 'f' }],
      () => write('forward', newestMessageId),
      canAnswer,
    ),
    forwardAttached: command(
      'message.forwardAttached',
      'reader.forwardAttached',
      [],
      () => write('forwardAttached', newestMessageId),
      canAnswer,
    ),
    resend: command(
      'message.resend',
      'reader.resend',
      [],
      () => write('resend', newestMessageId),
      canAnswer && context.canResend,
    ),
    flag: command(
      'conversation.flag',
      'reader.flag',
      [{ key: 's' }],
      () => {
        if (conversation !== null) setFlagged(conversation.id, !conversation.isFlagged);
      },
      conversation !== null,
    ),
    pin: command(
      'conversation.pin',
      'pins.pin',
      [{ key: 'p' }],
      () => {
        if (conversation !== null) context.setPinned(conversation, !conversation.isPinned);
      },
      conversation !== null,
    ),
    ...tidyingCommands(context),
    ...choiceCommands(context),
    search: command(
      'search.focus',
      'search.label',
      [{ key: 'f', mod: true }, { key: '/' }],
      context.focusSearch,
    ),
    palette: command('palette.open', 'palette.label', [{ key: 'k', mod: true }], context.openPalette),
  };
  const sections = settingsSections.map((section) =>
    command(`settings.${section}`, `settings.${section}`, [], () => context.openSettings(section)),
  );
  return { ...named, views, all: [...Object.values(named), ...Object.values(views), ...sections] };
}

/** What puts the open conversation elsewhere, or takes that back. */
function tidyingCommands({ conversation, tidying }: CommandContext) {
  const onOpen = (
    id: string,
    label: MessageKey,
    shortcuts: readonly Shortcut[],
    run: (open: ConversationSummary) => void,
    isMeant: (open: ConversationSummary) => boolean = () => true,
  ) =>
    command(
      `conversation.${id}`,
      label,
      shortcuts,
      () => conversation !== null && run(conversation),
      conversation !== null && isMeant(conversation),
    );
  return {
    archive: onOpen('archive', 'tidy.archive', [{ key: 'e' }], tidying.archive, ({ isInInbox }) => isInInbox),
    remove: onOpen('delete', 'tidy.delete', [{ key: 'delete' }, { key: '#' }], tidying.remove),
    junk: onOpen('junk', 'tidy.junk', [{ key: '!' }], tidying.junk, ({ putAway }) => putAway !== 'junk'),
    notJunk: onOpen('notJunk', 'tidy.notJunk', [], tidying.notJunk, ({ putAway }) => putAway === 'junk'),
    move: onOpen('move', 'tidy.move', [{ key: 'v' }], tidying.move),
    markUnread: onOpen('markUnread', 'tidy.markUnread', [{ key: 'u' }], tidying.markUnread),
    undo: command('action.undo', 'tidy.undo', [{ key: 'z' }], tidying.undo, tidying.canUndo),
  };
}

/** Which way mail goes, against or without evidence. */
function choiceCommands({ failover, choose }: CommandContext) {
  const way = (route: Route) =>
    command(
      `failover.${route}`,
      `failover.choose.${route}`,
      [],
      () => choose(route),
      failover?.mayChoose === true && failover.chosen?.route !== route,
    );
  const hasChosen = failover !== undefined && failover.chosen !== null;
  return {
    useContinuity: way('continuity'),
    useExchange: way('primary'),
    automatic: command('failover.automatic', 'failover.automatic', [], () => choose(null), hasChosen),
  };
}
