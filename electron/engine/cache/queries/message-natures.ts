import type { ConversationId, MessageId } from '../../../../shared/model/ids.ts';
import type { MessageNature, MessageProtection } from '../../../../shared/model/message-nature.ts';
import type { MessageReport } from '../../mime/types.ts';
import type { Database } from '../database.ts';
import { isShown } from '../messages.ts';

interface NatureRow {
  readonly messageId: MessageId;
  readonly protection: MessageProtection | null;
  readonly report: string | null;
  readonly calendarMethod: string | null;
  readonly originalId: MessageId | null;
}

/** Of those messages of a conversation that are something beyond their words. */
export function messageNatures(
  db: Database,
  conversationId: ConversationId,
): ReadonlyMap<MessageId, MessageNature> {
  const rows = db
    .prepare<[ConversationId], NatureRow>(
      `SELECT nature.message_id AS messageId, nature.protection, nature.report, nature.calendar_method AS calendarMethod,
              (SELECT message.id FROM message
               WHERE message.conversation_id = holder.conversation_id AND message.id <> holder.id
                 AND nature.report ->> 'originalMessageId' IN (message.internet_message_id, message.original_message_id)
                 AND ${isShown}
               ORDER BY message.is_from_me DESC, message.sent_at LIMIT 1) AS originalId
       FROM message AS holder JOIN message_nature AS nature ON nature.message_id = holder.id
       WHERE holder.conversation_id = ?`,
    )
    .all(conversationId);
  return new Map(rows.map((row) => [row.messageId, natureOf(row)]));
}

function natureOf({ protection, report, calendarMethod, originalId }: NatureRow): MessageNature {
  if (report === null) return { protection, report, calendarMethod };
  const { kind, recipients } = JSON.parse(report) as MessageReport;
  return { protection, report: { kind, originalId, recipients }, calendarMethod };
}
