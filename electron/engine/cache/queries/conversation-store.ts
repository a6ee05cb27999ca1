import type { ConversationPage } from '../../../../shared/contract/conversations.ts';
import { type AppError, appError } from '../../../../shared/errors.ts';
import type { Address } from '../../../../shared/model/address.ts';
import type {
  ConversationDetail,
  ConversationSummary,
  ListFilter,
  MailboxView,
  MessageCopy,
  MessageView,
} from '../../../../shared/model/conversation.ts';
import type { AccountId, ConversationId, EpochMs, MessageId } from '../../../../shared/model/ids.ts';
import type { MessageNature } from '../../../../shared/model/message-nature.ts';
import type { OutgoingState } from '../../../../shared/model/outgoing.ts';
import type { Route } from '../../../../shared/model/route.ts';
import { err, ok, type Result } from '../../../../shared/result.ts';
import type { MessageFlag } from '../../sync/operations/core/operations.ts';
import { decompress } from '../compression.ts';
import type { Database } from '../database.ts';
import { isServerDraft, isShown, refreshConversation } from '../messages.ts';
import { attachmentsOf } from './attachment-store.ts';
import { isForwarded } from './forwarding-store.ts';
import { messageNatures } from './message-natures.ts';

interface ConversationRow {
  readonly id: ConversationId;
  readonly accountId: AccountId;
  readonly topic: string;
  readonly snippet: string;
  readonly latestAt: EpochMs;
  readonly messageCount: number;
  readonly unreadCount: number;
  readonly hasAttachments: number;
  readonly isFlagged: number;
  readonly isInInbox: number;
  readonly isPutAway: number;
  readonly isPinned: number;
}

const conversationColumns = `id, account_id AS accountId, topic, snippet, latest_at AS latestAt,
  message_count AS messageCount, unread_count AS unreadCount, has_attachments AS hasAttachments, is_flagged AS isFlagged,
  in_inbox AS isInInbox, is_put_away AS isPutAway,
  EXISTS (SELECT 1 FROM pin WHERE pin.conversation_id = conversation.id) AS isPinned`;

const inView: Readonly<Record<MailboxView, string>> = {
  inbox: 'AND in_inbox = 1',
  sent: 'AND in_sent = 1',
  all: 'AND is_put_away = 0',
  putAway: 'AND is_put_away = 1',
};

const passing: Readonly<Record<ListFilter, string>> = {
  unread: 'AND unread_count > 0',
  flagged: 'AND is_flagged = 1',
  attachments: 'AND has_attachments = 1',
  toMe: `AND EXISTS (
    SELECT 1 FROM message, json_each(message.recipients, '$.to') AS recipient
    WHERE message.conversation_id = conversation.id AND recipient.value ->> 'address' COLLATE NOCASE =
      (SELECT address FROM account WHERE account.id = conversation.account_id))`,
};

/** What stands in one folder of Exchange, with what the person has put there and Exchange does not know yet. */
const inFolder = `AND id IN (
  SELECT message.conversation_id FROM copy JOIN folder ON folder.id = copy.folder_id
  JOIN message ON message.id = copy.message_id LEFT JOIN placement ON placement.message_id = copy.message_id
  WHERE folder.account_id = @accountId AND folder.route = 'primary' AND folder.path = @folder
    AND (placement.message_id IS NULL OR instr(placement.takes, ' ' || folder.role || ' ') = 0)
  UNION
  SELECT message.conversation_id FROM placement JOIN message ON message.id = placement.message_id
  WHERE placement.account_id = @accountId AND placement.to_path = @folder)`;

