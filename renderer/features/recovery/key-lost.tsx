import { useState } from 'react';
import type { OnlyHere } from '../../../shared/model/key-protection.ts';
import { useOnlyHere } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field } from '../../ui/field.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useAction } from '../../ui/use-action.ts';
import './key-lost.css';

/** The whole window when the key to the copy cannot be read: what happened, the code that opens it, and the last way out. */
export function KeyLost() {
  const { t } = useLanguage();
  return (
    <main className="key-lost" data-testid="key-lost" data-code="keystore.unreadable">
      <div role="alert">
        <h2>{t('error.keystore.unreadable.title')}</h2>
        <p>{t('keyLost.explained')}</p>
      </div>
      <Recover />
      <BeginAnew />
    </main>
  );
}

function Recover() {
  const { t } = useLanguage();
  const [code, setCode] = useState('');
  const [isOpening, setOpening] = useState(false);
  const recovery = useAction();
  const isEmpty = code.trim() === '';
  const isWrong = recovery.error?.code === 'input.invalid';
  return (
    <section className="card">
      <h3>{t('keyLost.withCode')}</h3>
      <p>{t('keyLost.withCodeExplained')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isEmpty)
            recovery.run(
              () => relevo.keyStore.recover({ code }),
              () => setOpening(true),
            );
        }}
      >
        <Field
          label={t('keyLost.code')}
          data-testid="recover-code"
          maxLength={500}
          value={code}
          aria-invalid={isWrong}
          onChange={(event) => setCode(event.target.value)}
        >
          <button
            type="submit"
            className="button primary"
            data-testid="recover-submit"
            disabled={isEmpty || recovery.isBusy || isOpening}
          >
            {t('keyLost.open')}
          </button>
        </Field>
      </form>
      {(recovery.isBusy || isOpening) && <p role="status">{t('engine.starting')}</p>}
      {isWrong && (
        <p role="alert" className="error-note" data-testid="recover-wrong">
          {t('keyLost.wrongCode')}
        </p>
      )}
      {recovery.error !== null && !isWrong && <ErrorNote error={recovery.error} />}
    </section>
  );
}

function BeginAnew() {
  const { t } = useLanguage();
  const onlyHere = useOnlyHere();
  const [isAsking, setAsking] = useState(false);
  return (
    <section className="card" data-testid="begin-anew">
      <h3>{t('keyLost.anew')}</h3>
      <p>{t('keyLost.anewExplained')}</p>
      {onlyHere.data !== undefined && <Losses onlyHere={onlyHere.data} />}
      {onlyHere.isError && <ErrorNote error={onlyHere.error} />}
      <div className="card-actions">
        <button
          type="button"
          className="button"
          data-testid="wipe"
          disabled={onlyHere.isPending}
          onClick={() => setAsking(true)}
        >
          {t('keyLost.remove')}
        </button>
      </div>
      {isAsking && <ConfirmWipe onlyHere={onlyHere.data ?? null} onEnd={() => setAsking(false)} />}
    </section>
  );
}

/** What is in the copy and nowhere else. */
function Losses({ onlyHere }: { readonly onlyHere: OnlyHere }) {
  const { t, dateTime } = useLanguage();
  if (onlyHere.countedAt === null) return <p data-testid="losses">{t('keyLost.notCounted')}</p>;
  const { unsent, drafts, unreconciled } = onlyHere;
  const counted = t('keyLost.countedAt', { time: dateTime(onlyHere.countedAt) });
  if (unsent + drafts + unreconciled === 0)
    return (
      <p data-testid="losses">
        {t('keyLost.nothing')} <span className="soft">{counted}</span>
      </p>
    );
  return (
    <div data-testid="losses">
      <p>{t('keyLost.wouldBeLost')}</p>
      <ul className="losses">
        {unsent > 0 && <li>{t('keyLost.unsent', { count: unsent })}</li>}
        {drafts > 0 && <li>{t('keyLost.drafts', { count: drafts })}</li>}
        {unreconciled > 0 && <li>{t('keyLost.unreconciled', { count: unreconciled })}</li>}
      </ul>
      <p className="soft">{counted}</p>
    </div>
  );
}

interface ConfirmWipeProps {
  /** Null: it could not be told. */
  readonly onlyHere: OnlyHere | null;
  readonly onEnd: () => void;
}

function ConfirmWipe({ onlyHere, onEnd }: ConfirmWipeProps) {
  const { t } = useLanguage();
  const wiping = useAction();
  return (
    <Dialog label={t('keyLost.confirm')} testId="wipe-dialog" className="wipe-dialog" onClose={onEnd}>
      <h2>{t('keyLost.confirm')}</h2>
      {onlyHere === null ? <p>{t('keyLost.notCounted')}</p> : <Losses onlyHere={onlyHere} />}
      <p>{t('keyLost.confirmExplained')}</p>
      {wiping.error !== null && <ErrorNote error={wiping.error} />}
      <div className="dialog-actions">
        <button type="button" className="button" data-testid="wipe-cancel" data-first-focus onClick={onEnd}>
          {t('keyLost.cancel')}
        </button>
        <button
          type="button"
          className="button danger"
          data-testid="wipe-confirm"
          disabled={wiping.isBusy}
          onClick={() => wiping.run(() => relevo.keyStore.wipe({}), onEnd)}
        >
          {t('keyLost.removeForGood')}
        </button>
      </div>
    </Dialog>
  );
}
