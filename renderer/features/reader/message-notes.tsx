import {
  Flag,
  Hourglass,
  Lock,
  type LucideIcon,
  MailCheck,
  MailOpen,
  MailX,
  Signature,
  Trash2,
} from 'lucide-react';
import type { MessageId } from '../../../shared/model/ids.ts';
import type { MessageNature, ReportedRecipient } from '../../../shared/model/message-nature.ts';
import { useLanguage } from '../../ui/language.tsx';
import { deliveryReason, type Note, notesOf } from './notes.ts';
import './message-notes.css';

/** More than these would be a page of their own; the mail itself names them all. */
const shownRecipients = 10;

const icons: Readonly<Record<Note, LucideIcon>> = {
  failed: MailX,
  delayed: Hourglass,
  delivered: MailCheck,
  read: MailOpen,
  deleted: Trash2,
  complaint: Flag,
  smimeSigned: Signature,
  pgpSigned: Signature,
  smimeEncrypted: Lock,
  pgpEncrypted: Lock,
};

interface MessageNotesProps {
  readonly nature: MessageNature;
  /** Goes to another message of the conversation. */
  readonly onShow: (messageId: MessageId) => void;
}

/** What a message is beyond its words, a line for each. */
export function MessageNotes({ nature, onShow }: MessageNotesProps) {
  const { t } = useLanguage();
  const { report } = nature;
  const original = report?.originalId ?? null;
  const notes = notesOf(nature);
  if (notes.length === 0) return null;
  return (
    <ul className="message-notes" aria-label={t('note.label')} data-testid="message-notes">
      {notes.map((note) => {
        const Icon = icons[note];
        return (
          <li key={note} data-note={note}>
            <Icon size={15} aria-hidden="true" />
            <div>
              <p>{t(`note.${note}`)}</p>
              {note === report?.kind && <Recipients recipients={report.recipients} />}
              {note === report?.kind && original !== null && (
                <button
                  type="button"
                  className="button"
                  data-testid="show-original"
                  onClick={() => onShow(original)}
                >
                  {t('note.showOriginal')}
                </button>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Recipients({ recipients }: { readonly recipients: readonly ReportedRecipient[] }) {
  const { t } = useLanguage();
  const shown = recipients.slice(0, shownRecipients);
  const more = recipients.length - shown.length;
  if (shown.length === 0) return null;
  return (
    <ul className="reported-recipients">
      {shown.map((recipient, index) => {
        const reason = deliveryReason(recipient);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the recipients of one report never change places
          <li key={index}>
            <bdi className="reported-address">{recipient.address}</bdi>
            {reason !== null && <span>{t(`reason.${reason}`)}</span>}
            {recipient.reason !== '' && (
              <span className="soft" dir="auto">
                {t('note.serverSaid', { words: recipient.reason })}
              </span>
            )}
          </li>
        );
      })}
      {more > 0 && <li className="soft">{t('note.moreRecipients', { count: more })}</li>}
    </ul>
  );
}
