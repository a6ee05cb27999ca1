import { Paperclip, X } from 'lucide-react';
import { useRef } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { DraftAttachmentId } from '../../../shared/model/ids.ts';
import type { Draft } from '../../../shared/model/outgoing.ts';
import { relevo } from '../../bridge/relevo.ts';
import { useLanguage } from '../../ui/language.tsx';

/** Puts files into the draft and takes them out. A file is in the database as soon as it is shown. */
export function useFiles(
  { id: draftId }: Draft,
  onChange: (draft: Draft) => void,
  onProblem: (error: AppError) => void,
) {
  const put = async (file: File, contentId: string | null): Promise<boolean> => {
    const answer = await relevo.drafts.attach({
      draftId,
      fileName: file.name.slice(-255),
      contentType: file.type === '' ? 'application/octet-stream' : file.type,
      content: new Uint8Array(await file.arrayBuffer()),
      contentId,
    });
    if (answer.ok) onChange(answer.value);
    else onProblem(answer.error);
    return answer.ok;
  };
  return {
    attach: async (files: readonly File[]): Promise<void> => {
      for (const file of files) if (!(await put(file, null))) return;
    },
    /** A picture in the text. Yields its Content-ID; null: it could not be put into the draft, which was said. */
    picture: async (file: File): Promise<string | null> => {
      const contentId = `${crypto.randomUUID()}@picture`;
      return (await put(file, contentId)) ? contentId : null;
    },
    detach: async (attachmentId: DraftAttachmentId): Promise<void> => {
      const answer = await relevo.drafts.detach({ draftId, attachmentId });
      if (answer.ok) onChange(answer.value);
      else onProblem(answer.error);
    },
  };
}

interface AttachButtonProps {
  readonly isDisabled: boolean;
  readonly onChosen: (files: readonly File[]) => void;
}

export function AttachButton({ isDisabled, onChosen }: AttachButtonProps) {
  const { t } = useLanguage();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="button quiet"
        data-testid="attach"
        aria-label={t('composer.attach')}
        title={t('composer.attach')}
        disabled={isDisabled}
        onClick={() => input.current?.click()}
      >
        <Paperclip size={15} aria-hidden="true" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="attach-files"
        onChange={(event) => {
          onChosen([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}

interface AttachmentsProps extends Pick<Draft, 'attachments' | 'notPassedOn'> {
  readonly isSending: boolean;
  readonly onDetach: (id: DraftAttachmentId) => Promise<void>;
}

/** What goes along. */
export function Attachments({ attachments, notPassedOn, isSending, onDetach }: AttachmentsProps) {
  const { t, size } = useLanguage();
  if (attachments.length + notPassedOn.length === 0) return null;
  return (
    <ul className="composer-attachments">
      {attachments.map((file) => (
        <li key={file.id} className="chip" data-testid="draft-attachment">
          {file.fileName} <span className="soft">{size(file.size)}</span>
          <button
            type="button"
            aria-label={t('composer.detach', { name: file.fileName })}
            title={t('composer.detach', { name: file.fileName })}
            disabled={isSending}
            onClick={() => void onDetach(file.id)}
          >
            <X size={12} aria-hidden="true" />
          </button>
        </li>
      ))}
      {notPassedOn.length > 0 && (
        <li className="soft" data-testid="not-passed-on">
          {t('composer.notPassedOn', { names: notPassedOn.join(', ') })}
        </li>
      )}
    </ul>
  );
}
