import type { OutgoingState } from '../../shared/model/outgoing.ts';
import { useLanguage } from './language.tsx';

const tones: Readonly<Record<OutgoingState, 'slate' | 'amber' | 'green' | 'red'>> = {
  queued: 'slate',
  sending: 'slate',
  handedOver: 'slate',
  accepted: 'green',
  rejected: 'red',
  uncertain: 'amber',
  discarded: 'slate',
};

export function OutgoingChip({ state }: { readonly state: OutgoingState }) {
  const { t } = useLanguage();
  return (
    <span className="chip" data-tone={tones[state]}>
      {t(`outgoing.${state}`)}
    </span>
  );
}
