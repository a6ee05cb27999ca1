import type { MailFolder } from '../../../shared/model/conversation.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { useFolders } from '../../bridge/queries.ts';
import { useLanguage } from '../../ui/language.tsx';
import { Picker } from '../../ui/picker.tsx';

/** Asks for the folder that a conversation is to be moved to. */
export function MoveDialog({
  accountId,
  onChosen,
  onClose,
}: {
  readonly accountId: AccountId;
  readonly onChosen: (folder: MailFolder) => void;
  readonly onClose: () => void;
}) {
  const { t } = useLanguage();
  const folders = useFolders(accountId).data ?? [];
  const nameOf = ({ path, role }: MailFolder): string => (role === 'inbox' ? t('view.inbox') : path);
  return (
    <Picker
      label={t('tidy.moveTitle')}
      placeholder={t('tidy.moveFilter')}
      testId="move-dialog"
      options={folders.map((folder) => ({ key: folder.path, text: nameOf(folder), hint: '', value: folder }))}
      onChosen={onChosen}
      onClose={onClose}
    />
  );
}
