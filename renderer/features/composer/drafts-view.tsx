import { FilePen } from 'lucide-react';
import type { Draft } from '../../../shared/model/outgoing.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useLanguage } from '../../ui/language.tsx';

interface DraftsViewProps {
  readonly drafts: readonly Draft[];
  readonly onOpen: (draft: Draft) => void;
}

export function DraftsView({ drafts, onOpen }: DraftsViewProps) {
  const { t, names, dateTime } = useLanguage();
  return (
    <main className="page" aria-label={t('view.drafts')} data-testid="drafts">
      <h2>{t('view.drafts')}</h2>
      {drafts.length === 0 ? (
        <EmptyState Icon={FilePen} text={t('drafts.empty')} />
      ) : (
        <ul className="cards">
          {drafts.map((draft) => (
            <li key={draft.id} className="card" data-testid="draft">
              <header>
                <h3>{draft.subject === '' ? t('list.noSubject') : draft.subject}</h3>
                <button
                  type="button"
                  className="button"
                  data-testid="draft-open"
                  onClick={() => onOpen(draft)}
                >
                  {t('drafts.continue')}
                  <span className="visually-hidden">{draft.subject}</span>
                </button>
              </header>
              <p className="soft">
                {[
                  ...(draft.to.length > 0 ? [t('outbox.to', { names: names(draft.to) })] : []),
                  t('drafts.savedAt', { time: dateTime(draft.updatedAt) }),
                ].join(' · ')}
              </p>
              {draft.text.trim() !== '' && <p className="card-excerpt">{draft.text.trim().slice(0, 200)}</p>}
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}
