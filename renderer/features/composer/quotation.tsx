import { ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLanguage } from '../../ui/language.tsx';
import type { LoadPicture } from './extensions.ts';
import { quotationPage } from './quotation-page.ts';

/** What is quoted and stands under the text, outside of the editor. */
export interface Quotation {
  /** Cleaned; null: plain text. */
  readonly html: string | null;
  readonly text: string;
}

/** Longer ones are not edited: the browser would take seconds for each line. */
export const longestEdited = 200_000;

interface QuotationBlockProps {
  readonly quotation: Quotation;
  readonly loadPicture: LoadPicture;
  readonly onAnswerBetween: () => void;
  readonly onRemove: () => void;
}

/** Folded until somebody wants to see it. */
export function QuotationBlock({ quotation, loadPicture, onAnswerBetween, onRemove }: QuotationBlockProps) {
  const { t } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const canEdit = (quotation.html ?? quotation.text).length <= longestEdited;
  return (
    <section className="composer-quotation" aria-label={t('composer.quotation')} data-testid="quotation">
      <header>
        <button
          type="button"
          className="text-link"
          data-testid="quotation-toggle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronRight size={14} aria-hidden="true" />
          {t('composer.quotation')}
        </button>
        {canEdit && (
          <button type="button" className="text-link" data-testid="answer-between" onClick={onAnswerBetween}>
            {t('composer.answerBetween')}
          </button>
        )}
        <button type="button" className="text-link" data-testid="remove-quotation" onClick={onRemove}>
          {t('composer.removeQuotation')}
        </button>
      </header>
      {isOpen &&
        (quotation.html === null ? (
          <pre>{quotation.text.slice(0, longestEdited)}</pre>
        ) : (
          <QuotationFrame html={quotation.html} loadPicture={loadPicture} />
        ))}
    </section>
  );
}

function QuotationFrame({ html, loadPicture }: { readonly html: string; readonly loadPicture: LoadPicture }) {
  const { t } = useLanguage();
  const [page, setPage] = useState<string | null>(null);
  useEffect(() => {
    let isWanted = true;
    void quotationPage(html, loadPicture).then((made) => {
      if (isWanted) setPage(made);
    });
    return () => {
      isWanted = false;
    };
  }, [html, loadPicture]);
  if (page === null) return null;
  return (
    <iframe
      title={t('composer.quotation')}
      data-testid="quotation-frame"
      sandbox=""
      srcDoc={page}
      referrerPolicy="no-referrer"
    />
  );
}
