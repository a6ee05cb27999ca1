import { useEffect, useRef } from 'react';
import { relevo } from '../../bridge/relevo.ts';
import { useLanguage } from '../../ui/language.tsx';
import './link-dialog.css';

/** Shows where a link really leads, before anything opens. */
export function LinkDialog({ url, onEnd }: { readonly url: string; readonly onEnd: () => void }) {
  const { t } = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const host = URL.parse(url)?.host || url;
  return (
    <dialog
      ref={dialog}
      className="link-dialog"
      data-testid="link-dialog"
      aria-labelledby="link-dialog-title"
      onClose={onEnd}
    >
      <h2 id="link-dialog-title">{t('link.title')}</h2>
      <p>{t('link.body', { host })}</p>
      <p className="link-address" data-testid="link-address">
        {url}
      </p>
      <div className="card-actions">
        <button
          type="button"
          className="button"
          data-testid="link-open"
          onClick={() => {
            void relevo.app.openLink({ url });
            onEnd();
          }}
        >
          {t('link.open')}
        </button>
        {/* biome-ignore lint/a11y/noAutofocus: of the two answers, Enter gives the harmless one */}
        <button type="button" className="button primary" autoFocus onClick={onEnd}>
          {t('link.cancel')}
        </button>
      </div>
    </dialog>
  );
}
