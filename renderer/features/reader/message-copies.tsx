import type { MessageView } from '../../../shared/model/conversation.ts';
import { relevo } from '../../bridge/relevo.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';

/**
 * Where a message stands in Exchange, where that is more than one place: what came there twice is shown once while it says
 * the same. And the message as a file.
 */
export function MessageCopies({ message }: { readonly message: MessageView }) {
  const { t, dateTime } = useLanguage();
  const tell = useToast();
  const { isBusy, error, run } = useAction();
  const { id, copies, isApart } = message;
  return (
    <details className="message-copies" data-testid="message-copies">
      <summary>
        {copies.length > 1 ? t('reader.copies', { count: copies.length }) : t('reader.details')}
      </summary>
      {copies.length > 1 && (
        <ul>
          {copies.map(({ folder, uid, arrivedAt }) => (
            <li key={`${folder} ${uid}`}>{t('reader.copyIn', { folder, time: dateTime(arrivedAt) })}</li>
          ))}
        </ul>
      )}
      <p className="card-actions">
        {copies.length > 1 && (
          <button
            type="button"
            className="text-link"
            data-testid="show-apart"
            disabled={isBusy}
            onClick={() => run(() => relevo.messages.showApart({ messageId: id, isApart: !isApart }))}
          >
            {t(isApart ? 'reader.showAsOne' : 'reader.showApart')}
          </button>
        )}
        <button
          type="button"
          className="text-link"
          data-testid="save-message"
          disabled={isBusy}
          onClick={() =>
            run(
              () => relevo.messages.export({ messageIds: [id] }),
              ({ isSaved }) => isSaved && tell(t('reader.attachmentSaved')),
            )
          }
        >
          {t('reader.saveMessage')}
        </button>
      </p>
      {error !== null && <ErrorNote error={error} />}
    </details>
  );
}
