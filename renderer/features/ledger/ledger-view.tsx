import { Check, Clock, ShieldCheck, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { AccountId, OutageId } from '../../../shared/model/ids.ts';
import type { LedgerEntry, LedgerOutcome, OutageSummary } from '../../../shared/model/ledger.ts';
import { useLedgerEntries, useOutages } from '../../bridge/queries.ts';
import { copyText } from '../../ui/clipboard.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { type Language, useLanguage } from '../../ui/language.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useToast } from '../../ui/toast.tsx';
import './ledger-view.css';

/** The proof: for each outage, what became of each message. */
export function LedgerView({ accountId }: { readonly accountId: AccountId }) {
  const { t } = useLanguage();
  const outages = useOutages(accountId);
  const [chosen, setChosen] = useState<OutageId | null>(null);
  const open = chosen ?? outages.data?.[0]?.id ?? null;
  return (
    <main className="page" aria-label={t('view.ledger')} data-testid="ledger">
      <h2>{t('view.ledger')}</h2>
      {outages.isError && outages.data === undefined && <ErrorNote error={outages.error} />}
      {outages.isPending && <Skeleton label={t('list.loading')} rows={2} />}
      {outages.data?.length === 0 && <EmptyState Icon={ShieldCheck} text={t('ledger.empty')} />}
      {outages.data !== undefined && outages.data.length > 0 && (
        <>
          <p className="soft">{t('ledger.explained')}</p>
          <ul className="cards">
            {outages.data.map((outage) => (
              <Outage
                key={outage.id}
                outage={outage}
                isOpen={outage.id === open}
                onOpen={() => setChosen(outage.id)}
              />
            ))}
          </ul>
        </>
      )}
    </main>
  );
}

interface OutageProps {
  readonly outage: OutageSummary;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

/** One is always open: opening another closes it. */
function Outage({ outage, isOpen, onOpen }: OutageProps) {
  const { t, dateTime } = useLanguage();
  const isProven = outage.endedAt !== null && outage.verified === outage.total;
  const Icon = isProven ? ShieldCheck : Clock;
  return (
    <li className="card" data-testid="ledger-outage" data-proven={isProven}>
      <button type="button" className="outage-head" aria-expanded={isOpen} onClick={onOpen}>
        <span>
          <strong>{t('ledger.from', { start: dateTime(outage.startedAt) })}</strong>
          <span className="soft">
            {[
              outage.endedAt === null
                ? t('ledger.goesOn')
                : t('ledger.lasted', { end: dateTime(outage.endedAt) }),
              t(`banner.cause.${outage.cause}`),
            ].join(' · ')}
          </span>
        </span>
        <span className="proof" data-tone={isProven ? 'green' : 'amber'}>
          <Icon size={17} aria-hidden="true" />
          {outage.total === 0
            ? t('ledger.nothing')
            : t('ledger.backInExchange', { verified: outage.verified, total: outage.total })}
        </span>
      </button>
      {outage.total > 0 && (
        <progress
          className="proof-bar"
          aria-hidden="true"
          value={outage.verified}
          max={outage.total}
          data-tone={isProven ? 'green' : 'amber'}
        />
      )}
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
  const { t, dateTime } = language;
  const tell = useToast();
  const entries = useLedgerEntries(outage.id);
  if (entries.data === undefined || entries.data.length === 0) return null;
  const copy = () => {
    if (copyText(asText(entries.data, language))) tell(t('ledger.copied'));
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
                    {t('ledger.verifiedAt', { folder: entry.folder, time: dateTime(entry.verifiedAt) })}
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
      <div className="card-actions">
        <button type="button" className="button" onClick={copy}>
          {t('ledger.copy')}
        </button>
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
