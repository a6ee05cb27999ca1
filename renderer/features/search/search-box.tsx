import { Search, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useId, useState } from 'react';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { SearchLanguage } from '../../../shared/search/query.ts';
import { relevo } from '../../bridge/relevo.ts';
import { useLanguage } from '../../ui/language.tsx';
import { joinParts, partsOf } from './chips.ts';
import { type Suggestion, useSuggestions } from './use-suggestions.ts';
import './search.css';

interface SearchBoxProps {
  readonly accountId: AccountId;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

/** One field: finished operators stand as chips before what is being typed, and what may follow is offered under it. */
export function SearchBox({ accountId, text, onChange, inputRef }: SearchBoxProps) {
  const { t, language } = useLanguage();
  const { chips, rest } = partsOf(text, language as SearchLanguage);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [remembered, setRemembered] = useState(0);
  const listId = useId();
  const offered = useSuggestions({
    accountId,
    rest,
    isEmpty: text.trim() === '',
    language: language as SearchLanguage,
    remembered,
  });
  const isListed = isOpen && offered.length > 0;
  const change = (next: string) => {
    setChosen(-1);
    setOpen(true);
    onChange(next);
  };
  const take = (suggestion: Suggestion) => {
    change(suggestion.isWhole ? suggestion.rest : joinParts(chips, suggestion.rest));
    inputRef.current?.focus();
  };
  const remember = async () => {
    setOpen(false);
    if (text.trim() === '') return;
    await relevo.search.remember({ accountId, text: text.trim() });
    setRemembered((count) => count + 1);
  };
  const without = (index: number) => joinParts(chips.toSpliced(index, 1), rest);

  const press = (event: KeyboardEvent): boolean => {
    const last = chips.at(-1);
    const suggestion = isListed ? offered[chosen] : undefined;
    if (event.key === 'Escape') {
      if (isListed) setOpen(false);
      else change('');
    } else if (event.key === 'ArrowDown' && isListed) setChosen(Math.min(chosen + 1, offered.length - 1));
    else if (event.key === 'ArrowUp' && isListed) setChosen(Math.max(chosen - 1, -1));
    else if (event.key === 'Enter' && suggestion !== undefined) take(suggestion);
    else if (event.key === 'Enter') void remember();
    else if (event.key === 'Backspace' && rest === '' && last !== undefined)
      // As text again, to be changed.
      change(joinParts(chips.slice(0, -1), last.text));
    else return false;
    return true;
  };

  return (
    <search className="search-box">
      <Search size={15} aria-hidden />
      {chips.map((chip, index) => (
        <span key={chip.text} className="search-chip" data-testid="search-chip">
          {chip.label}
          <button
            type="button"
            aria-label={t('search.removeFilter', { filter: chip.label })}
            onClick={() => {
              change(without(index));
              inputRef.current?.focus();
            }}
          >
            <X size={12} aria-hidden />
          </button>
        </span>
      ))}
      <input
        ref={inputRef}
        data-testid="search-input"
        type="text"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isListed}
        aria-controls={isListed ? listId : undefined}
        aria-activedescendant={isListed && chosen >= 0 ? `${listId}-${chosen}` : undefined}
        aria-label={t('search.label')}
        placeholder={chips.length === 0 ? t('search.placeholder') : ''}
        value={rest}
        onChange={(event) => change(joinParts(chips, event.target.value))}
        onFocus={() => setOpen(true)}
        onBlur={() => void remember()}
        onKeyDown={(event) => {
          if (press(event)) event.preventDefault();
        }}
      />
      {text !== '' && (
        <button
          type="button"
          className="button quiet"
          aria-label={t('search.clear')}
          onClick={() => change('')}
        >
          <X size={14} aria-hidden />
        </button>
      )}
      {isListed && (
        <div id={listId} role="listbox" aria-label={t('search.suggestions')} className="search-suggestions">
          {offered.map((suggestion, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
            <div
              key={`${suggestion.text} ${suggestion.hint}`}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              data-testid="search-suggestion"
              // Before the field loses the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(suggestion)}
            >
              {suggestion.text}
              {suggestion.hint !== '' && <span>{suggestion.hint}</span>}
            </div>
          ))}
        </div>
      )}
    </search>
  );
}
