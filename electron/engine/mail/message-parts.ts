import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow';
import { isGiven } from './given.ts';
import type { RemoteParts, ToldPart } from './types.ts';

/** Sections that are asked for in one command, which Exchange takes up to 10,240 bytes of. */
const sectionsAtOnce = 100;

export function toldPart(node: MessageStructureObject): ToldPart {
  const isMultipart = node.type.startsWith('multipart/');
  const size = node.size ?? Number.NaN;
  return {
    section: node.part ?? (isMultipart ? '' : '1'),
    type: node.type.toLowerCase(),
    // RFC 2045 section 6.8: 57 bytes in a line of 76 characters and its end.
    size: isMultipart ? 0 : node.encoding?.toLowerCase() === 'base64' ? Math.floor((size * 57) / 78) : size,
    isAttached: node.disposition?.toLowerCase() === 'attachment',
    children: isMultipart ? (node.childNodes ?? []).map(toldPart) : [],
  };
}

/** Headers and bodies of some parts of a message in the open folder; null when it is gone. */
export async function fetchParts(
  client: ImapFlow,
  uid: number,
  wanted: { readonly headers: readonly string[]; readonly bodies: readonly string[] },
): Promise<{ readonly row: FetchMessageObject; readonly parts: RemoteParts } | null> {
  const place = { uid: true, flags: true, internalDate: true };
  const row = await client.fetchOne(String(uid), { ...place, headers: true }, { uid: true });
  if (!row || !isGiven(row.headers)) return null;
  const headers = new Map<string, Uint8Array>();
  const bodies = new Map<string, Uint8Array>();
  const sections = [...wanted.headers.map((section) => `${section}.MIME`), ...wanted.bodies];
  for (let at = 0; at < sections.length; at += sectionsAtOnce) {
    const bodyParts = sections.slice(at, at + sectionsAtOnce);
    const some = await client.fetchOne(String(uid), { uid: true, bodyParts }, { uid: true });
    if (!some) return null;
    for (const [name, bytes] of some.bodyParts ?? []) {
      if (!isGiven(bytes)) continue;
      const section = name.replace(/\.mime$/i, '');
      (section === name ? bodies : headers).set(section, bytes);
    }
  }
  return { row, parts: { header: row.headers, headers, bodies } };
}
