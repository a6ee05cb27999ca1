import type { ParsedMessage } from '../mime/types.ts';
import { threadGuid } from './thread-index.ts';

/** A header of thousands of ids is an attack or a broken list: the ends say enough. */
const maximumIds = 200;

/**
 * What ties a message to a conversation: messages that share a key, directly or through others, are one conversation.
 * Its own id, every id it answers or refers to, and the GUID of its Thread-Index. Never the subject: "Invoice" is
 * written by everybody.
 */
export function conversationKeys(
  message: Pick<
    ParsedMessage,
    'internetMessageId' | 'originalMessageId' | 'inReplyTo' | 'references' | 'threadIndex'
  >,
): readonly string[] {
  const ids = [...message.inReplyTo, ...message.references];
  const related = ids.length <= maximumIds ? ids : [...ids.slice(0, 1), ...ids.slice(1 - maximumIds)];
  const own = message.originalMessageId === null ? [] : [message.originalMessageId];
  const guid = message.threadIndex === null ? null : threadGuid(message.threadIndex);
  const keys = [message.internetMessageId, ...own, ...related].map((id) => `id:${id}`);
  return [...new Set(guid === null ? keys : [...keys, `ti:${guid}`])];
}
