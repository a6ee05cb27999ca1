import { CloudDownload, Download, Eye, Paperclip, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { AttachmentSummary } from '../../../shared/model/conversation.ts';
import type { MessageId } from '../../../shared/model/ids.ts';
import { useFetchProgress } from '../../bridge/queries.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';
import { dangerOf, previewOf } from './attachment-kind.ts';
import { AttachmentPreview } from './attachment-preview.tsx';

interface AttachmentsProps {
  readonly messageId: MessageId;
  readonly attachments: readonly AttachmentSummary[];
}

/** What a message carries: to be saved, or, where only the entry is in the copy, to be fetched first. */
export function Attachments({ messageId, attachments }: AttachmentsProps) {
  const { t } = useLanguage();
  const fetching = useAction();
  if (attachments.length === 0) return null;
  const lacks = attachments.some(({ isHere }) => !isHere);
  return (
    <div className="attachments">
      <ul aria-label={t('reader.attachments')}>
        {attachments.map((attachment) => (
          <li key={attachment.id}>
            {attachment.isHere ? (
              <Here attachment={attachment} />
            ) : (
              <Absent
                attachment={attachment}
                isBusy={fetching.isBusy}
                onFetch={() => fetching.run(() => relevo.attachments.fetch({ attachmentId: attachment.id }))}
              />
            )}
          </li>
        ))}
      </ul>
      {lacks && fetching.isBusy && <Progress messageId={messageId} />}
      {lacks && fetching.error !== null && (
        <div data-testid="attachment-error" data-code={fetching.error.code}>
          {fetching.error.code === 'server.unavailable' ? (
            <p className="remark" role="alert">
              {t('reader.fetchLater')}
            </p>
          ) : (
            <ErrorNote error={fetching.error} />
          )}
        </div>
      )}
    </div>
  );
}

function Here({ attachment }: { readonly attachment: AttachmentSummary }) {
  const { t } = useLanguage();
  const tell = useToast();
  const name = useName(attachment);
  const save = async () => {
    const answer = await relevo.conversations.saveAttachment({ attachmentId: attachment.id });
    if (!answer.ok) tell(answer.error);
    else if (answer.value.isSaved) tell(t('reader.attachmentSaved'));
  };
  const [isShown, setShown] = useState(false);
  const kind = previewOf(attachment);
  const danger = dangerOf(attachment.fileName);
  return (
    <span className="attachment-part">
      <button
        type="button"
        className="attachment"
        data-testid="attachment"
        title={t('reader.saveAttachment', { name })}
        onClick={() => void save()}
      >
        <Paperclip size={15} aria-hidden="true" />
        <Label attachment={attachment} />
        {danger !== null && (
          <span
            className="chip"
            data-tone={danger === 'macros' ? 'amber' : 'red'}
            data-testid="attachment-danger"
          >
            <TriangleAlert size={12} aria-hidden="true" />
            {t(`attachment.${danger}`)}
          </span>
        )}
        <Download size={15} role="img" aria-label={t('reader.save')} />
      </button>
      {kind !== null && danger === null && (
        <button
          type="button"
          className="button icon-button"
          data-testid="attachment-look"
          aria-label={t('attachment.look', { name })}
          title={t('attachment.look', { name })}
          onClick={() => setShown(true)}
        >
          <Eye size={15} aria-hidden="true" />
        </button>
      )}
      {isShown && kind !== null && (
        <AttachmentPreview
          attachment={attachment}
          kind={kind}
          onSave={() => void save()}
          onClose={() => setShown(false)}
        />
      )}
    </span>
  );
}

interface AbsentProps {
  readonly attachment: AttachmentSummary;
  readonly isBusy: boolean;
  readonly onFetch: () => void;
}

function Absent({ attachment, isBusy, onFetch }: AbsentProps) {
  const { t } = useLanguage();
  const name = useName(attachment);
  return (
    <button
      type="button"
      className="attachment"
      data-testid="attachment-absent"
      disabled={isBusy}
      title={t('reader.fetchAttachment', { name })}
      onClick={onFetch}
    >
      <Paperclip size={15} aria-hidden="true" />
      <Label attachment={attachment} />
      <span className="attachment-size">{t('reader.notInCopy')}</span>
      <CloudDownload size={15} role="img" aria-label={t('reader.fetch')} />
    </button>
  );
}

function Label({ attachment }: { readonly attachment: AttachmentSummary }) {
  const { size } = useLanguage();
  return (
    <>
      <span className="attachment-name">{useName(attachment)}</span>
      <span className="attachment-size">{size(attachment.size)}</span>
    </>
  );
}

function useName({ fileName }: AttachmentSummary): string {
  const { t } = useLanguage();
  return fileName === '' ? t('reader.unnamedAttachment') : fileName;
}

function Progress({ messageId }: { readonly messageId: MessageId }) {
  const { t, size } = useLanguage();
  const found = useFetchProgress().data?.find((one) => one.messageId === messageId);
  const label =
    found === undefined
      ? t('reader.fetching')
      : t('reader.fetched', { received: size(found.received), total: size(found.total) });
  return (
    <div className="attachment-progress" data-testid="attachment-progress">
      <progress aria-label={t('reader.fetching')} value={found?.received} max={found?.total} />
      <span className="attachment-size">{label}</span>
    </div>
  );
}
