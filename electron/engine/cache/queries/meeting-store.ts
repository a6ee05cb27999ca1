import type { AccountId, ConversationId, EpochMs, MessageId } from '../../../../shared/model/ids.ts';
import { decompress } from '../compression.ts';
import type { Database } from '../database.ts';
import { isShown } from '../messages.ts';

/** A message with a calendar part. */
export interface CalendarMail {
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  readonly fromAddress: string;
  readonly isFromMe: boolean;
  readonly sentAt: EpochMs;
  /** RFC 5546, e.g. "REQUEST". */
  readonly method: string;
  /** What the sender calls the message. */
  readonly subject: string;
}

/** The newest `limit` of them. What was taken for junk is none of the person's meetings. */
export function listCalendarMails(
  db: Database,
  accountId: AccountId,
  limit: number,
): readonly CalendarMail[] {
  return db
    .prepare<[AccountId, number], Omit<CalendarMail, 'isFromMe'> & { isFromMe: number }>(
      `SELECT message.id AS messageId, conversation_id AS conversationId, from_address AS fromAddress,
              is_from_me AS isFromMe, sent_at AS sentAt, nature.calendar_method AS method, subject
       FROM message_nature AS nature JOIN message ON message.id = nature.message_id
       WHERE nature.account_id = ? AND nature.calendar_method IS NOT NULL AND ${isShown}
         AND NOT EXISTS (SELECT 1 FROM standing WHERE standing.message_id = message.id AND role = 'junk')
       ORDER BY sent_at DESC, message.id DESC LIMIT ?`,
    )
    .all(accountId, limit)
    .map((row) => ({ ...row, isFromMe: row.isFromMe === 1 }));
}

/** The bytes of its calendar part; null: they are not in the copy. */
export function calendarContent(db: Database, messageId: MessageId): Uint8Array | null {
  const content = db
    .prepare<[MessageId], Buffer>(
      `SELECT content.content FROM attachment JOIN attachment_content AS content USING (account_id, sha256)
       WHERE message_id = ? AND content_type = 'text/calendar' ORDER BY attachment.id LIMIT 1`,
    )
    .pluck()
    .get(messageId);
  return content === undefined ? null : decompress(content);
}

export function accountOfMessage(db: Database, messageId: MessageId): AccountId | null {
  return (
    db
      .prepare<[MessageId], AccountId>('SELECT account_id FROM message WHERE id = ?')
      .pluck()
      .get(messageId) ?? null
  );
}
