import type { ShortcutSet } from '../../shared/model/window-preferences.ts';
import type { Shortcut } from './command.ts';

type Keys = Readonly<Record<string, readonly Shortcut[]>>;

const mod = (key: string): Shortcut => ({ key, mod: true });
const shifted = (key: string): Shortcut => ({ key, mod: true, shift: true });
const plain = (key: string): Shortcut => ({ key });

/** What is the same in every set: how one gets about in Relevo itself. */
const common: Keys = {
  'message.new': [mod('n')],
  'message.reply': [mod('r')],
  'message.replyAll': [shifted('r')],
  'message.forward': [shifted('f')],
  'message.print': [mod('p')],
  'conversation.delete': [plain('delete')],
  'view.inbox': [mod('1')],
  'view.sent': [mod('2')],
  'view.all': [mod('3')],
  'view.outbox': [mod('4')],
  'view.ledger': [mod('5')],
  'view.drafts': [mod('6')],
  'view.putAway': [mod('7')],
  'view.agenda': [mod('8')],
  'view.settings': [mod(',')],
  'search.focus': [mod('f')],
  'palette.open': [mod('k')],
  'help.shortcuts': [{ key: 'f1' }],
  'pane.back': [plain('escape')],
  'pane.next': [plain('f6')],
  'pane.previous': [{ key: 'f6', shift: true }],
  'pane.sidebar': [plain('f9')],
  'pane.reader': [plain('f8')],
  'pane.list': [plain('f7')],
  'action.undo': [mod('z')],
};

/** Letters alone, as many web mail programs have them. */
const letters: Keys = {
  'message.new': [mod('n'), plain('c')],
  'message.reply': [mod('r'), plain('r')],
  'message.replyAll': [shifted('r'), plain('a')],
  'message.forward': [shifted('f'), plain('f')],
  'conversation.archive': [plain('e')],
  'conversation.delete': [plain('delete'), plain('#')],
  'conversation.junk': [plain('!')],
  'conversation.move': [plain('v')],
  'conversation.flag': [plain('s')],
  'search.focus': [mod('f'), plain('/')],
  'help.shortcuts': [{ key: 'f1' }, plain('?')],
  'action.undo': [mod('z'), plain('z')],
};

/** What differs from `common`, as the makers of those programs publish it. */
const sets: Readonly<Record<ShortcutSet, Keys>> = {
  own: { ...letters, 'conversation.markUnread': [plain('u')], 'conversation.pin': [plain('p')] },
  outlook: {
    'message.forward': [mod('f')],
    'search.focus': [mod('e'), plain('f3')],
    'conversation.delete': [plain('delete'), mod('d')],
    'conversation.archive': [plain('backspace')],
    'conversation.move': [shifted('v')],
    'conversation.markUnread': [mod('u')],
    'conversation.markRead': [mod('q')],
    'conversation.flag': [plain('insert')],
    'view.inbox': [shifted('i'), mod('1')],
    'view.outbox': [shifted('o'), mod('4')],
  },
  appleMail: {
    'conversation.delete': [plain('backspace'), plain('delete')],
    'conversation.flag': [shifted('l')],
    'conversation.markUnread': [shifted('u')],
    'conversation.markRead': [shifted('u')],
    'conversation.junk': [shifted('j')],
    'conversation.notJunk': [shifted('j')],
    'pane.sidebar': [shifted('m')],
  },
  gmail: {
    ...letters,
    'conversation.markUnread': [{ key: 'u', shift: true }],
    'conversation.markRead': [{ key: 'i', shift: true }],
  },
  thunderbird: {
    'message.new': [mod('n'), mod('m')],
    'message.forward': [mod('l')],
    'message.source': [mod('u')],
    'conversation.archive': [plain('a')],
    'conversation.junk': [plain('j')],
    'conversation.notJunk': [{ key: 'j', shift: true }],
    'conversation.markUnread': [plain('m')],
    'conversation.markRead': [plain('m')],
    'conversation.flag': [plain('s')],
    'search.focus': [mod('k')],
    'palette.open': [shifted('p')],
  },
};

/** The keys of a command in a set, the one to be shown first; none: it has none. */
export function shortcutsOf(set: ShortcutSet, id: string): readonly Shortcut[] {
  return sets[set][id] ?? common[id] ?? [];
}
