import { Send, Trash2, X } from 'lucide-react';
import { type ReactNode, type RefObject, useCallback, useEffect, useId, useRef, useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { Draft } from '../../../shared/model/outgoing.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { isComplete, readRecipients, writeRecipients } from './recipients.ts';
import './composer.css';

interface ComposerProps {
  readonly draft: Draft;
  readonly note: ReactNode;
  readonly onEnd: () => void;
}

interface Fields {
  readonly to: string;
  readonly cc: string;
  readonly subject: string;
  readonly text: string;
}

type SaveState = 'saved' | 'changed' | 'saving';

const savePause = 400;

/** Plain text. What is typed is on the disk half a second later, and before the composer closes. */
export function Composer({ draft, note, onEnd }: ComposerProps) {
  const { t } = useLanguage();
  const [fields, setFields] = useState<Fields>(() => ({
    to: writeRecipients(draft.to),
    cc: writeRecipients(draft.cc),
    subject: draft.subject,
    text: draft.text,
  }));
  const [saveState, setSaveState] = useState<SaveState>('saved');
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<AppError | 'recipient' | null>(null);
  const latest = useRef(fields);
  const isDirty = useRef(false);
  const toField = useRef<HTMLInputElement>(null);
  const textField = useRef<HTMLTextAreaElement>(null);

  const save = useCallback(async (): Promise<boolean> => {
    if (!isDirty.current) return true;
    isDirty.current = false;
    setSaveState('saving');
    const { to, cc, subject, text } = latest.current;
    const answer = await relevo.drafts.save({
      draftId: draft.id,
      to: [...readRecipients(to)],
      cc: [...readRecipients(cc)],
      subject,
      text,
    });
    if (!answer.ok) {
      isDirty.current = true;
      setProblem(answer.error);
    }
    setSaveState(answer.ok && !isDirty.current ? 'saved' : 'changed');
    return answer.ok;
  }, [draft.id]);

  useEffect(() => {
    if (saveState !== 'changed') return;
    const timer = setTimeout(() => void save(), savePause);
    return () => clearTimeout(timer);
  }, [saveState, save]);

  useEffect(() => {
    const field = draft.to.length === 0 ? toField.current : textField.current;
    field?.focus();
    textField.current?.setSelectionRange(0, 0);
    return () => void save();
  }, [draft.to.length, save]);

  const change = (changed: Partial<Fields>) => {
    latest.current = { ...latest.current, ...changed };
    isDirty.current = true;
    setFields(latest.current);
    setSaveState('changed');
    setProblem(null);
  };

  const send = async () => {
    const recipients = [...readRecipients(fields.to), ...readRecipients(fields.cc)];
    if (recipients.length === 0 || !recipients.every(isComplete)) {
      setProblem('recipient');
      toField.current?.focus();
      return;
    }
    setSending(true);
    const answer = (await save()) ? await relevo.drafts.send({ draftId: draft.id }) : null;
    setSending(false);
    if (answer === null) return;
    if (answer.ok) onEnd();
    else setProblem(answer.error);
  };

  const discard = async () => {
    isDirty.current = false;
    const answer = await relevo.drafts.discard({ draftId: draft.id });
    if (answer.ok) onEnd();
    else setProblem(answer.error);
  };

  return (
    <form
      className="composer"
      data-testid="composer"
      aria-label={t('composer.label')}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
        if (event.key === 'Escape') onEnd();
      }}
    >
      <Field
        label={t('composer.to')}
        value={fields.to}
        inputRef={toField}
        hint={t('composer.addressesHint')}
        testId="composer-to"
        onChange={(to) => change({ to })}
      />
      <Field
        label={t('composer.cc')}
        value={fields.cc}
        hint={t('composer.addressesHint')}
        testId="composer-cc"
        onChange={(cc) => change({ cc })}
      />
      <Field
        label={t('composer.subject')}
        value={fields.subject}
        testId="composer-subject"
        onChange={(subject) => change({ subject })}
      />
      <textarea
        ref={textField}
        data-testid="composer-text"
        aria-label={t('composer.text')}
        value={fields.text}
        onChange={(event) => change({ text: event.target.value })}
      />
      {problem === 'recipient' && (
        <p role="alert" className="error-note">
          {t('composer.needsRecipient')}
        </p>
      )}
      {problem !== null && problem !== 'recipient' && <ErrorNote error={problem} />}
      <footer>
        <button type="submit" className="button primary" data-testid="send" disabled={isSending}>
          <Send size={15} aria-hidden />
          {t('composer.send')}
        </button>
        {note}
        <span className="soft save-state" role="status">
          {t(
            saveState === 'saved'
              ? 'composer.saved'
              : saveState === 'saving'
                ? 'composer.saving'
                : 'composer.notSaved',
          )}
        </span>
        <button type="button" className="button quiet" data-testid="discard" onClick={() => void discard()}>
          <Trash2 size={15} aria-hidden />
          {t('composer.discard')}
        </button>
        <button
          type="button"
          className="button quiet"
          aria-label={t('composer.close')}
          title={t('composer.close')}
          onClick={onEnd}
        >
          <X size={15} aria-hidden />
        </button>
      </footer>
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly testId: string;
  readonly inputRef?: RefObject<HTMLInputElement | null>;
  readonly onChange: (value: string) => void;
}

function Field({ label, value, hint, testId, inputRef, onChange }: FieldProps) {
  const id = useId();
  return (
    <div className="composer-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={inputRef}
        data-testid={testId}
        title={hint}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
