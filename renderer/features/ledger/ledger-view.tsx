import { Check, Clock, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { LedgerEntry, LedgerOutcome, OutageSummary } from '../../../shared/model/ledger.ts';
import { useLedgerEntries, useOutages } from '../../bridge/queries.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { type Language, useLanguage } from '../../ui/language.tsx';
import './ledger-view.css';

/** The proof: for each outage, what became of each message. */
export function LedgerView({ accountId }: { readonly accountId: AccountId }) {
  const { t } = useLanguage();
  const outages = useOutages(accountId);
  return (
    <main className="page" aria-label={t('view.ledger')} data-testid="ledger">
      <h2>{t('view.ledger')}</h2>
      <p className="soft">{t(outages.data?.length === 0 ? 'ledger.empty' : 'ledger.explained')}</p>
      {outages.isError && <ErrorNote error={outages.error} />}
      <ul className="cards">
        {outages.data?.map((outage, index) => (
          <Outage key={outage.id} outage={outage} isFirst={index === 0} />
        ))}
      </ul>
    </main>
  );
}

function Outage({ outage, isFirst }: { readonly outage: OutageSummary; readonly isFirst: boolean }) {
  const { t, dateTime } = useLanguage();
  const [isOpen, setOpen] = useState(isFirst);
  const isProven = outage.endedAt !== null && outage.verified === outage.total;
  return (
    <li className="card" data-testid="ledger-outage">
      <button type="button" className="outage-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span>
          <strong>{t('ledger.from', { start: dateTime(outage.startedAt) })}</strong>{' '}
          <span className="soft">
            {outage.endedAt === null
              ? t('ledger.goesOn')
              : t('ledger.lasted', { end: dateTime(outage.endedAt) })}
          </span>
        </span>
        <span className="chip" data-tone={isProven ? 'green' : 'amber'}>
          {t('ledger.backInExchange', { verified: outage.verified, total: outage.total })}
        </span>
      </button>
      <p className="soft">{t(`banner.cause.${outage.cause}`)}</p>
      {isOpen && <Entries outage={outage} />}
    </li>
  );
}

const icons: Readonly<Record<LedgerOutcome, typeof Check>> = {
  handedOver: Check,
  appended: Check,
  pending: Clock,
  failed: TriangleAlert,
};

function Entries({ outage }: { readonly outage: OutageSummary }) {
  const language = useLanguage();
  const { t, dateTime, time } = language;
  const entries = useLedgerEntries(outage.id);
  const [isCopied, setCopied] = useState(false);
  if (entries.data === undefined || entries.data.length === 0) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(asText(entries.data, language));
    setCopied(true);
  };
  return (
    <>
      <ul className="ledger-entries">
        {entries.data.map((entry) => {
          const Icon = icons[entry.outcome];
          return (
            <li key={entry.internetMessageId} data-testid="ledger-entry" data-outcome={entry.outcome}>
              <Icon size={15} aria-hidden />
              <div>
                <p>{entry.subject === '' ? t('list.noSubject') : entry.subject}</p>
                <p className="soft">
                  {[t(`ledger.${entry.direction}`, { name: entry.counterpart }), dateTime(entry.at)].join(
                    ' · ',
                  )}
                </p>
              </div>
              <div className="ledger-outcome">
                <p>{t(`ledger.${entry.outcome}`)}</p>
                {entry.folder !== null && entry.verifiedAt !== null && (
                  <p className="soft">
                    {t('ledger.verifiedAt', { folder: entry.folder, time: time(entry.verifiedAt) })}
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
      <div className="card-actions">
        <button type="button" className="button" onClick={() => void copy()}>
          {t('ledger.copy')}
        </button>
        {isCopied && <span role="status">{t('ledger.copied')}</span>}
      </div>
    </>
  );
}

/** One line for each message, separated by tabs, as a spreadsheet takes it. */
function asText(entries: readonly LedgerEntry[], { t }: Language): string {
  return entries
    .map((entry) =>
      [
        new Date(entry.at).toISOString(),
        entry.internetMessageId,
        entry.direction,
        entry.counterpart,
        entry.subject,
        t(`ledger.${entry.outcome}`),
        entry.folder ?? '',
        entry.uid ?? '',
        entry.verifiedAt === null ? '' : new Date(entry.verifiedAt).toISOString(),
      ]
        .map((cell) => String(cell).replace(/[\t\r\n]+/g, ' '))
        .join('\t'),
    )
    .join('\n');
}
