import { Search, X } from 'lucide-react';
import type { RefObject } from 'react';
import { useLanguage } from '../../ui/language.tsx';

interface SearchBoxProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

export function SearchBox({ text, onChange, inputRef }: SearchBoxProps) {
  const { t } = useLanguage();
  return (
    <search className="search-box">
      <Search size={15} aria-hidden />
      <input
        ref={inputRef}
        data-testid="search-input"
        type="text"
        aria-label={t('search.label')}
        placeholder={t('search.placeholder')}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onChange('');
        }}
      />
      {text !== '' && (
        <button
          type="button"
          className="button quiet"
          aria-label={t('search.clear')}
          onClick={() => onChange('')}
        >
          <X size={14} aria-hidden />
        </button>
      )}
    </search>
  );
}
