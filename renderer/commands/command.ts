import type { MessageKey } from '../../shared/messages/index.ts';

/**
 * Keys that run a command, e.g. { key: 'r', mod: true }; `mod` is Ctrl, on a Mac Cmd. Without it they work only while
 * nothing is being typed.
 */
export interface Shortcut {
  readonly key: string;
  readonly mod?: boolean;
  readonly shift?: boolean;
}

/** One thing that the person can do. Buttons, shortcuts, the palette and the application menu all run this one object. */
export interface Command {
  /** The id by which the application menu names it, e.g. "message.reply". */
  readonly id: string;
  readonly label: MessageKey;
  /** The first is the one that is shown. */
  readonly shortcuts: readonly Shortcut[];
  /** Empty: it has none. */
  readonly shortcutText: string;
  readonly isEnabled: boolean;
  readonly run: () => void;
}

const isMac = typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac');

export function command(
  id: string,
  label: MessageKey,
  shortcuts: readonly Shortcut[],
  run: () => void,
  isEnabled = true,
): Command {
  const [first] = shortcuts;
  const shown = first === undefined ? '' : shortcutText(first, isMac);
  return { id, label, shortcuts, shortcutText: shown, isEnabled, run };
}

/** As menus write it: "Ctrl+Shift+R", on a Mac "⇧⌘R"; a key with a name is written by its first three letters: "Del". */
export function shortcutText({ key, mod = false, shift = false }: Shortcut, onMac: boolean): string {
  const name = key.charAt(0).toUpperCase() + key.slice(1, 3);
  if (onMac) return `${shift ? '⇧' : ''}${mod ? '⌘' : ''}${name}`;
  return `${mod ? 'Ctrl+' : ''}${shift ? 'Shift+' : ''}${name}`;
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Whether a key press is the shortcut. Signs such as "/" need Shift on some keyboards, so there it does not count. */
export function isPressed(shortcut: Shortcut, event: KeyPress, onMac = isMac): boolean {
  const { key, mod = false, shift = false } = shortcut;
  const [wanted, other] = onMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (event.key.toLowerCase() !== key || wanted !== mod || other || event.altKey) return false;
  return /^\p{L}$/u.test(key) ? event.shiftKey === shift : true;
}
