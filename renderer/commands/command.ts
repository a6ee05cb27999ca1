import type { MessageKey } from '../../shared/messages/index.ts';

/** Keys that run a command, e.g. { key: 'r', mod: true }; `mod` is Ctrl, on a Mac Cmd. */
export interface Shortcut {
  readonly key: string;
  readonly mod?: boolean;
  readonly shift?: boolean;
}

/** One thing that the person can do. Buttons, shortcuts and the application menu all run this one object. */
export interface Command {
  /** The id by which the application menu names it, e.g. "message.reply". */
  readonly id: string;
  readonly label: MessageKey;
  readonly shortcut: Shortcut;
  readonly shortcutText: string;
  readonly isEnabled: boolean;
  readonly run: () => void;
}

const isMac = navigator.platform.startsWith('Mac');

export function command(
  id: string,
  label: MessageKey,
  shortcut: Shortcut,
  run: () => void,
  isEnabled = true,
): Command {
  return { id, label, shortcut, shortcutText: textOf(shortcut), isEnabled, run };
}

function textOf({ key, mod = false, shift = false }: Shortcut): string {
  const parts = [mod ? (isMac ? '⌘' : 'Ctrl') : '', shift ? (isMac ? '⇧' : 'Shift') : '', key.toUpperCase()];
  return parts.filter((part) => part !== '').join(isMac ? '' : '+');
}

/** Whether a key press is the shortcut. */
export function isPressed({ key, mod = false, shift = false }: Shortcut, event: KeyboardEvent): boolean {
  const isMod = isMac ? event.metaKey : event.ctrlKey;
  return event.key.toLowerCase() === key && isMod === mod && event.shiftKey === shift && !event.altKey;
}
