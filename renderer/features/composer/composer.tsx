import { Send, Trash2, X } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import { isSameAddress } from '../../../shared/model/identity.ts';
import type { EpochMs, OutgoingId } from '../../../shared/model/ids.ts';
import type { Draft } from '../../../shared/model/outgoing.ts';
import { swapSignature } from '../../../shared/model/signature.ts';
import { useIdentities } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';
import { AttachButton, Attachments, useFiles } from './attachments.tsx';
import { DraftKeeper, type DraftText, type KeeperState } from './draft-keeper.ts';
import { Field, RecipientsField } from './fields.tsx';
import { FromField } from './from-field.tsx';
import { isComplete, readRecipients, writeRecipients } from './recipients.ts';
import { SendLater } from './send-later.tsx';
import './composer.css';

interface ComposerProps {
  readonly draft: Draft;
  readonly isFresh: boolean;
  /** By which way the message will leave, when that is worth saying. */
  readonly note: ReactNode;
  readonly onEnd: () => void;
  /** What was sent came back as a draft. */
  readonly onDraft: (draft: Draft) => void;
}

interface Fields {
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  readonly subject: string;
  readonly text: string;
}

const states = {
  saved: 'composer.saved',
  changed: 'composer.saving',
  saving: 'composer.saving',
  failed: 'composer.notSaved',
} as const satisfies Readonly<Record<KeeperState, string>>;

/** Plain text. Whatever is typed survives: a crash, a closed window, a change of mind. */
export function Composer({ draft, isFresh, note, onEnd, onDraft }: ComposerProps) {
  const { t, dateTime } = useLanguage();
  const tell = useToast();
  const identities = useIdentities(draft.accountId).data ?? [];
  const [fields, setFields] = useState<Fields>(() => ({
    from: draft.from,
    to: writeRecipients(draft.to),
    cc: writeRecipients(draft.cc),
    bcc: writeRecipients(draft.bcc),
    subject: draft.subject,
    text: draft.text,
  }));
  const [saveState, setSaveState] = useState<KeeperState>('saved');
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<AppError | 'recipient' | null>(null);
  const [showsBcc, setShowsBcc] = useState(draft.bcc.length > 0);
  const [withFiles, setWithFiles] = useState<Pick<Draft, 'attachments' | 'notPassedOn'>>(draft);
  const toField = useRef<HTMLInputElement>(null);
  const textField = useRef<HTMLTextAreaElement>(null);
  const keeper = useKeeper(draft, isFresh, (state, error) => {
    setSaveState(state);
    if (error !== null) setProblem(error);
  });
  const files = useFiles(
    draft,
    (changed) => {
      keeper.touch();
      setWithFiles(changed);
    },
    (error) => setProblem(error),
  );

  useEffect(() => {
    const field = draft.to.length === 0 ? toField.current : textField.current;
    field?.focus();
    textField.current?.setSelectionRange(0, 0);
    if (textField.current !== null) textField.current.scrollTop = 0;
  }, [draft.to.length]);

  const change = (changed: Partial<Fields>) => {
    const next = { ...fields, ...changed };
    setFields(next);
    setProblem(null);
    keeper.change(textOf(next));
  };

  const caret = useRef<number | null>(null);
  // React puts the caret behind a text that it changes: behind the quotation.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the text's change that moves the caret
  useLayoutEffect(() => {
    if (caret.current !== null) textField.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [fields.text]);

  const writeAs = (from: string) => {
    const signatureOf = (address: string) =>
      identities.find((identity) => isSameAddress(identity.address, address))?.signature ?? '';
    caret.current = textField.current?.selectionStart ?? null;
    change({ from, text: swapSignature(fields.text, signatureOf(fields.from), signatureOf(from)) });
  };

  const send = async (leavesAt: EpochMs | null = null) => {
    if (isSending) return;
    const { to, cc, bcc } = textOf(fields);
    const recipients = [...to, ...cc, ...bcc];
    if (recipients.length === 0 || !recipients.every(isComplete)) {
      setProblem('recipient');
      toField.current?.focus();
      return;
    }
    setSending(true);
    const answer = (await keeper.flush()) ? await relevo.drafts.send({ draftId: draft.id, leavesAt }) : null;
    setSending(false);
    if (answer === null) return;
    if (!answer.ok) {
      setProblem(isAboutRecipients(answer.error) ? 'recipient' : answer.error);
      return;
    }
    keeper.end();
    const { outgoingId, heldUntil } = answer.value;
    if (heldUntil === null) tell(t('composer.queued'));
    else
      tell({
        text:
          leavesAt === null ? t('composer.canUndo') : t('composer.scheduled', { time: dateTime(heldUntil) }),
        undo: () => void takeBack(outgoingId),
      });
    onEnd();
  };

  const takeBack = async (outgoingId: OutgoingId) => {
    const answer = await relevo.outbox.takeBack({ outgoingId });
    if (answer.ok) onDraft(answer.value);
    else tell(answer.error);
  };

  const discard = async () => {
    keeper.end();
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
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault();
      }}
      onDrop={(event) => {
        if (event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        void files.attach([...event.dataTransfer.files]);
      }}
    >
      <FromField value={fields.from} identities={identities} onChange={writeAs} />
      <RecipientsField
        label={t('composer.to')}
        value={fields.to}
        inputRef={toField}
        hasProblem={problem === 'recipient'}
        testId="composer-to"
        onChange={(to) => change({ to })}
      />
      <RecipientsField
        label={t('composer.cc')}
        value={fields.cc}
        hasProblem={problem === 'recipient'}
        testId="composer-cc"
        onChange={(cc) => change({ cc })}
      >
        {!showsBcc && (
          <button
            type="button"
            className="text-link"
            data-testid="show-bcc"
            onClick={() => setShowsBcc(true)}
          >
            {t('composer.bcc')}
          </button>
        )}
      </RecipientsField>
      {showsBcc && (
        <RecipientsField
          label={t('composer.bcc')}
          value={fields.bcc}
          hasProblem={problem === 'recipient'}
          testId="composer-bcc"
          onChange={(bcc) => change({ bcc })}
        />
      )}
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
        dir="auto"
        value={fields.text}
        onChange={(event) => change({ text: event.target.value })}
      />
      <Attachments
        attachments={withFiles.attachments}
        notPassedOn={withFiles.notPassedOn}
        isSending={isSending}
        onDetach={files.detach}
      />
      {problem === 'recipient' && (
        <p role="alert" className="error-note" data-testid="needs-recipient">
          {t('composer.needsRecipient')}
        </p>
      )}
      {problem !== null && problem !== 'recipient' && <Problem error={problem} />}
      {note}
      <footer>
        <button
          type="submit"
          className="button primary"
          data-testid="send"
          disabled={isSending}
          title={t('command.tooltip', { label: t('composer.send'), keys: 'Ctrl+Enter' })}
        >
          <Send size={15} aria-hidden="true" />
          {t('composer.send')}
        </button>
        <SendLater isDisabled={isSending} onChosen={(at) => void send(at)} />
        <AttachButton isDisabled={isSending} onChosen={(chosen) => void files.attach(chosen)} />
        <span className="save-state" role="status">
          {t(states[saveState])}
        </span>
        <button type="button" className="button quiet" data-testid="discard" onClick={() => void discard()}>
          <Trash2 size={15} aria-hidden="true" />
          {t('composer.discard')}
        </button>
        <button
          type="button"
          className="button quiet"
          data-testid="keep-draft"
          aria-label={t('composer.close')}
          title={t('composer.close')}
          onClick={onEnd}
        >
          <X size={16} aria-hidden="true" />
        </button>
      </footer>
    </form>
  );
}

