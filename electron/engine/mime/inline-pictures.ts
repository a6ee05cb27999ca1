import type { AttachedPart } from './body.ts';
import type { ParsedAttachment } from './types.ts';

const maximumReferences = 5000;

/**
 * Binds pictures to their places in the HTML: by `cid:` (RFC 2392), and by Content-Location (RFC 2557), whose places are
 * rewritten to `cid:`. What the HTML does not show is no inline picture, whatever its disposition says: it is listed.
 */
export function bindPictures(
  html: string | null,
  parts: readonly AttachedPart[],
): { readonly html: string | null; readonly attachments: readonly ParsedAttachment[] } {
  if (html === null)
    return { html, attachments: parts.map((part) => attachmentOf(part, part.contentId, false)) };
  const shown = shownContentIds(html);
  let bound = html;
  const attachments = parts.map((part, index) => {
    if (part.contentId !== null && shown.has(part.contentId.toLowerCase()))
      return attachmentOf(part, part.contentId, true);
    if (part.contentLocation === null) return attachmentOf(part, part.contentId, false);
    const contentId = part.contentId ?? `location-${index + 1}@content-location.invalid`;
    const placed = placeLocation(bound, part.contentLocation, contentId);
    if (placed === null) return attachmentOf(part, part.contentId, false);
    bound = placed;
    return attachmentOf(part, contentId, true);
  });
  return { html: bound, attachments };
}

function attachmentOf(part: AttachedPart, contentId: string | null, isInline: boolean): ParsedAttachment {
  const { fileName, contentType, content, absentSize } = part;
  return {
    fileName,
    contentType,
    contentId,
    isInline,
    content,
    ...(absentSize === undefined ? {} : { absentSize }),
  };
}

function shownContentIds(html: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const [, written = ''] of html.matchAll(/\bcid:([^"'\s<>)]{1,1000})/gi)) {
    ids.add(written.toLowerCase());
    ids.add(decoded(written.replaceAll('&amp;', '&')).toLowerCase());
    if (ids.size > maximumReferences) break;
  }
  return ids;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The HTML with the location, as the whole value of an attribute or of `url()`, replaced; null when it is not there. */
function placeLocation(html: string, location: string, contentId: string): string | null {
  const url = location.replace(/\s/g, '');
  if (url === '' || url.length > 2000 || !html.includes(url)) return null;
  const escaped = url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const place = new RegExp(`(["'(=]\\s*)${escaped}(?=\\s*["')>\\s])`, 'g');
  const placed = html.replace(place, (_whole, before: string) => `${before}cid:${encodeURI(contentId)}`);
  return placed === html ? null : placed;
}
