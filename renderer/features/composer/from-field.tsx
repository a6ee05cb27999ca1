import { useId } from 'react';
import { type Identity, isSameAddress } from '../../../shared/model/identity.ts';
import { useLanguage } from '../../ui/language.tsx';

interface FromFieldProps {
  /** An address. */
  readonly value: string;
  readonly identities: readonly Identity[];
  readonly onChange: (address: string) => void;
}

/** As whom it is written. Not shown while there is no choice: one identity, which is also the draft's. */
export function FromField({ value, identities, onChange }: FromFieldProps) {
  const { t } = useLanguage();
  const id = useId();
  const chosen = identities.find(({ address }) => isSameAddress(address, value));
  const isUnavailable = chosen !== undefined && chosen.unavailable !== null;
  if (identities.length === 0 || (identities.length === 1 && chosen !== undefined)) return null;
  return (
    <div className="composer-field">
      <label htmlFor={id}>{t('composer.from')}</label>
      <select
        id={id}
        data-testid="composer-from"
        aria-describedby={isUnavailable ? `${id}-unavailable` : undefined}
        value={chosen?.address ?? value}
        onChange={(event) => onChange(event.target.value)}
      >
        {/* Somebody who may not be written as any more: named until another is chosen. */}
        {chosen === undefined && (
          <option value={value} disabled>
            {value}
          </option>
        )}
        {identities.map((identity) => (
          <option key={identity.address} value={identity.address} disabled={identity.unavailable !== null}>
            {identity.unavailable === null
              ? senderOf(identity)
              : t('composer.notInOutage', { sender: senderOf(identity) })}
          </option>
        ))}
      </select>
      {isUnavailable && (
        <span className="composer-unavailable" id={`${id}-unavailable`} data-testid="from-unavailable">
          {t('composer.notByContinuity', { sender: value })}
        </span>
      )}
    </div>
  );
}

function senderOf({ address, displayName }: Identity): string {
  return displayName === '' ? address : `${displayName} <${address}>`;
}
