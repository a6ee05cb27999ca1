import { useEffect, useEffectEvent } from 'react';
import { useBridgeEvents } from '../bridge/events.ts';
import { type Command, isPressed, type Shortcut } from './command.ts';

/** With Ctrl or Cmd these belong to the text that is being written. */
const ofText: ReadonlySet<string> = new Set(['z', 'd', 'l', 'u', 'i', 'b', 'e', 'backspace', 'delete']);

/** Runs commands by their shortcuts and by the application menu, while the calling component is shown. */
export function useCommands(commands: readonly Command[]): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    // A question stands over the window: it is answered first.
    if (event.defaultPrevented || document.querySelector('dialog[open], [role=menu]') !== null) return;
    const isTyping =
      event.target instanceof HTMLElement &&
      (event.target.isContentEditable || event.target.matches('input, textarea, select'));
    const isFree = ({ key, mod = false }: Shortcut) =>
      !isTyping || (mod && !ofText.has(key)) || /^f\d/.test(key);
    const pressed = commands.find(
      ({ shortcuts, isEnabled }) =>
        isEnabled && shortcuts.some((shortcut) => isFree(shortcut) && isPressed(shortcut, event)),
    );
    if (pressed === undefined) return;
    event.preventDefault();
    pressed.run();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
  useBridgeEvents((event) => {
    if (event.kind === 'command') commands.find(({ id, isEnabled }) => isEnabled && id === event.id)?.run();
  });
}
