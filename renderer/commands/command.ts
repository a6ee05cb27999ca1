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
  /** Of the first; empty: it has none. */
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

/** Of every shortcut, as menus write it on this system. */
export function shortcutTexts({ shortcuts }: Command): readonly string[] {
  return shortcuts.map((shortcut) => shortcutText(shortcut, isMac));
}

const keyNames: Readonly<Record<string, string>> = { escape: 'Esc', delete: 'Del', insert: 'Ins' };

/** As menus write it: "Ctrl+Shift+R", on a Mac "⇧⌘R". */
export function shortcutText({ key, mod = false, shift = false }: Shortcut, onMac: boolean): string {
  const name = keyNames[key] ?? key.charAt(0).toUpperCase() + key.slice(1);
  if (onMac) return `${shift ? '⇧' : ''}${mod ? '⌘' : ''}${name}`;
  return `${mod ? 'Ctrl+' : ''}${shift ? 'Shift+' : ''}${name}`;
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Whether a key press is the shortcut. Signs such as "/" need Shift on some keyboards, so there it does not count. */
export function isPressed(shortcut: Shortcut, event: KeyPress, onMac = isMac): boolean {
  const { key, mod = false, shift = false } = shortcut;
  const [wanted, other] = onMac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (event.key.toLowerCase() !== key || wanted !== mod || other || event.altKey) return false;
  return /^\p{L}|^f\d/u.test(key) ? event.shiftKey === shift : true;
}
