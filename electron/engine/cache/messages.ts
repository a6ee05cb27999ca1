import { createHash } from 'node:crypto';
import type { AccountId, ConversationId, EpochMs, MessageId } from '../../../shared/model/ids.ts';
import { topicOf } from '../conversation/subject.ts';
import { conversationKeys } from '../conversation/threading.ts';
import type { FolderRole } from '../mail/types.ts';
import type { ParsedAttachment, ParsedMessage } from '../mime/types.ts';
import { compress } from './compression.ts';
import type { Database } from './database.ts';

const snippetLength = 200;
/** More words than these of one message are not searched for. */
const searchedLength = 400_000;

export interface MessageToStore {
  readonly accountId: AccountId;
  readonly parsed: ParsedMessage;
  /** Stands in for a missing or impossible Date header. */
  readonly receivedAt: EpochMs;
  readonly flags: readonly string[];
  readonly isFromMe: boolean;
  /** The folder it is met in; null for one written here. */
  readonly folderRole: FolderRole | null;
  /** The exact bytes, kept until the ledger has verified the message in Exchange; null where Exchange has them. */
  readonly keepSource: Uint8Array | null;
}

export interface StoredMessage {
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  /** False when it was known already: nothing but its conversation's state has changed then. */
  readonly isNew: boolean;
}

/**
 * Puts a message into the copy, once by Message-ID, and into its conversation, which may join several into one.
 * To be called in a transaction. The copy on the server is recorded by the caller.
 */
export function storeMessage(db: Database, message: MessageToStore): StoredMessage {
  const known = findMessage(db, message.accountId, message.parsed);
  const stored = known === null ? insertMessage(db, message) : { ...known, isNew: false };
  markPlace(db, stored.conversationId, message.folderRole);
  if (stored.isNew) refreshConversation(db, stored.conversationId);
  return stored;
}

function findMessage(
  db: Database,
  accountId: AccountId,
  parsed: ParsedMessage,
): Omit<StoredMessage, 'isNew'> | null {
  const find = db.prepare<[AccountId, string], Omit<StoredMessage, 'isNew'>>(
    `SELECT id AS messageId, conversation_id AS conversationId FROM message
     WHERE account_id = ? AND internet_message_id = ?`,
  );
  // A server that renames a message keeps its old name in X-Microsoft-Original-Message-ID: it is still the same one.
  const byOriginal =
    parsed.originalMessageId === null ? undefined : find.get(accountId, parsed.originalMessageId);
  return find.get(accountId, parsed.internetMessageId) ?? byOriginal ?? null;
}

function insertMessage(db: Database, message: MessageToStore): StoredMessage {
  const { accountId, parsed } = message;
  const conversationId = joinConversation(db, accountId, parsed);
  const has = (flag: string): number => Number(message.flags.includes(flag));
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO message (
         account_id, conversation_id, internet_message_id, sent_at, subject, from_name, from_address, recipients,
         reference_ids, thread_topic, thread_index, snippet, is_seen, is_flagged, is_answered, is_from_me
       ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      accountId,
      conversationId,
      parsed.internetMessageId,
      parsed.sentAt ?? message.receivedAt,
      parsed.subject,
      parsed.from.name,
      parsed.from.address,
      JSON.stringify({ to: parsed.to, cc: parsed.cc, replyTo: parsed.replyTo }),
      JSON.stringify([...new Set([...parsed.references, ...parsed.inReplyTo])]),
      parsed.threadTopic,
      parsed.threadIndex,
      snippetOf(parsed.text),
      has('\\Seen'),
      has('\\Flagged'),
      has('\\Answered'),
      Number(message.isFromMe),
    );
  const messageId = Number(lastInsertRowid) as MessageId;
  db.prepare('INSERT INTO message_body (message_id, account_id, text, html) VALUES (?, ?, ?, ?)').run(
    messageId,
    accountId,
    compress(parsed.text),
    parsed.html === null ? null : compress(parsed.html),
  );
  if (message.keepSource !== null)
    db.prepare('INSERT INTO message_source (message_id, account_id, source) VALUES (?, ?, ?)').run(
      messageId,
      accountId,
      compress(message.keepSource),
    );
  for (const attachment of parsed.attachments) storeAttachment(db, accountId, messageId, attachment);
  index(db, accountId, messageId, parsed);
  return { messageId, conversationId, isNew: true };
}

