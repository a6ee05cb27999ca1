import type { FailoverStatus } from '../../../shared/model/failover.ts';
import { useLanguage } from '../../ui/language.tsx';

/** In the composer: by which way a message leaves, when that is not the usual one. */
export function SendingNote({ status }: { readonly status: FailoverStatus | undefined }) {
  const { t } = useLanguage();
  if (status === undefined || status.sending === 'primary') return null;
  return (
    <p className="soft" data-testid="sending-note">
      {t(status.sending === 'continuity' ? 'composer.viaContinuity' : 'composer.willWait')}
    </p>
  );
}
