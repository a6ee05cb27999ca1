import { type ReactNode, type RefObject, useId } from 'react';
import { useLanguage } from '../../ui/language.tsx';
import { isComplete, readRecipients, writeRecipients } from './recipients.ts';

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
  readonly inputRef?: RefObject<HTMLInputElement | null>;
  /** Sending was tried: from then on what is no address is pointed out. */
  readonly hasProblem: boolean;
  /** Stands at the end of the line. */
  readonly children?: ReactNode;
}

/** Several people in one line, as they are pasted and typed: separated by commas, semicolons or Enter. */
export function RecipientsField(props: RecipientsFieldProps) {
  const { label, value, testId, inputRef, hasProblem, onChange } = props;
  const { t } = useLanguage();
  const id = useId();
  const wrong = readRecipients(value).filter((one) => !isComplete(one));
  const isWrong = hasProblem && wrong.length > 0;
  return (
    <div className="composer-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={inputRef}
        data-testid={testId}
        autoComplete="off"
        spellCheck={false}
        title={t('composer.addressesHint')}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-wrong` : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          if (value.trim() !== '') onChange(`${writeRecipients(readRecipients(value))}, `);
        }}
      />
      {props.children}
      {isWrong && (
        <span className="composer-wrong" id={`${id}-wrong`}>
          {t('composer.notAnAddress', { address: wrong.map(({ address }) => address).join(', ') })}
        </span>
      )}
    </div>
  );
}
