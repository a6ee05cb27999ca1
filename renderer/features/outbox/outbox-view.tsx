import { CheckCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { MessageKey } from '../../../shared/messages/index.ts';
import type { AccountId, ConversationId } from '../../../shared/model/ids.ts';
import type {
  Draft,
  OutgoingDecision,
  OutgoingState,
  OutgoingSummary,
} from '../../../shared/model/outgoing.ts';
import { useOutbox } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { OutgoingChip } from '../../ui/outgoing-chip.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { causeOf } from './refusal-cause.ts';
import './outbox-view.css';

interface OutboxViewProps {
  readonly accountId: AccountId;
  readonly onOpen: (id: ConversationId) => void;
  /** A message came back as a draft. */
  readonly onDraft: (draft: Draft) => void;
  /** What is to be said of a message that has no way out. */
  readonly waiting: (item: OutgoingSummary) => ReactNode;
}

/** What has not left yet, and what the person has to decide about. */
export function OutboxView({ accountId, ...rest }: OutboxViewProps) {
  const { t } = useLanguage();
  const outbox = useOutbox(accountId);
  return (
    <main className="page" aria-label={t('view.outbox')} data-testid="outbox">
      <h2>{t('view.outbox')}</h2>
      {outbox.isError && outbox.data === undefined && <ErrorNote error={outbox.error} />}
      {outbox.isPending && <Skeleton label={t('list.loading')} rows={3} />}
      {outbox.data?.length === 0 && <EmptyState Icon={CheckCheck} text={t('outbox.empty')} />}
      <ul className="cards">
        {outbox.data?.map((item) => (
          <OutboxItem key={item.id} item={item} {...rest} />
        ))}
      </ul>
    </main>
  );
}

interface Choice {
  readonly decision: OutgoingDecision;
  readonly label: MessageKey;
  readonly consequence: MessageKey;
  readonly testId: string;
}

const discard: Choice = {
  decision: 'discard',
  label: 'outbox.discard',
  consequence: 'outbox.discardExplained',
  testId: 'decide-discard',
};

/** What can be decided about a message, and what comes of it. */
const choices: Readonly<Partial<Record<OutgoingState, readonly Choice[]>>> = {
  held: [
    {
      decision: 'sendNow',
      label: 'outbox.sendNow',
      consequence: 'outbox.sendNowExplained',
      testId: 'decide-now',
    },
    discard,
  ],
  queued: [discard],
  accepted: [
    {
      decision: 'noteRefused',
      label: 'outbox.noteRefused',
      consequence: 'outbox.noteRefusedExplained',
      testId: 'decide-noted',
    },
  ],
  uncertain: [
    {
      decision: 'treatAsSent',
      label: 'outbox.treatAsSent',
      consequence: 'outbox.treatAsSentExplained',
      testId: 'decide-sent',
    },
    {
      decision: 'sendAgain',
      label: 'outbox.sendAgain',
      consequence: 'outbox.sendAgainWarning',
      testId: 'decide-again',
    },
    { ...discard, consequence: 'outbox.discardUncertainExplained' },
  ],
  rejected: [
    {
      decision: 'sendAgain',
      label: 'outbox.sendAgain',
      consequence: 'outbox.sendAgainExplained',
      testId: 'decide-again',
    },
    discard,
  ],
};

function OutboxItem({
  item,
  onOpen,
  onDraft,
  waiting,
}: Omit<OutboxViewProps, 'accountId'> & { readonly item: OutgoingSummary }) {
  const { t } = useLanguage();
  const [error, setError] = useState<AppError | null>(null);
  const decide = async (decision: OutgoingDecision) => {
    const answer = await relevo.outbox.decide({ outgoingId: item.id, decision });
    setError(answer.ok ? null : answer.error);
  };
  const takeBack = async () => {
    const answer = await relevo.outbox.takeBack({ outgoingId: item.id });
    if (answer.ok) onDraft(answer.value);
    else setError(answer.error);
  };
  const isForRefused = item.state === 'accepted';
  const isSafe = item.deliveryLog?.isSafeToSendAgain === true;
  return (
    <li className="card" data-testid="outbox-item" data-state={item.state}>
      <header>
        <h3>{item.subject === '' ? t('list.noSubject') : item.subject}</h3>
        <OutgoingChip state={item.state} />
      </header>
      <Evidence item={item} />
      <Reason item={item} />
      <DeliveryLog item={item} />
      {waiting(item)}
      <ul className="choices">
        {item.canTakeBack && (
          <li>
            <button
              type="button"
              className="button"
              data-testid="take-back"
              aria-describedby={`${item.id}-takeBack`}
              onClick={() => void takeBack()}
            >
              {t(isForRefused ? 'outbox.writeToRefused' : 'outbox.takeBack')}
            </button>
            <span id={`${item.id}-takeBack`} className="soft">
              {t(isForRefused ? 'outbox.writeToRefusedExplained' : 'outbox.takeBackExplained')}
            </span>
          </li>
        )}
        {choices[item.state]?.map(({ decision, label, consequence, testId }) => (
          <li key={decision}>
            <button
              type="button"
              className="button"
              data-testid={testId}
              aria-describedby={`${item.id}-${decision}`}
              onClick={() => void decide(decision)}
            >
              {t(label)}
            </button>
            <span id={`${item.id}-${decision}`} className="soft">
              {t(isSafe && decision === 'sendAgain' ? 'outbox.sendAgainSafe' : consequence)}
            </span>
          </li>
        ))}
      </ul>
      {error !== null && <ErrorNote error={error} />}
      <button type="button" className="text-link" onClick={() => onOpen(item.conversationId)}>
        {t('outbox.open')}
      </button>
    </li>
  );
}

/** Why it stands where it stands, what happens next, and in whose words. */
function Reason({ item }: { readonly item: OutgoingSummary }) {
  const { t, dateTime } = useLanguage();
  const { reason, nextAttemptAt, refused, lastSentence, lastResponse } = item;
  const time = dateTime(nextAttemptAt ?? item.since);
  const isRefused = item.state === 'rejected';
  return (
    <>
      {reason !== 'done' && <p data-testid="outbox-reason">{t(`outbox.reason.${reason}`, { time })}</p>}
      {isRefused && <p>{t(`outbox.refusedBecause.${causeOf(lastResponse ?? '')}`)}</p>}
      {lastSentence !== null && lastSentence !== '' && (
        <p className="soft">{t('outbox.sentence', { sentence: lastSentence })}</p>
      )}
      {refused.length > 0 && (
        <ul data-testid="outbox-refused">
          {refused.map(({ address, response, sentence }) => (
            <li key={address}>
              <strong>{address}</strong> {t(`outbox.refusedBecause.${causeOf(response)}`)}{' '}
              <span className="soft">{t('outbox.sentence', { sentence })}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** What the provider of the emergency mailbox says of a message whose answer was cut off. */
function DeliveryLog({ item: { deliveryLog } }: { readonly item: OutgoingSummary }) {
  const { t, dateTime } = useLanguage();
  if (deliveryLog === null) return null;
  const { outcome, askedAt, recipients } = deliveryLog;
  return (
    <div data-testid="delivery-log" data-outcome={outcome}>
      <p>{t(`outbox.log.${outcome}`, { time: dateTime(askedAt) })}</p>
      {recipients.length > 0 && (
        <ul>
          {recipients.map(({ address, state, response }) => (
            <li key={address} className="soft">
              {t(`outbox.log.recipient.${state}`, { address, response: response ?? '' })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What is known about where the message stands. */
function Evidence({ item }: { readonly item: OutgoingSummary }) {
  const { t, names, dateTime } = useLanguage();
  const facts = [
    t('outbox.to', { names: names(item.to) }),
    t('outbox.written', { time: dateTime(item.createdAt) }),
    ...(item.since === item.createdAt ? [] : [t('outbox.since', { time: dateTime(item.since) })]),
    t('outbox.attempts', { count: item.attempts }),
    ...(item.route === null || item.lastAttemptAt === null
      ? []
      : [t(`outbox.last.${item.route}`, { time: dateTime(item.lastAttemptAt) })]),
    ...(item.lastResponse === null ? [] : [t('outbox.lastResponse', { response: item.lastResponse })]),
  ];
  return <p className="soft">{facts.join(' · ')}</p>;
}