/** Finds the conversations that the message ties together, makes them one, or begins a new one. */
function joinConversation(db: Database, accountId: AccountId, parsed: ParsedMessage): ConversationId {
  const keys = conversationKeys(parsed);
  const find = db
    .prepare<[AccountId, string], ConversationId>(
      'SELECT conversation_id FROM conversation_key WHERE account_id = ? AND key = ?',
    )
    .pluck();
  const met = [...new Set(keys.map((key) => find.get(accountId, key)).filter((id) => id !== undefined))];
  met.sort((a, b) => a - b);
  const [first, ...others] = met;
  const conversationId = first ?? beginConversation(db, accountId, parsed);
  for (const other of others) mergeConversation(db, other, conversationId);
  const tie = db.prepare(
    'INSERT INTO conversation_key (account_id, key, conversation_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  for (const key of keys) tie.run(accountId, key, conversationId);
  return conversationId;
}

function beginConversation(db: Database, accountId: AccountId, parsed: ParsedMessage): ConversationId {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO conversation (
         account_id, topic, snippet, latest_at, message_count, unread_count, has_attachments, is_flagged, in_inbox, in_sent
       ) VALUES (?, ?, '', 0, 0, 0, 0, 0, 0, 0)`,
    )
    .run(accountId, parsed.threadTopic ?? topicOf(parsed.subject));
  return Number(lastInsertRowid) as ConversationId;
}

function mergeConversation(db: Database, from: ConversationId, into: ConversationId): void {
  db.prepare('UPDATE message SET conversation_id = ? WHERE conversation_id = ?').run(into, from);
  db.prepare('UPDATE conversation_key SET conversation_id = ? WHERE conversation_id = ?').run(into, from);
  db.prepare(
    `UPDATE conversation SET in_inbox = max(conversation.in_inbox, other.in_inbox), in_sent = max(conversation.in_sent, other.in_sent)
     FROM (SELECT in_inbox, in_sent FROM conversation WHERE id = ?) AS other WHERE id = ?`,
  ).run(from, into);
  db.prepare('DELETE FROM conversation WHERE id = ?').run(from);
}

function markPlace(db: Database, conversationId: ConversationId, role: FolderRole | null): void {
  if (role === 'inbox') db.prepare('UPDATE conversation SET in_inbox = 1 WHERE id = ?').run(conversationId);
  if (role === 'sent' || role === null)
    db.prepare('UPDATE conversation SET in_sent = 1 WHERE id = ?').run(conversationId);
}

/** Brings the conversation's row into line with its messages; removes it when there are none left. */
export function refreshConversation(db: Database, conversationId: ConversationId): void {
  const { changes } = db
    .prepare(
      `UPDATE conversation SET
         snippet = latest.snippet, latest_at = latest.sent_at, message_count = sums.messages, unread_count = sums.unread,
         is_flagged = sums.flagged, has_attachments = sums.attachments
       FROM
         (SELECT snippet, sent_at FROM message WHERE conversation_id = @id ORDER BY sent_at DESC, id DESC LIMIT 1) AS latest,
         (SELECT count(*) AS messages, sum(is_seen = 0) AS unread, max(is_flagged) AS flagged,
                 EXISTS (SELECT 1 FROM attachment JOIN message AS m ON m.id = attachment.message_id
                         WHERE m.conversation_id = @id AND NOT attachment.is_inline) AS attachments
          FROM message WHERE conversation_id = @id) AS sums
       WHERE conversation.id = @id`,
    )
    .run({ id: conversationId });
  if (changes === 0) db.prepare('DELETE FROM conversation WHERE id = ?').run(conversationId);
}

/**
 * Removes a message that stands on no server any more. It stays while it is somebody's only trace: written here,
 * or in the journal of an outage.
 */
export function removeMessageIfGone(db: Database, messageId: MessageId): boolean {
  const row = db
    .prepare<{ id: MessageId }, { conversationId: ConversationId }>(
      `SELECT conversation_id AS conversationId FROM message WHERE id = @id
         AND NOT EXISTS (SELECT 1 FROM copy WHERE message_id = @id)
         AND NOT EXISTS (SELECT 1 FROM outgoing WHERE message_id = @id)
         AND NOT EXISTS (SELECT 1 FROM journal WHERE message_id = @id)`,
    )
    .get({ id: messageId });
  if (row === undefined) return false;
  db.prepare('DELETE FROM message_search WHERE rowid = ?').run(messageId);
  db.prepare('DELETE FROM message WHERE id = ?').run(messageId);
  db.prepare(
    `DELETE FROM attachment_content WHERE NOT EXISTS (
       SELECT 1 FROM attachment WHERE attachment.account_id = attachment_content.account_id
                                  AND attachment.sha256 = attachment_content.sha256)`,
  ).run();
  refreshConversation(db, row.conversationId);
  return true;
}

function storeAttachment(
  db: Database,
  accountId: AccountId,
  messageId: MessageId,
  attachment: ParsedAttachment,
): void {
  const sha256 = createHash('sha256').update(attachment.content).digest();
  db.prepare(
    'INSERT INTO attachment_content (account_id, sha256, content) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  ).run(accountId, sha256, compress(attachment.content));
  db.prepare(
    `INSERT INTO attachment (account_id, message_id, file_name, content_type, content_id, is_inline, size, sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    accountId,
    messageId,
    attachment.fileName,
    attachment.contentType,
    attachment.contentId,
    Number(attachment.isInline),
    attachment.content.length,
    sha256,
  );
}

function index(db: Database, accountId: AccountId, messageId: MessageId, parsed: ParsedMessage): void {
  const people = [parsed.from, ...parsed.to, ...parsed.cc].map(({ name, address }) => `${name} ${address}`);
  db.prepare(
    'INSERT INTO message_search (rowid, account_id, subject, people, body, attachments) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(
    messageId,
    accountId,
    parsed.subject,
    people.join(' '),
    parsed.text.slice(0, searchedLength),
    parsed.attachments.map(({ fileName }) => fileName).join(' '),
  );
}

function snippetOf(text: string): string {
  const own = text.replace(/^>.*$/gm, '').slice(0, snippetLength * 20);
  return own.replace(/\s+/gu, ' ').trim().slice(0, snippetLength).toWellFormed();
}
