import { Copy, Printer } from 'lucide-react';
import { copyText } from '../../ui/clipboard.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';
import './recovery-code.css';

interface RecoveryCodeProps {
  readonly code: string;
  readonly onEnd: () => void;
}

/** A new recovery code: shown this once, and gone from the window when it is closed. */
export function RecoveryCode({ code, onEnd }: RecoveryCodeProps) {
  const { t, date } = useLanguage();
  const tell = useToast();
  return (
    <Dialog
      label={t('keys.code')}
      testId="recovery-code"
      className="recovery-code"
      // Escape, or a click beside it, must not throw away what cannot be shown again.
      onClose={() => undefined}
    >
      <h2>{t('keys.code')}</h2>
      <p>{t('keys.codeMeaning')}</p>
      <p className="code" data-testid="recovery-code-text">
        {code}
      </p>
      <p>
        <strong>{t('keys.codeOnce')}</strong> {t('keys.codeKeep')}
      </p>
      <p className="soft">{t('keys.codeMadeOn', { date: date(Date.now()) })}</p>
      <div className="dialog-actions">
        <button
          type="button"
          className="button"
          data-testid="recovery-code-copy"
          onClick={() => {
            if (copyText(code)) tell(t('keys.codeCopied'));
          }}
        >
          <Copy size={15} aria-hidden="true" />
          {t('keys.codeCopy')}
        </button>
        <button
          type="button"
          className="button"
          data-testid="recovery-code-print"
          data-first-focus
          onClick={() => window.print()}
        >
          <Printer size={15} aria-hidden="true" />
          {t('keys.codePrint')}
        </button>
        <button type="button" className="button primary" data-testid="recovery-code-kept" onClick={onEnd}>
          {t('keys.codeKept')}
        </button>
      </div>
    </Dialog>
  );
}
