import { useState } from 'react';
import { Dialog } from './dialog.tsx';
import { findFuzzily } from './find-fuzzily.ts';
import './picker.css';

interface Option<T> {
  readonly key: string;
  readonly text: string;
  /** Beside the text, e.g. its keys; empty: nothing. */
  readonly hint: string;
  readonly value: T;
}

interface PickerProps<T> {
  readonly label: string;
  readonly placeholder: string;
  readonly testId: string;
  readonly options: readonly Option<T>[];
  readonly onChosen: (value: T) => void;
  readonly onClose: () => void;
}

/** One of many, found by its name. The field keeps the focus; arrows choose, Enter takes. */
export function Picker<T>({ label, placeholder, testId, options, onChosen, onClose }: PickerProps<T>) {
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = findFuzzily(options, filter, ({ text }) => text);
  const take = (index: number) => {
    const option = found[index];
    if (option !== undefined) onChosen(option.value);
  };
  const press = (key: string): boolean => {
    if (key === 'ArrowDown') setChosen(Math.min(chosen + 1, found.length - 1));
    else if (key === 'ArrowUp') setChosen(Math.max(chosen - 1, 0));
    else if (key === 'Enter') take(chosen);
    else return false;
    return true;
  };
  const idOf = (index: number): string => `${testId}-${index}`;
  return (
    <Dialog label={label} testId={testId} className="picker" onClose={onClose}>
      <input
        className="picker-input"
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={`${testId}-list`}
        aria-activedescendant={found.length > 0 ? idOf(chosen) : undefined}
        aria-label={label}
        placeholder={placeholder}
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
        <div id={`${testId}-list`} role="listbox" aria-label={label} className="picker-list">
          {found.map(({ key, text, hint }, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and handles the keys
            <div
              key={key}
              id={idOf(index)}
              ref={(row) => {
                if (index === chosen) row?.scrollIntoView({ block: 'nearest' });
              }}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className="picker-item"
              onClick={() => take(index)}
            >
              <span>{text}</span>
              {hint !== '' && <kbd>{hint}</kbd>}
            </div>
          ))}
        </div>
      )}
    </Dialog>
  );
}
