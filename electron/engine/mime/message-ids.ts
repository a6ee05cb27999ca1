import type { InternetMessageId } from '../../../shared/model/ids.ts';

/** A line of a message is at most this long (RFC 5322 section 2.1.1): a longer id cannot be sent on. */
const maximumLength = 900;

/**
 * The ids of a Message-ID or References value (RFC 5322 section 3.6.4), in order, each once. What real mail does is
 * understood as well: ids without brackets, ids glued together, comments and words between them.
 */
export function readMessageIds(value: string): readonly InternetMessageId[] {
  const bracketed = [...value.matchAll(/<([^<>]+)>/g)].map(([, id]) => (id ?? '').replace(/\s+/g, ''));
  const found = bracketed.length > 0 ? bracketed : value.split(/[\s,]+/).filter((word) => word.includes('@'));
  const usable = found.filter((id) => id !== '' && id.length <= maximumLength);
  return [...new Set(usable)] as InternetMessageId[];
}

/** The id in a Message-ID value: also one word that is no proper id, as long as it is alone. */
export function readMessageId(value: string): InternetMessageId | null {
  const [first] = readMessageIds(value);
  if (first !== undefined) return first;
  const word = value.trim().replace(/^<|>$/g, '');
  return /^[^\s<>]{1,900}$/.test(word) ? (word as InternetMessageId) : null;
}

/**
 * The ids of an In-Reply-To value. Where it holds words ("Your message of Monday <bob@x.example>") the brackets may
 * hold an address, which would tie everybody's mail together: then References are believed, if there are any.
 */
export function readInReplyTo(value: string, hasReferences: boolean): readonly InternetMessageId[] {
  const isOnlyIds = value.replace(/<[^<>]+>/g, '').trim() === '';
  return isOnlyIds || !hasReferences ? readMessageIds(value) : [];
}
