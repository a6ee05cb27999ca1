import { useQuery } from '@tanstack/react-query';
import { TriangleAlert, UserRound } from 'lucide-react';
import type { MessageView, SenderFacts } from '../../../shared/model/conversation.ts';
import { unwrap } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { useLanguage } from '../../ui/language.tsx';
import { type SenderWarning, senderWarnings } from './sender-warnings.ts';

/** What is worth knowing about who wrote a message, before it is believed. Mostly nothing. */
export function SenderNote({
  message,
  ownAddress,
}: {
  readonly message: MessageView;
  readonly ownAddress: string;
}) {
  const { t } = useLanguage();
  const facts = useQuery<SenderFacts>({
    queryKey: ['sender', message.id],
    queryFn: () => unwrap(relevo.messages.sender({ messageId: message.id })),
  }).data;
  if (facts === undefined) return null;
  const warnings = senderWarnings(message.from, facts, ownAddress);
  if (warnings.length === 0) return null;
  const words = (warning: SenderWarning): string => {
    if (warning.kind === 'lookalike')
      return t('sender.lookalike', { domain: warning.domain, of: warning.of });
    if (warning.kind === 'firstContact') return t('sender.firstContact');
    return t(`sender.${warning.kind}`, { address: warning.address });
  };
  return (
    <ul className="sender-note" aria-label={t('sender.label')} data-testid="sender-note">
      {warnings.map((warning) => {
        const isMild = warning.kind === 'firstContact';
        const Icon = isMild ? UserRound : TriangleAlert;
        return (
          <li key={warning.kind} data-warning={warning.kind} data-mild={isMild}>
            <Icon size={15} aria-hidden="true" />
            <span>{words(warning)}</span>
          </li>
        );
      })}
    </ul>
  );
}
