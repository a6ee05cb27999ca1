import { type ReactNode, type RefObject, useId } from 'react';
import type { AccountId } from '../../../shared/model/ids.ts';
import { useLanguage } from '../../ui/language.tsx';
import { isComplete, readRecipients, writeRecipients } from './recipients.ts';
import { useAddressSuggestions } from './use-address-suggestions.ts';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly testId: string;
  readonly onChange: (value: string) => void;
}

export function Field({ label, value, testId, onChange }: FieldProps) {
  const id = useId();
  return (
    <div className="composer-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        data-testid={testId}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

interface RecipientsFieldProps extends FieldProps {
  readonly accountId: AccountId;
  readonly inputRef?: RefObject<HTMLInputElement | null>;
  /** Sending was tried: from then on what is no address is pointed out. */
  readonly hasProblem: boolean;
  /** Stands at the end of the line. */
  readonly children?: ReactNode;
}

/** Several people in one line, as they are pasted and typed: separated by commas, semicolons or Enter. */
export function RecipientsField(props: RecipientsFieldProps) {
  const { accountId, label, value, testId, inputRef, hasProblem, onChange } = props;
  const { t } = useLanguage();
  const id = useId();
  const wrong = readRecipients(value).filter((one) => !isComplete(one));
  const isWrong = hasProblem && wrong.length > 0;
  const suggestions = useAddressSuggestions(accountId, value, onChange);
  const isOpen = suggestions.found.length > 0;
  return (
    <div className="composer-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={inputRef}
        data-testid={testId}
        autoComplete="off"
        spellCheck={false}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-activedescendant={isOpen ? `${id}-${suggestions.chosen}` : undefined}
        title={t('composer.addressesHint')}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-wrong` : undefined}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          suggestions.look(event.target.value);
        }}
        onBlur={suggestions.close}
        onKeyDown={(event) => {
          if (suggestions.press(event)) return;
          if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          if (value.trim() !== '') onChange(`${writeRecipients(readRecipients(value))}, `);
        }}
      />
      {props.children}
      <div
        role="listbox"
        id={`${id}-list`}
        className="composer-suggestions"
        aria-label={t('composer.suggestions')}
        hidden={!isOpen}
        data-testid={`${testId}-suggestions`}
      >
        {suggestions.found.map((address, index) => (
          <button
            key={address.address}
            type="button"
            role="option"
            id={`${id}-${index}`}
            aria-selected={index === suggestions.chosen}
            tabIndex={-1}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => suggestions.choose(address)}
          >
            <span>{address.name === '' ? address.address : address.name}</span>
            {address.name !== '' && <span className="soft">{address.address}</span>}
          </button>
        ))}
      </div>
      {isWrong && (
        <span className="composer-wrong" id={`${id}-wrong`}>
          {t('composer.notAnAddress', { address: wrong.map(({ address }) => address).join(', ') })}
        </span>
      )}
    </div>
  );
}
