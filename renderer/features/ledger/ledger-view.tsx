import { Clock, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { AccountId, ConversationId, OutageId } from '../../../shared/model/ids.ts';
import type { OutageSummary } from '../../../shared/model/ledger.ts';
import { useOutages } from '../../bridge/queries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { LedgerEntries } from './ledger-entries.tsx';
import { LedgerExports, LedgerSignatures } from './ledger-proof.tsx';
import './ledger-view.css';

interface LedgerViewProps {
  readonly accountId: AccountId;
  readonly onOpen: (id: ConversationId) => void;
}

/** The proof: for each outage, what became of each message. */
export function LedgerView({ accountId, onOpen }: LedgerViewProps) {
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
          <LedgerSignatures accountId={accountId} />
          <ul className="cards">
            {outages.data.map((outage) => (
              <Outage
                key={outage.id}
                outage={outage}
                isOpen={outage.id === open}
                onOpen={() => setChosen(outage.id)}
                onConversation={onOpen}
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
  readonly onConversation: (id: ConversationId) => void;
}

/** One is always open: opening another closes it. */
function Outage({ outage, isOpen, onOpen, onConversation }: OutageProps) {
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
      {isOpen && (
        <>
          <LedgerEntries outageId={outage.id} onOpen={onConversation} />
          <LedgerExports accountId={outage.accountId} outageId={outage.id} />
        </>
      )}
    </li>
  );
}
