import { useQuery } from '@tanstack/react-query';
import { attachmentPath } from '../../../shared/contract/index.ts';
import type { AttachmentSummary } from '../../../shared/model/conversation.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useLanguage } from '../../ui/language.tsx';
import './look-dialog.css';

/**
 * An attachment looked at without another program. A picture is drawn as one and nothing else, since it is served as a
 * picture only if it says it is a raster one; a text is shown letter by letter. Nothing of it can run or load.
 */
export function AttachmentPreview({
  attachment,
  kind,
  onSave,
  onClose,
}: {
  readonly attachment: AttachmentSummary;
  readonly kind: 'picture' | 'text';
  readonly onSave: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useLanguage();
  const { id, fileName } = attachment;
  const text = useQuery({
    queryKey: ['attachmentText', id],
    queryFn: async () => (await fetch(`${attachmentPath}${id}`)).text(),
    enabled: kind === 'text',
    gcTime: 0,
  });
  return (
    <Dialog label={fileName} testId="preview" className="look" onClose={onClose}>
      <header>
        <h2 dir="auto">{fileName}</h2>
        <button type="button" className="button" data-testid="preview-save" onClick={onSave}>
          {t('reader.save')}
        </button>
        <button type="button" className="button" data-testid="look-close" data-first-focus onClick={onClose}>
          {t('help.close')}
        </button>
      </header>
      {kind === 'picture' ? (
        <img className="look-picture" src={`${attachmentPath}${id}`} alt={fileName} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre className="look-text" dir="auto" tabIndex={0}>
          {text.data ?? ''}
        </pre>
      )}
    </Dialog>
  );
}
