import { useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { OutgoingDecision, OutgoingSummary } from '../../../shared/model/outgoing.ts';
import { useOutbox } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { OutgoingChip } from '../../ui/outgoing-chip.tsx';
import './outbox-view.css';

/** What has not left yet, and what the person has to decide about. */
export function OutboxView({ accountId }: { readonly accountId: AccountId }) {
  const { t } = useLanguage();
  const outbox = useOutbox(accountId);
  return (
    <main className="page" aria-label={t('view.outbox')} data-testid="outbox">
      <h2>{t('view.outbox')}</h2>
      {outbox.isError && <ErrorNote error={outbox.error} />}
      {outbox.data?.length === 0 && <p className="soft">{t('outbox.empty')}</p>}
      <ul className="cards">
        {outbox.data?.map((item) => (
          <OutboxItem key={item.id} item={item} />
        ))}
      </ul>
    </main>
  );
}

function OutboxItem({ item }: { readonly item: OutgoingSummary }) {
  const { t, names, dateTime } = useLanguage();
  const [error, setError] = useState<AppError | null>(null);
  const decide = async (decision: OutgoingDecision) => {
    const answer = await relevo.outbox.decide({ outgoingId: item.id, decision });
    setError(answer.ok ? null : answer.error);
  };
  const isUndecided = item.state === 'uncertain' || item.state === 'rejected';
  return (
    <li className="card" data-testid="outbox-item" data-state={item.state}>
      <header>
        <strong>{item.subject === '' ? t('list.noSubject') : item.subject}</strong>
        <OutgoingChip state={item.state} />
      </header>
      <p className="soft">
        {[
          t('outbox.to', { names: names(item.to) }),
          dateTime(item.createdAt),
          t('outbox.attempts', { count: item.attempts }),
        ].join(' · ')}
      </p>
      {item.lastResponse !== null && (
        <p className="soft">{t('outbox.lastResponse', { response: item.lastResponse })}</p>
      )}
      {isUndecided && (
        <>
          <p>{t(item.state === 'uncertain' ? 'outbox.uncertainExplained' : 'outbox.rejectedExplained')}</p>
          <div className="card-actions">
            {item.state === 'uncertain' && (
              <button
                type="button"
                className="button"
                data-testid="decide-sent"
                onClick={() => void decide('treatAsSent')}
              >
                {t('outbox.treatAsSent')}
              </button>
            )}
            <button
              type="button"
              className="button"
              data-testid="decide-again"
              onClick={() => void decide('sendAgain')}
            >
              {t('outbox.sendAgain')}
            </button>
            <button
              type="button"
              className="button"
              data-testid="decide-discard"
              onClick={() => void decide('discard')}
            >
              {t('outbox.discard')}
            </button>
            {item.state === 'uncertain' && <span className="soft">{t('outbox.sendAgainWarning')}</span>}
          </div>
        </>
      )}
      {error !== null && <ErrorNote error={error} />}
    </li>
  );
}
