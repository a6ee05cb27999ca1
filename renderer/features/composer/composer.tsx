import { EditorContent } from '@tiptap/react';
import { Send, Trash2, Type, X } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
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
import { type Doubt, doubtAbout } from './before-sending.ts';
import { picturesIn } from './clean-html.ts';
import { DraftKeeper, type KeeperState } from './draft-keeper.ts';
import { Field, RecipientsField } from './fields.tsx';
import { FromField } from './from-field.tsx';
import { isPicture, pictureLoader } from './pictures.ts';
import { QuotationBlock } from './quotation.tsx';
import { isComplete, readRecipients, writeRecipients } from './recipients.ts';
import { SendLater } from './send-later.tsx';
import { Toolbar } from './toolbar.tsx';
import { type Body, useBody } from './use-body.ts';
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

type Asked = Doubt & { readonly leavesAt: EpochMs | null };

interface Fields {
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  readonly subject: string;
}

const states = {
  saved: 'composer.saved',
  changed: 'composer.saving',
  saving: 'composer.saving',
  failed: 'composer.notSaved',
} as const satisfies Readonly<Record<KeeperState, string>>;

/** Whatever is typed survives: a crash, a closed window, a change of mind. */
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
  }));
  const shown = useRef(fields);
  const [saveState, setSaveState] = useState<KeeperState>('saved');
  const [isSending, setSending] = useState(false);
  const [doubt, setDoubt] = useState<Asked | null>(null);
  const dispelled = useRef(new Set<Doubt['kind']>());
  const [problem, setProblem] = useState<AppError | 'recipient' | null>(null);
  const [showsBcc, setShowsBcc] = useState(draft.bcc.length > 0);
  const [withFiles, setWithFiles] = useState<Pick<Draft, 'attachments' | 'notPassedOn'>>(draft);
  const toField = useRef<HTMLInputElement>(null);
  const body = useRef<Body | null>(null);
  const known = useRef(withFiles.attachments);
  // Known at once: a picture is shown before React has drawn the list again.
  const showFiles = (changed: Draft) => {
    known.current = changed.attachments;
    setWithFiles(changed);
  };
  const [loadPicture] = useState(() => pictureLoader(draft.id, () => known.current));
  const keeper = useKeeper(draft, isFresh, body, showFiles, (state, error) => {
    setSaveState(state);
    if (error !== null) setProblem(error);
  });
  const files = useFiles(
    draft,
    (changed) => {
      keeper.touch();
      showFiles(changed);
    },
    (error) => setProblem(error),
  );

  const insertPictures = async (chosen: readonly File[], at: number | null = null) => {
    for (const file of chosen.filter(isPicture)) {
      const contentId = await files.picture(file);
      const editor = body.current?.editor ?? null;
      if (contentId === null || editor === null) return;
      const place = Math.min(at ?? editor.state.selection.to, editor.state.doc.content.size);
      editor.chain().insertContentAt(place, { type: 'image', attrs: { contentId } }).focus().run();
    }
  };

  const written = useBody({
    draft,
    isFresh,
    loadPicture,
    onChange: (isTouched) => {
      if (isTouched) setProblem(null);
      keeper.change(shown.current, isTouched);
    },
    onPictures: (chosen, at) => void insertPictures(chosen, at),
    onProblem: setProblem,
  });
  body.current = written;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each draft, which is the composer's key
  useEffect(() => {
    if (draft.to.length > 0) written.focus();
    else toField.current?.focus();
  }, []);

  const change = (changed: Partial<Fields>) => {
    const next = { ...shown.current, ...changed };
    shown.current = next;
    setFields(next);
    setProblem(null);
    keeper.change(next);
  };

  const writeAs = (from: string) => {
    const signatureOf = (address: string) =>
      identities.find((identity) => isSameAddress(identity.address, address))?.signature ?? '';
    written.sign(signatureOf(fields.from), signatureOf(from));
    change({ from });
  };

  const withoutSignature = (text: string): string =>
    swapSignature(
      text,
      identities.find(({ address }) => isSameAddress(address, fields.from))?.signature ?? '',
      '',
    );

  const send = async (leavesAt: EpochMs | null = null) => {
    if (isSending) return;
    const { to, cc, bcc } = recipientsOf(fields);
    const recipients = [...to, ...cc, ...bcc];
    if (recipients.length === 0 || !recipients.every(isComplete)) {
      setProblem('recipient');
      toField.current?.focus();
      return;
    }
    const asks = doubtAbout({
      kind: draft.kind,
      ownText: withoutSignature(written.ownText()),
      subject: fields.subject,
      hasFiles: withFiles.attachments.length > 0,
      recipients: recipients.length,
    });
    if (asks !== null && !dispelled.current.has(asks.kind)) {
      setDoubt({ ...asks, leavesAt });
      return;
    }
    setDoubt(null);
    setSending(true);
    const isWhole = await written.whole();
    // What was opened and is sent as it stands has been through the editor, too.
    if (isWhole && written.editor !== null) keeper.change(shown.current);
    const answer =
      isWhole && (await keeper.flush()) ? await relevo.drafts.send({ draftId: draft.id, leavesAt }) : null;
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

  /** The pictures that only the quotation showed are left out with it. */
  const turnPlain = async () => {
    const quoted = new Set(picturesIn(written.quotation?.html ?? ''));
    written.turnPlain();
    for (const { id, contentId } of known.current)
      if (contentId !== null && quoted.has(contentId)) await files.detach(id);
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
        if (event.isDefaultPrevented() || event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        void files.attach([...event.dataTransfer.files]);
      }}
    >
      <FromField value={fields.from} identities={identities} onChange={writeAs} />
      <RecipientsField
        accountId={draft.accountId}
        label={t('composer.to')}
        value={fields.to}
        inputRef={toField}
        hasProblem={problem === 'recipient'}
        testId="composer-to"
        onChange={(to) => change({ to })}
      />
      <RecipientsField
        accountId={draft.accountId}
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
          accountId={draft.accountId}
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
      {written.editor === null ? (
        <div className="plain-text-frame">
          <textarea
            ref={written.field}
            data-testid="composer-text"
            aria-label={t('composer.text')}
            dir="auto"
            value={written.text}
            onChange={(event) => written.write(event.target.value)}
          />
          <button
            type="button"
            className="button quiet"
            data-testid="format-rich"
            aria-label={t('format.rich')}
            title={t('format.rich')}
            onClick={written.turnRich}
          >
            <Type size={15} aria-hidden="true" />
          </button>
        </div>
      ) : (
        <>
          <Toolbar
            editor={written.editor}
            onPictures={(chosen) => void insertPictures(chosen)}
            onPlain={() => void turnPlain()}
          />
          <EditorContent editor={written.editor} className="rich-text-frame" />
        </>
      )}
      {written.quotation !== null && (
        <QuotationBlock
          quotation={written.quotation}
          loadPicture={loadPicture}
          onAnswerBetween={written.answerBetween}
          onRemove={written.removeQuotation}
        />
      )}
      <Attachments
        attachments={withFiles.attachments.filter(
          ({ contentId }) => contentId === null || written.editor === null,
        )}
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
      {doubt !== null && (
        <DoubtNote
          doubt={doubt}
          onSend={() => {
            dispelled.current.add(doubt.kind);
            void send(doubt.leavesAt);
          }}
          onBack={() => {
            setDoubt(null);
            written.focus();
          }}
        />
      )}
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

/** Asked once: whoever says yes is not asked again. */
function DoubtNote(props: {
  readonly doubt: Doubt;
  readonly onSend: () => void;
  readonly onBack: () => void;
}) {
  const { doubt, onSend, onBack } = props;
  const { t } = useLanguage();
  return (
    <div role="alert" className="composer-doubt" data-testid="doubt">
      <span>
        {doubt.kind === 'manyPeople'
          ? t('composer.manyPeople', { count: doubt.count })
          : t('composer.noAttachment')}
      </span>
      {/* biome-ignore lint/a11y/noAutofocus: the question is the answer to a press of Send */}
      <button type="button" className="button" autoFocus data-testid="doubt-back" onClick={onBack}>
        {t('composer.goBack')}
      </button>
      <button type="button" className="button" data-testid="doubt-send" onClick={onSend}>
        {t('composer.sendAnyway')}
      </button>
    </div>
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

function recipientsOf({ to, cc, bcc }: Fields) {
  return { to: [...readRecipients(to)], cc: [...readRecipients(cc)], bcc: [...readRecipients(bcc)] };
}

const isAboutRecipients = ({ code, context }: AppError): boolean =>
  code === 'input.invalid' && ['to', 'cc', 'bcc'].includes(String(context?.field));

/** Lives as long as the composer is shown; saves at once when the window loses the focus or goes. */
function useKeeper(
  draft: Draft,
  isFresh: boolean,
  body: RefObject<Body | null>,
  onFiles: (draft: Draft) => void,
  onState: (state: KeeperState, error: AppError | null) => void,
): DraftKeeper<Fields> {
  const [keeper] = useState(
    () =>
      new DraftKeeper<Fields>(isFresh, {
        save: async (fields) => {
          const { from, subject } = fields;
          const saved = body.current?.read() ?? { text: draft.text, html: draft.html };
          const answer = await relevo.drafts.save({
            draftId: draft.id,
            from,
            subject,
            ...recipientsOf(fields),
            ...saved,
          });
          if (!answer.ok) return answer;
          body.current?.noteSaved(saved);
          if (saved.quotedHtml !== undefined) onFiles(answer.value);
          return answer;
        },
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
