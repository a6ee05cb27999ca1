import { Clock, LifeBuoy } from 'lucide-react';
import type { FailoverStatus } from '../../../shared/model/failover.ts';
import { useLanguage } from '../../ui/language.tsx';
import { useWindowTimes } from './window-times.ts';

/** In the composer: by which way a message leaves, when that is not the usual one. */
export function SendingNote({ status }: { readonly status: FailoverStatus | undefined }) {
  const { t } = useLanguage();
  const times = useWindowTimes();
  if (status === undefined || status.sending === 'primary') return null;
  const isContinuity = status.sending === 'continuity';
  const Icon = isContinuity ? LifeBuoy : Clock;
  const window = status.notices.find(({ phase }) => phase === 'running')?.window;
  const waits =
    status.kind === 'offline'
      ? 'composer.waitsForNetwork'
      : status.kind === 'quiet' && window
        ? 'composer.maintenance'
        : 'composer.willWait';
  return (
    <p className="sending-note" data-testid="sending-note">
      <Icon size={14} aria-hidden="true" />
      {t(isContinuity ? 'composer.viaContinuity' : waits, times(window))}
    </p>
  );
}
