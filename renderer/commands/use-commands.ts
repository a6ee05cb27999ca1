import { useEffect } from 'react';
import { relevo } from '../bridge/relevo.ts';
import { type Command, isPressed } from './command.ts';

/** Runs commands by their shortcuts and by the application menu, while the calling component is shown. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea');
      const pressed = commands.find(({ shortcut, isEnabled }) => isEnabled && isPressed(shortcut, event));
      if (pressed === undefined || (isTyping && pressed.shortcut.mod !== true)) return;
      event.preventDefault();
      pressed.run();
    };
    window.addEventListener('keydown', press);
    const stop = relevo.subscribe((event) => {
      if (event.kind !== 'command') return;
      const named = commands.find(({ id, isEnabled }) => isEnabled && id === event.id);
      named?.run();
    });
    return () => {
      window.removeEventListener('keydown', press);
      stop();
    };
  }, [commands]);
}