export interface ListQuery {
  readonly accountId: AccountId;
  readonly view: MailboxView;
  readonly filter?: ListFilter | undefined;
  /** Nothing older than this. */
  readonly since?: EpochMs | undefined;
  /** The full name of a folder of Exchange, in place of the view. */
  readonly folder?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

export function listConversations(db: Database, query: ListQuery): ConversationPage {
  const { accountId, view, filter, since, folder, offset, limit } = query;
  const where = [
    'FROM conversation WHERE account_id = @accountId AND message_count > 0',
    folder === undefined ? inView[view] : inFolder,
    filter === undefined ? '' : passing[filter],
    since === undefined ? '' : 'AND latest_at >= @since',
  ].join(' ');
  const given = {
    accountId,
    ...(folder === undefined ? {} : { folder }),
    ...(since === undefined ? {} : { since }),
  };
  const rows = db
    .prepare<[typeof given & { readonly limit: number; readonly offset: number }], ConversationRow>(
      `SELECT ${conversationColumns} ${where} ORDER BY latest_at DESC, id DESC LIMIT @limit OFFSET @offset`,
    )
    .all({ ...given, limit, offset });
  const total = db.prepare<[typeof given], number>(`SELECT count(*) ${where}`).pluck().get(given) ?? 0;
  return { items: rows.map((row) => summaryOf(db, row)), total };
}

/** By the id that it had when somebody opened it, too. */
function presentId(db: Database, conversationId: ConversationId): ConversationId {
  const find = db
    .prepare<[ConversationId], ConversationId>('SELECT conversation_id FROM former_conversation WHERE id = ?')
    .pluck();
  return find.get(conversationId) ?? conversationId;
}

export function findConversation(db: Database, conversationId: ConversationId): ConversationSummary | null {
  const row = db
    .prepare<[ConversationId], ConversationRow>(
      `SELECT ${conversationColumns} FROM conversation WHERE id = ?`,
    )
    .get(presentId(db, conversationId));
  return row === undefined ? null : summaryOf(db, row);
}

export function accountOfConversation(db: Database, conversationId: ConversationId): AccountId | null {
  const find = db
    .prepare<[ConversationId], AccountId>('SELECT account_id FROM conversation WHERE id = ?')
    .pluck();
  return find.get(presentId(db, conversationId)) ?? null;
}

function summaryOf(db: Database, row: ConversationRow): ConversationSummary {
  const writers = db
    .prepare<[ConversationId], Address>(
      `SELECT from_name AS name, from_address AS address FROM message
       WHERE conversation_id = ? AND NOT ${isServerDraft} GROUP BY lower(from_address) ORDER BY min(sent_at)`,
    )
    .all(row.id);
  const outgoing = db
    .prepare<[ConversationId], OutgoingState>(
      `SELECT outgoing.state FROM outgoing JOIN message ON message.id = outgoing.message_id
       WHERE message.conversation_id = ? AND outgoing.state NOT IN ('accepted', 'discarded')
       ORDER BY outgoing.created_at DESC LIMIT 1`,
    )
    .pluck()
    .get(row.id);
  const { isPutAway, ...shown } = row;
  return {
    ...shown,
    participants: writers,
    hasAttachments: row.hasAttachments === 1,
    isFlagged: row.isFlagged === 1,
    isInInbox: row.isInInbox === 1,
    isPinned: row.isPinned === 1,
    putAway: isPutAway === 0 ? null : isInJunk(db, row.id) ? 'junk' : 'trash',
    outgoing: outgoing ?? null,
    isByContinuity: hasOnlyContinuity(db, row.id),
  };
}

/** Whether something came by the continuity mailbox that Exchange does not have, or not yet. */
function hasOnlyContinuity(db: Database, conversationId: ConversationId): boolean {
  const find = db.prepare<[ConversationId], 1>(
    `SELECT 1 FROM message JOIN copy ON copy.message_id = message.id JOIN folder ON folder.id = copy.folder_id
     WHERE message.conversation_id = ? AND NOT message.is_from_me
     GROUP BY message.id HAVING max(folder.route = 'primary') = 0 LIMIT 1`,
  );
  return find.pluck().get(conversationId) === 1;
}

function isInJunk(db: Database, conversationId: ConversationId): boolean {
  return (
    db
      .prepare<[ConversationId], 1>(
        `SELECT 1 FROM message JOIN standing ON standing.message_id = message.id
         WHERE message.conversation_id = ? AND standing.role = 'junk' LIMIT 1`,
      )
      .pluck()
      .get(conversationId) === 1
  );
}

interface MessageRow {
  readonly id: MessageId;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly recipients: string;
  readonly sentAt: EpochMs;
  readonly subject: string;
  readonly isSeen: number;
  readonly isFlagged: number;
  readonly isFromMe: number;
  readonly isAnswered: number;
  readonly isForwarded: number;
  readonly text: Buffer;
  readonly html: Buffer | null;
  readonly outgoing: OutgoingState | null;
  readonly isApart: number;
}

export function openConversation(
  db: Database,
  conversationId: ConversationId,
): Result<ConversationDetail, AppError> {
  const summary = findConversation(db, conversationId);
  if (summary === null) return err(appError('notFound', 'never'));
  const rows = db
    .prepare<[ConversationId], MessageRow>(
      `SELECT message.id, from_name AS fromName, from_address AS fromAddress, recipients, sent_at AS sentAt, subject,
              is_seen AS isSeen, is_flagged AS isFlagged, is_from_me AS isFromMe,
              is_answered AS isAnswered, ${isForwarded} AS isForwarded, body.text, body.html,
              outgoing.state AS outgoing,
              EXISTS (SELECT 1 FROM shown_apart WHERE shown_apart.message_id = message.id) AS isApart
       FROM message JOIN message_body AS body ON body.message_id = message.id
       LEFT JOIN outgoing ON outgoing.message_id = message.id
       WHERE conversation_id = ? AND ${isShown}
       ORDER BY sent_at, message.id`,
    )
    .all(summary.id);
  const natures = messageNatures(db, summary.id);
  return ok({ summary, messages: rows.map((row) => messageOf(db, row, natures.get(row.id) ?? null)) });
}

function messageOf(db: Database, row: MessageRow, nature: MessageNature | null): MessageView {
  const { to, cc } = JSON.parse(row.recipients) as { to: readonly Address[]; cc: readonly Address[] };
  return {
    id: row.id,
    from: { name: row.fromName, address: row.fromAddress },
    to,
    cc,
    sentAt: row.sentAt,
    subject: row.subject,
    isSeen: row.isSeen === 1,
    isFlagged: row.isFlagged === 1,
    isFromMe: row.isFromMe === 1,
    isAnswered: row.isAnswered === 1,
    isForwarded: row.isForwarded === 1,
    text: decompress(row.text).toString('utf8'),
    html: row.html === null ? null : decompress(row.html).toString('utf8'),
    attachments: attachmentsOf(db, row.id),
    routes: db
      .prepare<[MessageId], Route>(
        `SELECT folder.route FROM copy JOIN folder ON folder.id = copy.folder_id
         WHERE copy.message_id = ? GROUP BY folder.route ORDER BY min(copy.id)`,
      )
      .pluck()
      .all(row.id),
    copies: db
      .prepare<[MessageId], MessageCopy>(
        `SELECT folder.path AS folder, folder.role, copy.uid, copy.internal_date AS arrivedAt
         FROM copy JOIN folder ON folder.id = copy.folder_id
         WHERE copy.message_id = ? AND folder.route = 'primary' AND copy.uid > 0 ORDER BY copy.id`,
      )
      .all(row.id),
    isApart: row.isApart === 1,
    outgoing: row.outgoing,
    nature,
  };
}

/** Whether each copy of a message is to be shown by itself. False: there is no such message. */
export function showApart(db: Database, messageId: MessageId, isApart: boolean): boolean {
  if (!isApart) {
    db.prepare('DELETE FROM shown_apart WHERE message_id = ?').run(messageId);
    return true;
  }
  const { changes } = db
    .prepare(
      `INSERT INTO shown_apart (message_id, account_id) SELECT id, account_id FROM message WHERE id = ?
       ON CONFLICT DO UPDATE SET account_id = excluded.account_id`,
    )
    .run(messageId);
  return changes > 0;
}

const flagColumns: Readonly<Record<MessageFlag, string>> = {
  '\\Seen': 'is_seen',
  '\\Flagged': 'is_flagged',
  '\\Answered': 'is_answered',
};

export function markSeen(db: Database, conversationId: ConversationId, now: EpochMs): boolean {
  return changeFlag(db, conversationId, { flag: '\\Seen', isSet: true, of: 'all' }, now).length > 0;
}

/**
 * Sets or clears a flag on a conversation, here at once, with a note for sync to tell the servers: on all of its
 * messages, or on the newest (read and answered concern what others wrote). Yields the messages that it changed.
 */
export function changeFlag(
  db: Database,
  openedId: ConversationId,
  change: {
    readonly flag: MessageFlag;
    readonly isSet: boolean;
    readonly of: 'all' | 'newest';
  },
  now: EpochMs,
): readonly MessageId[] {
  const { flag, isSet, of } = change;
  const column = flagColumns[flag];
  const conversationId = presentId(db, openedId);
  return db
    .transaction(() => {
      const received = of === 'newest' && flag === '\\Seen' ? 'AND NOT is_from_me' : '';
      const newestOnly = of === 'newest' ? 'ORDER BY sent_at DESC, id DESC LIMIT 1' : '';
      const changed = db
        .prepare<[ConversationId, number], MessageId>(
          `SELECT id FROM message WHERE conversation_id = ? AND ${column} <> ? AND NOT ${isServerDraft} ${received} ${newestOnly}`,
        )
        .pluck()
        .all(conversationId, Number(isSet));
      for (const messageId of changed) noteFlagChange(db, messageId, flag, isSet, now);
      if (changed.length > 0) refreshConversation(db, conversationId);
      return changed;
    })
    .immediate();
}

/** Changes a flag of one message and notes it for sync. To be called in a transaction. */
export function noteFlagChange(
  db: Database,
  messageId: MessageId,
  flag: MessageFlag,
  isSet: boolean,
  now: EpochMs,
): void {
  db.prepare(`UPDATE message SET ${flagColumns[flag]} = ? WHERE id = ?`).run(Number(isSet), messageId);
  db.prepare(
    `INSERT INTO flag_change (account_id, message_id, flag, is_set, changed_at)
     SELECT account_id, id, ?, ?, ? FROM message WHERE id = ?
     ON CONFLICT (message_id, flag) DO UPDATE SET is_set = excluded.is_set, changed_at = excluded.changed_at`,
  ).run(flag, Number(isSet), now, messageId);
}
