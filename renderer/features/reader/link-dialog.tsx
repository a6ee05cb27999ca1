import { relevo } from '../../bridge/relevo.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';
import { linkParts } from './link-parts.ts';
import './link-dialog.css';

/** Shows where a link really leads, before anything opens. */
export function LinkDialog({ url, onEnd }: { readonly url: string; readonly onEnd: () => void }) {
  const { t } = useLanguage();
  const tell = useToast();
  const { before, host, after } = linkParts(url);
  const open = async () => {
    onEnd();
    const answer = await relevo.app.openLink({ url });
    if (!answer.ok) tell(answer.error);
  };
  return (
    <Dialog label={t('link.title')} testId="link-dialog" className="link-dialog" onClose={onEnd}>
      <h2>{t('link.title')}</h2>
      <p>{t('link.body', { host })}</p>
      <p className="link-address" data-testid="link-address" dir="ltr">
        {before}
        <strong>{host}</strong>
        {after}
      </p>
      <div className="dialog-actions">
        <button type="button" className="button" data-testid="link-open" onClick={() => void open()}>
          {t('link.open')}
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="link-cancel"
          data-first-focus
          onClick={onEnd}
        >
          {t('link.cancel')}
        </button>
      </div>
    </Dialog>
  );
}
