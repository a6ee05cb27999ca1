import { Check, CircleAlert, CircleHelp, Clock, Hourglass, SendHorizontal, Undo2 } from 'lucide-react';
import type { OutgoingState } from '../../shared/model/outgoing.ts';
import { useLanguage } from './language.tsx';

const looks = {
  held: { tone: 'slate', Icon: Hourglass },
  queued: { tone: 'slate', Icon: Clock },
  sending: { tone: 'slate', Icon: SendHorizontal },
  handedOver: { tone: 'slate', Icon: SendHorizontal },
  accepted: { tone: 'green', Icon: Check },
  rejected: { tone: 'red', Icon: CircleAlert },
  uncertain: { tone: 'amber', Icon: CircleHelp },
  discarded: { tone: 'slate', Icon: Undo2 },
} as const satisfies Readonly<Record<OutgoingState, unknown>>;

/** Where an outgoing message stands. `isByContinuity`: and that it left by the emergency mailbox. */
export function OutgoingChip({
  state,
  isByContinuity = false,
}: {
  readonly state: OutgoingState;
  readonly isByContinuity?: boolean;
}) {
  const { t } = useLanguage();
  const { tone, Icon } = looks[state];
  return (
    <span className="chip" data-tone={tone}>
      <Icon size={12} aria-hidden="true" />
      {state === 'accepted' && isByContinuity ? t('outgoing.acceptedByContinuity') : t(`outgoing.${state}`)}
    </span>
  );
}
