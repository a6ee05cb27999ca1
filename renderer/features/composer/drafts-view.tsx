import { FilePen } from 'lucide-react';
import type { Address } from '../../../shared/model/address.ts';
import type { EpochMs, MessageId } from '../../../shared/model/ids.ts';
import type { Draft, DraftElsewhere } from '../../../shared/model/outgoing.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useLanguage } from '../../ui/language.tsx';

interface DraftsViewProps {
  readonly drafts: readonly Draft[];
  /** Those that stand in Exchange's Drafts only. */
  readonly elsewhere: readonly DraftElsewhere[];
  readonly onOpen: (draft: Draft) => void;
  readonly onContinue: (messageId: MessageId) => void;
}

export function DraftsView({ drafts, elsewhere, onOpen, onContinue }: DraftsViewProps) {
  const { t } = useLanguage();
  return (
    <main className="page" aria-label={t('view.drafts')} data-testid="drafts">
      <h2>{t('view.drafts')}</h2>
      {drafts.length + elsewhere.length === 0 ? (
        <EmptyState Icon={FilePen} text={t('drafts.empty')} />
      ) : (
        <ul className="cards">
          {drafts.map((draft) => (
            <DraftCard
              key={draft.id}
              to={draft.to}
              subject={draft.subject}
              savedAt={draft.updatedAt}
              excerpt={draft.text.trim().slice(0, 200)}
              testId="draft"
              onOpen={() => onOpen(draft)}
            />
          ))}
          {elsewhere.map((draft) => (
            <DraftCard
              key={draft.messageId}
              to={draft.to}
              subject={draft.subject}
              savedAt={draft.savedAt}
              excerpt={draft.snippet}
              note={t('drafts.elsewhere')}
              testId="draft-elsewhere"
              onOpen={() => onContinue(draft.messageId)}
            />
          ))}
        </ul>
      )}
    </main>
  );
}

interface DraftCardProps {
  readonly to: readonly Address[];
  readonly subject: string;
  readonly savedAt: EpochMs;
  readonly excerpt: string;
  readonly note?: string;
  readonly testId: string;
  readonly onOpen: () => void;
}

function DraftCard({ to, subject, savedAt, excerpt, note, testId, onOpen }: DraftCardProps) {
  const { t, names, dateTime } = useLanguage();
  return (
    <li className="card" data-testid={testId}>
      <header>
        <h3>{subject === '' ? t('list.noSubject') : subject}</h3>
        <button type="button" className="button" data-testid={`${testId}-open`} onClick={onOpen}>
          {t('drafts.continue')}
          <span className="visually-hidden">{subject}</span>
        </button>
      </header>
      <p className="soft">
        {[
          ...(to.length > 0 ? [t('outbox.to', { names: names(to) })] : []),
          t('drafts.savedAt', { time: dateTime(savedAt) }),
          ...(note === undefined ? [] : [note]),
        ].join(' · ')}
      </p>
      {excerpt !== '' && <p className="card-excerpt">{excerpt}</p>}
    </li>
  );
}
