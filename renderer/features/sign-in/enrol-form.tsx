import { useState } from 'react';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field } from '../../ui/field.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useAction } from '../../ui/use-action.ts';

/** Redeems the code or the link of the IT department. What was typed stays until it has been accepted. */
export function EnrolForm() {
  const { t } = useLanguage();
  const [code, setCode] = useState('');
  const [address, setAddress] = useState<string | null>(null);
  const enrolment = useAction();
  const isEmpty = code.trim() === '';
  if (address !== null)
    return (
      <p role="status" data-testid="enrol-done">
        {t('enrol.opening', { address })}
      </p>
    );
  return (
    <form
      className="sign-in-form"
      data-testid="enrol-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty)
          enrolment.run(
            () => relevo.signIn.enrol({ code }),
            (enrolled) => setAddress(enrolled.address),
          );
      }}
    >
      <Field
        label={t('enrol.code')}
        hint={t('enrol.hint')}
        data-testid="enrol-code"
        maxLength={2000}
        value={code}
        aria-invalid={enrolment.error !== null}
        onChange={(event) => setCode(event.target.value)}
      >
        <button
          type="submit"
          className="button primary"
          data-testid="enrol-submit"
          disabled={isEmpty || enrolment.isBusy}
        >
          {t('enrol.submit')}
        </button>
      </Field>
      {enrolment.isBusy && (
        <p role="status" data-testid="enrol-busy">
          {t('enrol.busy')}
        </p>
      )}
      {enrolment.error !== null && <ErrorNote error={enrolment.error} />}
    </form>
  );
}
