import { useQuery } from '@tanstack/react-query';
import type { AppError } from '../../../shared/errors.ts';
import type { MessageId } from '../../../shared/model/ids.ts';
import { unwrap } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import './look-dialog.css';

/** A message as it came, headers first; as text, whatever it is. */
export function SourceDialog({
  messageId,
  onClose,
}: {
  readonly messageId: MessageId;
  readonly onClose: () => void;
}) {
  const { t } = useLanguage();
  const source = useQuery<{ readonly text: string; readonly isWhole: boolean }, AppError>({
    queryKey: ['source', messageId],
    queryFn: () => unwrap(relevo.messages.source({ messageId })),
    gcTime: 0,
  });
  return (
    <Dialog label={t('reader.source')} testId="source" className="look" onClose={onClose}>
      <header>
        <h2>{t('reader.source')}</h2>
        <button type="button" className="button" data-testid="look-close" data-first-focus onClick={onClose}>
          {t('help.close')}
        </button>
      </header>
      {source.error !== null && <ErrorNote error={source.error} />}
      {source.data !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre className="look-text" dir="ltr" tabIndex={0}>
          {source.data.text}
        </pre>
      )}
      {source.data?.isWhole === false && <p className="soft look-note">{t('reader.sourceCut')}</p>}
    </Dialog>
  );
}
