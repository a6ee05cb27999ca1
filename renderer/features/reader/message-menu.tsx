import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import type { MessageView } from '../../../shared/model/conversation.ts';
import { relevo } from '../../bridge/relevo.ts';
import { MenuButton, MenuItem, MenuNote } from '../../ui/command-menu.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';
import { SourceDialog } from './source-dialog.tsx';

/**
 * What is seldom wanted of a message: itself as a file, how it came, and where it stands in Exchange, where that is more
 * than one place: what came there twice is shown once while it says the same.
 */
export function MessageMenu({ message }: { readonly message: MessageView }) {
  const { t, dateTime } = useLanguage();
  const tell = useToast();
  const { run, error } = useAction();
  const [showsSource, setShowsSource] = useState(false);
  const { id, copies, isApart } = message;
  return (
    <>
      <MenuButton label={t('reader.more')} Icon={Ellipsis} testId="message-menu">
        <MenuItem
          label={t('reader.saveMessage')}
          testId="save-message"
          onClick={() =>
            run(
              () => relevo.messages.export({ messageIds: [id] }),
              ({ isSaved }) => isSaved && tell(t('reader.attachmentSaved')),
            )
          }
        />
        <MenuItem label={t('reader.source')} testId="show-source" onClick={() => setShowsSource(true)} />
        {copies.length > 1 && (
          <MenuItem
            label={t(isApart ? 'reader.showAsOne' : 'reader.showApart')}
            testId="show-apart"
            onClick={() => run(() => relevo.messages.showApart({ messageId: id, isApart: !isApart }))}
          />
        )}
        {copies.length > 1 &&
          copies.map(({ folder, uid, arrivedAt }) => (
            <MenuNote
              key={`${folder} ${uid}`}
              text={t('reader.copyIn', { folder, time: dateTime(arrivedAt) })}
            />
          ))}
      </MenuButton>
      {error !== null && <ErrorNote error={error} />}
      {showsSource && <SourceDialog messageId={id} onClose={() => setShowsSource(false)} />}
    </>
  );
}
