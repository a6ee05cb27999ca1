import {
  CalendarClock,
  ChevronDown,
  LifeBuoy,
  Minimize2,
  RefreshCw,
  Siren,
  WifiOff,
  Wrench,
} from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { BulletinNotice } from '../../../shared/model/bulletin.ts';
import type { FailoverStatus } from '../../../shared/model/failover.ts';
import { useLanguage } from '../../ui/language.tsx';
import { bannerText, countdown, wordsOf } from './banner-text.ts';
import { CarryingOver } from './carrying-over.tsx';
import { ChoiceButtons, ChoiceNote } from './choice.tsx';
import { EvidenceList } from './evidence-list.tsx';
import { useWindowTimes } from './window-times.ts';
import './banner.css';

const icons = {
  primary: CalendarClock,
  suspect: CalendarClock,
  continuity: LifeBuoy,
  incident: Siren,
  offline: WifiOff,
  returning: RefreshCw,
  quiet: Wrench,
} as const;

/** What is going on, since when, what works, what happens next. */
export function Banner({ status }: { readonly status: FailoverStatus }) {
  const { t, since, dateTime } = useLanguage();
  const times = useWindowTimes();
  const [isOpen, setOpen] = useState(false);
  // What the person has read and made small; whatever is new stands there whole again.
  const [folded, setFolded] = useState<string | null>(null);
  const detailsId = useId();
  const text = bannerText(status);
  if (text === null) return null;
  const { notice } = text;
  const situation = [status.accountId, status.kind, text.title, notice?.matter, notice?.phase].join(' ');
  const isFolded = folded === situation;
  const Icon = icons[status.kind];
  return (
    <section
      className="banner"
      aria-label={t('banner.label')}
      data-testid="banner"
      data-kind={status.kind}
      data-phase={notice?.phase}
      data-tone={text.tone}
      data-folded={isFolded}
    >
      <Icon className="banner-icon" size={20} aria-hidden="true" />
      <div className="banner-text">
        <div role={text.role}>
          <p>
            <strong>
              {t(text.title, {
                since: since(text.since),
                host: status.exchangeHost,
                ...times(notice?.window),
              })}
            </strong>{' '}
            {!isFolded && <span>{t(text.body, times(notice?.window))}</span>}
          </p>
          {notice !== null && !isFolded && <Notice notice={notice} />}
        </div>
        {notice !== null && <Countdown notice={notice} />}
        {!isFolded && (
          <>
            <CarryingOver status={status} />
            <ChoiceNote status={status} />
          </>
        )}
        {isOpen && !isFolded && (
          <dl className="banner-details" id={detailsId}>
            {notice !== null && (
              <>
                <dt>{t('banner.noticeLabel')}</dt>
                <dd>{t('banner.verified', { issuer: notice.issuer, time: dateTime(notice.issuedAt) })}</dd>
              </>
            )}
            {status.outageSince !== null && status.cause !== null && (
              <>
                <dt>{t('banner.cause')}</dt>
                <dd>{t(`banner.cause.${status.cause}`)}</dd>
                <dt>{t('banner.began')}</dt>
                <dd>{dateTime(status.outageSince)}</dd>
              </>
            )}
            <EvidenceList evidence={status.evidence} />
            <dt>{t('banner.reading')}</dt>
            <dd>{t(`banner.reading.${status.reading ?? 'none'}`)}</dd>
            <dt>{t('banner.sending')}</dt>
            <dd>{t(`banner.sending.${status.sending ?? 'none'}`)}</dd>
            <dt>{t('failover.way')}</dt>
            <dd className="banner-ways">
              <ChoiceButtons status={status} />
            </dd>
          </dl>
        )}
      </div>
      <div className="banner-buttons">
        {!isFolded && (
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
        )}
        <button
          type="button"
          className="banner-toggle"
          data-testid="banner-fold"
          aria-expanded={!isFolded}
          onClick={() => setFolded(isFolded ? null : situation)}
        >
          {t(isFolded ? 'banner.unfold' : 'banner.fold')}
          {isFolded ? (
            <ChevronDown size={14} aria-hidden="true" />
          ) : (
            <Minimize2 size={13} aria-hidden="true" />
          )}
        </button>
      </div>
    </section>
  );
}

/** The company's own words, as text and nothing else, and by whom they are signed. */
function Notice({ notice }: { readonly notice: BulletinNotice }) {
  const { t, language } = useLanguage();
  const times = useWindowTimes();
  const words = wordsOf(notice, language);
  return (
    <>
      {notice.formerWindow !== null && <p>{t('banner.moved', times(notice.formerWindow))}</p>}
      {words !== null && (
        <p className="banner-notice" data-testid="banner-notice">
          <span className="banner-issuer">{t('banner.notice', { issuer: notice.issuer })}</span>{' '}
          <bdi>{words}</bdi>
        </p>
      )}
    </>
  );
}

/** Counts for the eye: what is read out names the time, and is read out when that changes. */
function Countdown({ notice }: { readonly notice: BulletinNotice }) {
  const { t } = useLanguage();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  const left = countdown(notice, now);
  if (left === null) return null;
  return (
    <p className="banner-countdown" aria-hidden="true" data-testid="banner-countdown">
      {t(left.key, { minutes: left.minutes })}
    </p>
  );
}
