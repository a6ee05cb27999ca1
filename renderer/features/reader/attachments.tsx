import { Paperclip } from 'lucide-react';
import { useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { AttachmentSummary } from '../../../shared/model/conversation.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';

export function Attachments({ attachments }: { readonly attachments: readonly AttachmentSummary[] }) {
  const { t, size } = useLanguage();
  const [outcome, setOutcome] = useState<'saved' | AppError | null>(null);
  if (attachments.length === 0) return null;

  const save = async (attachment: AttachmentSummary) => {
    const answer = await relevo.conversations.saveAttachment({ attachmentId: attachment.id });
    setOutcome(answer.ok ? (answer.value.isSaved ? 'saved' : null) : answer.error);
  };

  return (
    <section aria-label={t('reader.attachments')} className="attachments">
      <ul>
        {attachments.map((attachment) => {
          const name = attachment.fileName === '' ? t('reader.unnamedAttachment') : attachment.fileName;
          return (
            <li key={attachment.id}>
              <button
                type="button"
                className="button"
                data-testid="attachment"
                aria-label={t('reader.saveAttachment', { name, size: size(attachment.size) })}
                onClick={() => void save(attachment)}
              >
                <Paperclip size={14} aria-hidden />
                <span className="attachment-name">{name}</span>
                <span className="soft">{size(attachment.size)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {outcome === 'saved' && <p role="status">{t('reader.attachmentSaved')}</p>}
      {outcome !== null && outcome !== 'saved' && <ErrorNote error={outcome} />}
    </section>
  );
}
