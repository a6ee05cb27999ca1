import { Clock } from 'lucide-react';
import { useId, useState } from 'react';
import type { EpochMs } from '../../../shared/model/ids.ts';
import { useLanguage } from '../../ui/language.tsx';

interface SendLaterProps {
  readonly isDisabled: boolean;
  readonly onChosen: (at: EpochMs) => void;
}

/** The hour at which a message is to leave. */
export function SendLater({ isDisabled, onChosen }: SendLaterProps) {
  const { t } = useLanguage();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [value, setValue] = useState('');
  const at = new Date(value).getTime();
  const isFuture = at > Date.now();
  if (!isOpen)
    return (
      <button
        type="button"
        className="button quiet"
        data-testid="send-later"
        aria-label={t('composer.sendLater')}
        title={t('composer.sendLater')}
        disabled={isDisabled}
        onClick={() => {
          setValue(localValue(tomorrowMorning(new Date())));
          setOpen(true);
        }}
      >
        <Clock size={15} aria-hidden="true" />
      </button>
    );
  return (
    <span className="composer-later">
      <label htmlFor={id}>{t('composer.sendAt')}</label>
      <input
        id={id}
        type="datetime-local"
        data-testid="send-at"
        value={value}
        aria-invalid={!isFuture}
        onChange={(event) => setValue(event.target.value)}
      />
      <button
        type="button"
        className="button"
        data-testid="send-later-confirm"
        disabled={isDisabled || !isFuture}
        onClick={() => onChosen(at)}
      >
        {t('composer.sendLater')}
      </button>
      <button type="button" className="button quiet" onClick={() => setOpen(false)}>
        {t('composer.notLater')}
      </button>
    </span>
  );
}

function tomorrowMorning(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 8);
}

/** As the field takes it: local time, to the minute. */
function localValue(date: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
