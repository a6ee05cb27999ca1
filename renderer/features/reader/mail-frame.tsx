import { ImageOff } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { attachmentPath } from '../../../shared/contract/index.ts';
import type { AttachmentSummary, MessageView } from '../../../shared/model/conversation.ts';
import { useLanguage } from '../../ui/language.tsx';
import { frameHeight } from './frame-height.ts';
import { sanitizeMail } from './sanitize.ts';

type Loaded = ReadonlyMap<string, string>;
const noPictures: Loaded = new Map();

/**
 * The HTML of a message, behind every wall there is: no script, no origin, no window, no network. The frame comes once the
 * pictures that the mail brings along are here, since a document that is replaced while it loads may stay.
 */
export function MailFrame({ message, html }: { readonly message: MessageView; readonly html: string }) {
  const { t } = useLanguage();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const wanted = useMemo(() => sanitizeMail(html).contentIds.join(' '), [html]);
  const inline = useMemo(() => {
    const ids = new Set(wanted.split(' '));
    return message.attachments.filter(
      ({ contentId, isHere }) => isHere && contentId !== null && ids.has(contentId),
    );
  }, [message.attachments, wanted]);
  const isReady = inline.length === 0 || loaded !== null;
  const pictures = inline.length === 0 ? noPictures : (loaded ?? noPictures);
  const safe = useMemo(() => sanitizeMail(html, pictures), [html, pictures]);

  useEffect(() => {
    if (inline.length === 0) return;
    let isWanted = true;
    void Promise.all(inline.map(loadPicture)).then((found) => {
      if (isWanted) setLoaded(new Map(found.filter((entry) => entry !== null)));
    });
    return () => {
      isWanted = false;
    };
  }, [inline]);

  const minHeight = frameHeight(message.text, safe.contentIds.length);
  return (
    <>
      {safe.remoteCount > 0 && (
        <p className="remote-notice" data-testid="remote-notice">
          <ImageOff size={14} aria-hidden="true" />
          {t('reader.remoteBlocked', { count: safe.remoteCount })}
        </p>
      )}
      {isReady ? (
        <iframe
          className="mail-frame"
          data-testid="mail-frame"
          data-dark={safe.bearsDark}
          title={t('reader.mailContent')}
          sandbox=""
          srcDoc={safe.page}
          referrerPolicy="no-referrer"
          style={{ minHeight }}
        />
      ) : (
        <div style={{ minHeight }} />
      )}
    </>
  );
}

/** The bytes come from this computer, under the window's own address. Null: not a picture, or not to be had. */
async function loadPicture(attachment: AttachmentSummary): Promise<readonly [string, string] | null> {
  const response = await fetch(`${attachmentPath}${attachment.id}`).catch(() => null);
  const type = response?.headers.get('content-type') ?? '';
  if (response?.ok !== true || !type.startsWith('image/')) return null;
  const picture = await response.blob();
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve([attachment.contentId ?? '', String(reader.result)]);
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(picture);
  });
}
