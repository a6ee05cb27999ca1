import { ChevronDown, LifeBuoy, RefreshCw, Siren, WifiOff, Wrench } from 'lucide-react';
import { useId, useState } from 'react';
import type { FailoverStatus } from '../../../shared/model/failover.ts';
import { useLanguage } from '../../ui/language.tsx';
import { bannerText } from './banner-text.ts';
import './banner.css';

const icons = {
  continuity: LifeBuoy,
  incident: Siren,
  offline: WifiOff,
  returning: RefreshCw,
  quiet: Wrench,
} as const;

/** What is going on, since when, what works, what happens next. */
export function Banner({ status }: { readonly status: FailoverStatus }) {
  const { t, since, dateTime } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const detailsId = useId();
  const text = bannerText(status);
  if (text === null || status.kind === 'primary' || status.kind === 'suspect') return null;
  const Icon = icons[status.kind];
  return (
    <section
      className="banner"
      aria-label={t('banner.label')}
      data-testid="banner"
      data-kind={status.kind}
      data-tone={text.tone}
    >
      <Icon className="banner-icon" size={20} aria-hidden="true" />
      <div className="banner-text">
        <p role={text.role}>
          <strong>{t(text.title, { since: since(text.since) })}</strong> <span>{t(text.body)}</span>
        </p>
        {isOpen && (
          <dl className="banner-details" id={detailsId}>
            {status.outageSince !== null && status.cause !== null && (
              <>
                <dt>{t('banner.cause')}</dt>
                <dd>{t(`banner.cause.${status.cause}`)}</dd>
                <dt>{t('banner.began')}</dt>
                <dd>{dateTime(status.outageSince)}</dd>
              </>
            )}
            <dt>{t('banner.reading')}</dt>
            <dd>{t(`banner.reading.${status.reading ?? 'none'}`)}</dd>
            <dt>{t('banner.sending')}</dt>
            <dd>{t(`banner.sending.${status.sending ?? 'none'}`)}</dd>
          </dl>
        )}
      </div>
      <button
        type="button"
        className="banner-toggle"
        aria-expanded={isOpen}
        aria-controls={isOpen ? detailsId : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {t('banner.details')}
        <ChevronDown size={14} aria-hidden="true" />
      </button>
    </section>
  );
}
