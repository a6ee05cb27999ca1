import type { ParsedMessage } from '../mime/types.ts';
import { threadGuid } from './thread-index.ts';

/** A header of thousands of ids is an attack or a broken list: the ends say enough. */
const maximumIds = 200;

/**
 * What ties a message to a conversation: messages that share a key, directly or through others, are one conversation,
 * in whatever order they arrive. Its own id, the one it had before a server renamed it, every id it answers, refers to
 * or reports on, and the GUID of its Thread-Index. Never the subject: "Invoice" is written by everybody, and the same
 * two people write each other a "Weekly report" every week.
 */
export function conversationKeys(
  message: Pick<
    ParsedMessage,
    'internetMessageId' | 'originalMessageId' | 'inReplyTo' | 'references' | 'threadIndex' | 'report'
  >,
): readonly string[] {
  const ids = [...message.inReplyTo, ...message.references];
  const related = ids.length <= maximumIds ? ids : [...ids.slice(0, 1), ...ids.slice(1 - maximumIds)];
  const others = [message.originalMessageId, message.report?.originalMessageId ?? null];
  const own = others.filter((id) => id !== null);
  const guid = message.threadIndex === null ? null : threadGuid(message.threadIndex);
  const keys = [message.internetMessageId, ...own, ...related].map((id) => `id:${id}`);
  return [...new Set(guid === null ? keys : [...keys, `ti:${guid}`])];
}
