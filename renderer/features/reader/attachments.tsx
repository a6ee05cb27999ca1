import { Download, Paperclip } from 'lucide-react';
import type { AttachmentSummary } from '../../../shared/model/conversation.ts';
import { relevo } from '../../bridge/relevo.ts';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';

export function Attachments({ attachments }: { readonly attachments: readonly AttachmentSummary[] }) {
  const { t, size } = useLanguage();
  const tell = useToast();
  if (attachments.length === 0) return null;

  const save = async (attachment: AttachmentSummary) => {
    const answer = await relevo.conversations.saveAttachment({ attachmentId: attachment.id });
    if (!answer.ok) tell(answer.error);
    else if (answer.value.isSaved) tell(t('reader.attachmentSaved'));
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
                className="attachment"
                data-testid="attachment"
                title={t('reader.saveAttachment', { name })}
                onClick={() => void save(attachment)}
              >
                <Paperclip size={15} aria-hidden="true" />
                <span className="attachment-name">{name}</span>
                <span className="attachment-size">{size(attachment.size)}</span>
                <Download size={15} role="img" aria-label={t('reader.save')} />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
