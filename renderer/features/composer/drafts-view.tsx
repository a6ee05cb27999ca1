import type { Draft } from '../../../shared/model/outgoing.ts';
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
      {drafts.length === 0 && <p className="soft">{t('drafts.empty')}</p>}
      <ul className="cards">
        {drafts.map((draft) => {
          const subject = draft.subject === '' ? t('list.noSubject') : draft.subject;
          return (
            <li key={draft.id} className="card" data-testid="draft">
              <header>
                <strong>{subject}</strong>
                <button
                  type="button"
                  className="button"
                  aria-label={t('drafts.open', { subject })}
                  onClick={() => onOpen(draft)}
                >
                  {t('drafts.open', { subject: '' })}
                </button>
              </header>
              <p className="soft">
                {draft.to.length > 0 && `${t('outbox.to', { names: names(draft.to) })} · `}
                {dateTime(draft.updatedAt)}
              </p>
            </li>
          );
        })}
      </ul>
    </main>
  );
}
