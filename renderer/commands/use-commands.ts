import { useEffect, useEffectEvent } from 'react';
import { useBridgeEvents } from '../bridge/events.ts';
import { type Command, isPressed } from './command.ts';

/** Runs commands by their shortcuts and by the application menu, while the calling component is shown. */
export function useCommands(commands: readonly Command[]): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    // A question stands over the window: it is answered first.
    if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
    const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
    const pressed = commands.find(
      ({ shortcuts, isEnabled }) =>
        isEnabled &&
        shortcuts.some((shortcut) => (shortcut.mod === true || !isTyping) && isPressed(shortcut, event)),
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
