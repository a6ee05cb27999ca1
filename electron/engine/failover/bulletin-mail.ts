import type { AccountId, MessageId } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import { attachmentContent } from '../cache/queries/attachment-store.ts';
import { continuityParts } from '../cache/queries/bulletin-store.ts';
import { bulletinPart, largestBoard } from './bulletin-format.ts';

/**
 * What mail in the continuity mailbox brings as bulletins: of one message, or of the newest in the copy. Whose mail it
 * is says nothing; the signatures do.
 */
export function bulletinsInMail(
  db: Database,
  accountId: AccountId,
  messageId: MessageId | null,
): readonly string[] {
  return continuityParts(db, accountId, bulletinPart, messageId).flatMap((id) => {
    const part = attachmentContent(db, id);
    if (!part.ok || part.value.content.length > largestBoard) return [];
    return [Buffer.from(part.value.content).toString('latin1')];
  });
}
