import { ImageOff } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { attachmentPath } from '../../../shared/contract/index.ts';
import type { AttachmentSummary, MessageView } from '../../../shared/model/conversation.ts';
import { useLanguage } from '../../ui/language.tsx';
import { frameHeight } from './frame-height.ts';
import { sanitizeMail } from './sanitize.ts';

const noPictures: ReadonlyMap<string, string> = new Map();

/** The HTML of a message, behind every wall there is: no script, no origin, no window, no network. */
export function MailFrame({ message, html }: { readonly message: MessageView; readonly html: string }) {
  const { t } = useLanguage();
  const [pictures, setPictures] = useState(noPictures);
  const safe = useMemo(() => sanitizeMail(html, pictures), [html, pictures]);
  const shown = safe.contentIds.join(' ');

  useEffect(() => {
    let isWanted = true;
    const wanted = new Set(shown.split(' '));
    const inline = message.attachments.filter(
      ({ contentId, isHere }) => isHere && contentId !== null && wanted.has(contentId),
    );
    if (inline.length === 0) return;
    void Promise.all(inline.map(loadPicture)).then((loaded) => {
      if (isWanted) setPictures(new Map(loaded.filter((entry) => entry !== null)));
    });
    return () => {
      isWanted = false;
    };
  }, [message.attachments, shown]);

  return (
    <>
      {safe.remoteCount > 0 && (
        <p className="remote-notice" data-testid="remote-notice">
          <ImageOff size={14} aria-hidden="true" />
          {t('reader.remoteBlocked', { count: safe.remoteCount })}
        </p>
      )}
      <iframe
        className="mail-frame"
        data-testid="mail-frame"
        title={t('reader.mailContent')}
        sandbox=""
        srcDoc={safe.page}
        referrerPolicy="no-referrer"
        style={{ minHeight: frameHeight(message.text, safe.contentIds.length) }}
      />
    </>
  );
}

/** The bytes come from this computer, under the window's own address. */
async function loadPicture(attachment: AttachmentSummary): Promise<readonly [string, string] | null> {
  const response = await fetch(`${attachmentPath}${attachment.id}`);
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok || !type.startsWith('image/')) return null;
  const picture = await response.blob();
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve([attachment.contentId ?? '', String(reader.result)]);
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(picture);
  });
}
