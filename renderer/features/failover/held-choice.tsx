import { useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { OutgoingSummary } from '../../../shared/model/outgoing.ts';
import { useFailover } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useWindowTimes } from './window-times.ts';

/** On a message that a planned maintenance holds: when it leaves, and, where policy allows it, how it leaves now. */
export function HeldChoice({ item }: { readonly item: OutgoingSummary }) {
  const { t } = useLanguage();
  const times = useWindowTimes();
  const [error, setError] = useState<AppError | null>(null);
  const status = useFailover().data?.find(({ accountId }) => accountId === item.accountId);
  if (status?.kind !== 'quiet' || status.sending !== null || item.reason !== 'noWay') return null;
  const window = status.notices.find(({ phase }) => phase === 'running')?.window;
  const sendUrgently = async () => {
    const answer = await relevo.failover.sendUrgently({ outgoingId: item.id });
    setError(answer.ok ? null : answer.error);
  };
  return (
    <>
      <p data-testid="held">{t(window ? 'composer.maintenance' : 'composer.willWait', times(window))}</p>
      {status.mayGoUrgently && (
        <p>
          <button
            type="button"
            className="button"
            data-testid="send-urgently"
            aria-describedby={`${item.id}-urgent`}
            onClick={() => void sendUrgently()}
          >
            {t('outbox.sendUrgently')}
          </button>{' '}
          <span id={`${item.id}-urgent`} className="soft">
            {t('outbox.sendUrgentlyExplained')}
          </span>
        </p>
      )}
      {error !== null && <ErrorNote error={error} />}
    </>
  );
}
