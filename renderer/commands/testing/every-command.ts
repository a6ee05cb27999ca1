import { defaultPreferences, type ShortcutSet } from '../../../shared/model/window-preferences.ts';
import type { Command } from '../command.ts';
import { windowCommands } from '../commands.ts';

const nothing = () => undefined;

/** Every command of the window, as it is when nothing is open. */
export function everyCommand(shortcutSet: ShortcutSet): readonly Command[] {
  return windowCommands({
    conversations: [],
    newestMessageId: null,
    canResend: false,
    isWriting: false,
    write: nothing,
    view: nothing,
    openSettings: nothing,
    tidying: {
      archive: nothing,
      remove: nothing,
      junk: nothing,
      notJunk: nothing,
      move: nothing,
      moveTo: nothing,
      markRead: nothing,
      markUnread: nothing,
      setFlagged: nothing,
      undo: nothing,
      canUndo: false,
    },
    setPinned: nothing,
    failover: undefined,
    choose: nothing,
    focusSearch: nothing,
    openPalette: nothing,
    openShortcuts: nothing,
    preferences: { ...defaultPreferences, shortcutSet },
    arrange: nothing,
    foldSidebar: nothing,
    goToPane: nothing,
    back: null,
  }).all;
}