function Problem({ error }: { readonly error: AppError }) {
  const { t, size } = useLanguage();
  const limit = error.context?.limit;
  if (error.code !== 'input.invalid' || typeof limit !== 'number') return <ErrorNote error={error} />;
  return (
    <p role="alert" className="error-note" data-testid="too-large">
      {t('composer.tooLarge', { limit: size(limit) })}
    </p>
  );
}

function textOf({ from, to, cc, bcc, subject, text }: Fields): DraftText {
  return {
    from,
    to: readRecipients(to),
    cc: readRecipients(cc),
    bcc: readRecipients(bcc),
    subject,
    text,
  };
}

const isAboutRecipients = ({ code, context }: AppError): boolean =>
  code === 'input.invalid' && ['to', 'cc', 'bcc'].includes(String(context?.field));

/** Lives as long as the composer is shown; saves at once when the window loses the focus or goes. */
function useKeeper(
  draft: Draft,
  isFresh: boolean,
  onState: (state: KeeperState, error: AppError | null) => void,
): DraftKeeper {
  const [keeper] = useState(
    () =>
      new DraftKeeper(isFresh, {
        save: ({ to, cc, bcc, ...rest }) =>
          relevo.drafts.save({ draftId: draft.id, to: [...to], cc: [...cc], bcc: [...bcc], ...rest }),
        discard: () => relevo.drafts.discard({ draftId: draft.id }),
        onState,
      }),
  );
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    const flush = () => void keeper.flush();
    window.addEventListener('blur', flush);
    window.addEventListener('pagehide', flush);
    return () => {
      isShown.current = false;
      window.removeEventListener('blur', flush);
      window.removeEventListener('pagehide', flush);
      // In development, React shows every component twice in a row.
      setTimeout(() => {
        if (!isShown.current) keeper.leave();
      }, 0);
    };
  }, [keeper]);
  return keeper;
}
