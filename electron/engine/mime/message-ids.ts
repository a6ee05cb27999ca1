import type { InternetMessageId } from '../../../shared/model/ids.ts';

const maximumLength = 998;

/**
 * The ids of a Message-ID, In-Reply-To or References value (RFC 5322 section 3.6.4), in order, each once. What real
 * mail does is understood as well: ids without brackets, ids glued together, comments and words between them.
 */
export function readMessageIds(value: string): readonly InternetMessageId[] {
  const bracketed = [...value.matchAll(/<([^<>]+)>/g)].map(([, id]) => (id ?? '').replace(/\s+/g, ''));
  const found = bracketed.length > 0 ? bracketed : value.split(/[\s,]+/).filter((word) => word.includes('@'));
  const usable = found.filter((id) => id !== '' && id.length <= maximumLength);
  return [...new Set(usable)] as InternetMessageId[];
}
