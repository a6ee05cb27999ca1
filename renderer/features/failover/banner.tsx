import { LifeBuoy, RefreshCw, WifiOff, Wrench } from 'lucide-react';
import type { FailoverStatus } from '../../../shared/model/failover.ts';
import { useLanguage } from '../../ui/language.tsx';
import { bannerText } from './banner-text.ts';
import './banner.css';

const icons = {
  continuity: LifeBuoy,
  incident: LifeBuoy,
  offline: WifiOff,
  returning: RefreshCw,
  quiet: Wrench,
} as const;

/** What is going on, since when, what works, what happens next. */
export function Banner({ status }: { readonly status: FailoverStatus }) {
  const { t, time } = useLanguage();
  const text = bannerText(status);
  if (text === null || status.kind === 'primary' || status.kind === 'suspect') return null;
  const Icon = icons[status.kind];
  return (
    <div className="banner" data-testid="banner" data-kind={status.kind} data-tone={text.tone}>
      <Icon size={20} aria-hidden />
      <div role={text.role} className="banner-text">
        <strong>{t(text.title, { time: time(text.time) })}</strong> <span>{t(text.body)}</span>
      </div>
      <details className="banner-details">
        <summary>{t('banner.details')}</summary>
        <ul>
          {status.cause !== null && <li>{t(`banner.cause.${status.cause}`)}</li>}
          <li>{t(`banner.reading.${status.reading ?? 'none'}`)}</li>
          <li>{t(`banner.sending.${status.sending ?? 'none'}`)}</li>
        </ul>
      </details>
    </div>
  );
}
