import type { DraftAttachmentId, DraftId, MessageId } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import {
  type AnsweredMessage,
  type AttachedFile,
  attachFile,
  filesOfMessage,
  htmlOfMessage,
  setThreadOfDraft,
} from '../cache/queries/draft-store.ts';
import { sourceOf } from '../cache/queries/journal-store.ts';
import { newThread, type ThreadHeaders } from '../conversation/reply-headers.ts';
import { composeAttachedMessage } from '../mime/compose.ts';
import type { Random } from '../ports.ts';

/**
 * A message as a file of another one. Its bytes where they are here, which is so of what was written or came in an outage;
 * else made anew of what the copy holds of it: headers, text, HTML and files.
 */
export async function asFile(db: Database, message: AnsweredMessage): Promise<AttachedFile> {
  const content =
    sourceOf(db, message.id) ??
    (await composeAttachedMessage({
      ...message,
      html: htmlOfMessage(db, message.id),
      attachments: filesOfMessage(db, message.id),
      thread: threadOf(message),
    }));
  const name = message.subject
    .replace(/[^\p{L}\p{N}.,_-]+/gu, ' ')
    .trim()
    .slice(0, 80);
  return { fileName: `${name === '' ? 'message' : name}.eml`, contentType: 'message/rfc822', content };
}

export function attachFilesOf(db: Database, messageId: MessageId, draftId: DraftId, random: Random): void {
  for (const file of filesOfMessage(db, messageId))
    attachFile(db, draftId, random.uuid() as DraftAttachmentId, file);
}

/** What is sent again stands where it stood in its conversation. */
export function keepThreadOf(db: Database, message: AnsweredMessage, draftId: DraftId, random: Random): void {
  const thread = threadOf(message);
  const fallback = newThread(message.subject, message.sentAt, random);
  setThreadOfDraft(db, draftId, {
    ...thread,
    threadIndex: thread.threadIndex ?? fallback.threadIndex,
    threadTopic: thread.threadTopic ?? fallback.threadTopic,
  });
}

function threadOf({ references, threadIndex, threadTopic }: AnsweredMessage): Omit<
  ThreadHeaders,
  'threadIndex' | 'threadTopic'
> & {
  readonly threadIndex: Uint8Array | null;
  readonly threadTopic: string | null;
} {
  return { inReplyTo: references.at(-1) ?? null, references, threadIndex, threadTopic };
}
