import type { FailoverStatus } from '../../../shared/model/failover.ts';
import { useOutages } from '../../bridge/queries.ts';
import { useLanguage } from '../../ui/language.tsx';

/** Back on Exchange: how much of the outage has been brought over. For the eye; what is read out does not count. */
export function CarryingOver({ status }: { readonly status: FailoverStatus }) {
  const { t } = useLanguage();
  const outage = useOutages(status.accountId).data?.find(({ endedAt }) => endedAt === null);
  if (status.kind !== 'returning' || status.reading !== 'primary') return null;
  if (outage === undefined || outage.total === 0) return null;
  return (
    <p className="banner-countdown" aria-hidden="true" data-testid="carrying-over">
      {t('banner.carryingOver', { done: outage.verified, total: outage.total })}
    </p>
  );
}
