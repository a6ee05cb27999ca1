import { Dialog } from '../../ui/dialog.tsx';
import { useLanguage } from '../../ui/language.tsx';

/** Asks before something goes for good. */
export function DestroyDialog({
  onConfirmed,
  onClose,
}: {
  readonly onConfirmed: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useLanguage();
  return (
    <Dialog label={t('tidy.destroyTitle')} testId="destroy-dialog" className="link-dialog" onClose={onClose}>
      <h2>{t('tidy.destroyTitle')}</h2>
      <p>{t('tidy.destroyBody')}</p>
      <div className="dialog-actions">
        <button type="button" className="button" data-testid="destroy" onClick={onConfirmed}>
          {t('tidy.destroy')}
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="keep"
          data-first-focus
          onClick={onClose}
        >
          {t('tidy.keep')}
        </button>
      </div>
    </Dialog>
  );
}
