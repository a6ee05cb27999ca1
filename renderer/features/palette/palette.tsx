import { useState } from 'react';
import type { Command } from '../../commands/command.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useLanguage } from '../../ui/language.tsx';
import './palette.css';

interface PaletteProps {
  readonly commands: readonly Command[];
  readonly onClose: () => void;
}

/** Every command that can be given now, found by its name. */
export function Palette({ commands, onClose }: PaletteProps) {
  const { t } = useLanguage();
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState(0);
  const wanted = filter.trim().toLocaleLowerCase();
  const found = commands.filter(
    ({ id, isEnabled, label }) =>
      isEnabled && id !== 'palette.open' && t(label).toLocaleLowerCase().includes(wanted),
  );
  const run = (index: number) => {
    onClose();
    // The dialog gives the focus back first; the command may then move it.
    setTimeout(() => found[index]?.run(), 0);
  };
  const press = (key: string): boolean => {
    if (key === 'ArrowDown') setChosen(Math.min(chosen + 1, found.length - 1));
    else if (key === 'ArrowUp') setChosen(Math.max(chosen - 1, 0));
    else if (key === 'Enter') run(chosen);
    else return false;
    return true;
  };
  return (
    <Dialog label={t('palette.label')} testId="palette" className="palette" onClose={onClose}>
      <input
        className="palette-input"
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `palette-${chosen}` : undefined}
        aria-label={t('palette.label')}
        placeholder={t('palette.placeholder')}
        value={filter}
        onChange={(event) => {
          setFilter(event.target.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          if (press(event.key)) event.preventDefault();
        }}
      />
      {found.length > 0 && (
        <div id="palette-list" role="listbox" aria-label={t('palette.label')} className="palette-list">
          {found.map((command, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and handles the keys
            <div
              key={command.id}
              id={`palette-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className="palette-item"
              onClick={() => run(index)}
            >
              <span>{t(command.label)}</span>
              {command.shortcutText !== '' && <kbd>{command.shortcutText}</kbd>}
            </div>
          ))}
        </div>
      )}
    </Dialog>
  );
}
