import type { Draft, DraftAttachment } from '../../../shared/model/outgoing.ts';
import { relevo } from '../../bridge/relevo.ts';
import type { LoadPicture } from './extensions.ts';

/** Raster formats only: an SVG is a document. */
const shownTypes = /^image\/(?:png|jpeg|gif|webp|bmp)$/i;

export const isPicture = ({ type }: { readonly type: string }): boolean => shownTypes.test(type);

/** Reads the pictures of a draft out of the database, each once. */
export function pictureLoader(
  draftId: Draft['id'],
  attachments: () => readonly DraftAttachment[],
): LoadPicture {
  const loaded = new Map<string, Promise<string | null>>();
  return (contentId) => {
    const attachment = attachments().find((one) => one.contentId === contentId);
    if (attachment === undefined || !shownTypes.test(attachment.contentType)) return Promise.resolve(null);
    const known = loaded.get(contentId);
    if (known !== undefined) return known;
    const loading = relevo.drafts
      .readAttachment({ draftId, attachmentId: attachment.id })
      .then((answer) => (answer.ok ? dataUrl(answer.value.content, attachment.contentType) : null));
    loaded.set(contentId, loading);
    return loading;
  };
}

function dataUrl(content: Uint8Array, type: string): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(new Blob([Uint8Array.from(content)], { type }));
  });
}
