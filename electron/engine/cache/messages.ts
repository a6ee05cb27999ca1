import type { AccountId, ConversationId, EpochMs, MessageId } from '../../../shared/model/ids.ts';
import { topicOf } from '../conversation/subject.ts';
import { conversationKeys } from '../conversation/threading.ts';
import type { FolderRole } from '../mail/types.ts';
import type { ParsedMessage } from '../mime/types.ts';
import { compress } from './compression.ts';
import type { Database } from './database.ts';
import { believedDate, findMessage } from './identity.ts';
import { contentsOf, lacksAttachments, removeUnused, storeAttachments } from './queries/attachment-store.ts';
import { mergePins } from './queries/pin-store.ts';
import { forgetWords, indexWords } from './search-index.ts';

const snippetLength = 200;
/** The first words of a message stand in its first this many characters, or it has none. */
const snippetLookedAt = 100_000;

export interface MessageToStore {
  readonly accountId: AccountId;
  readonly parsed: ParsedMessage;
  /** Stands in for a Date header that is missing, impossible or far ahead. */
  readonly receivedAt: EpochMs;
  readonly flags: readonly string[];
  readonly isFromMe: boolean;
  /** The folder it is met in; null for one written here. */
  readonly folderRole: FolderRole | null;
  /** The exact bytes, kept until the ledger has verified the message in Exchange; null where Exchange has them. */
  readonly keepSource: Uint8Array | null;
  /** Bytes; of larger attachments only the entry is kept. All are kept where this is not given. */
  readonly largestAttachment?: number;
}

export interface StoredMessage {
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  /** False when it was known already: nothing but its conversation's state has changed then. */
  readonly isNew: boolean;
}

/**
 * Puts a message into the copy, once (see `identity.ts`), and into its conversation, which may join several into one.
 * To be called in a transaction. The copy on the server is recorded by the caller.
 */
export function storeMessage(db: Database, message: MessageToStore): StoredMessage {
  const { receivedAt, folderRole } = message;
  const isFromServer = folderRole !== null;
  const known = findMessage(db, message.accountId, message.parsed, { receivedAt, isFromServer });
  if (known?.isEdited === true || (known !== null && isMoreComplete(db, known.messageId, message)))
    replaceContent(db, known.messageId, message);
  if (known !== null && folderRole !== 'drafts') forgetServerDraft(db, known.messageId);
  const stored = known === null ? insertMessage(db, message) : joinAgain(db, known.messageId, message);
  if (message.keepSource !== null) keepSource(db, message.accountId, stored.messageId, message.keepSource);
  if (folderRole === 'drafts' && stored.isNew) noteServerDraft(db, message.accountId, stored.messageId);
  if (stored.isNew) summarize(db, stored.conversationId);
  markPlace(db, stored, message.folderRole);
  return stored;
}

/**
 * A message that was fetched again, whole, since attachments of it were not here. `parsed`: what was fetched. To be called
 * in a transaction.
 */
export function completeMessage(db: Database, messageId: MessageId, message: Content): void {
  replaceContent(db, messageId, message);
  const conversationId = db
    .prepare<[MessageId], ConversationId>('SELECT conversation_id FROM message WHERE id = ?')
    .pluck()
    .get(messageId);
  if (conversationId !== undefined) summarize(db, conversationId);
}

function isMoreComplete(db: Database, messageId: MessageId, { parsed, largestAttachment }: MessageToStore) {
  return (
    largestAttachment === undefined &&
    parsed.attachments.every(({ absentSize }) => absentSize === undefined) &&
    lacksAttachments(db, messageId)
  );
}

/** It stands in Exchange's Drafts: kept, and shown nowhere as mail. */
function noteServerDraft(db: Database, accountId: AccountId, messageId: MessageId): void {
  db.prepare('INSERT INTO server_draft (message_id, account_id) VALUES (?, ?) ON CONFLICT DO NOTHING').run(
    messageId,
    accountId,
  );
}

/** It was met in another folder, or sent from here: it is mail. True: it was a draft. */
export function forgetServerDraft(db: Database, messageId: MessageId): boolean {
  return db.prepare('DELETE FROM server_draft WHERE message_id = ?').run(messageId).changes > 0;
}

/** Another copy of a message may refer to more than the first one did: what is one conversation never depends on order. */
function joinAgain(db: Database, messageId: MessageId, { accountId, parsed }: MessageToStore): StoredMessage {
  const conversationId = joinConversation(db, accountId, parsed);
  summarize(db, conversationId);
  return { messageId, conversationId, isNew: false };
}

function insertMessage(db: Database, message: MessageToStore): StoredMessage {
  const { accountId, parsed } = message;
  const conversationId = joinConversation(db, accountId, parsed);
  const has = (flag: string): number => Number(message.flags.includes(flag));
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO message (
         account_id, conversation_id, internet_message_id, original_message_id, sent_at, subject, from_name, from_address,
         recipients, reference_ids, thread_topic, thread_index, snippet, is_seen, is_flagged, is_answered, is_from_me
       ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      accountId,
      conversationId,
      parsed.internetMessageId,
      parsed.originalMessageId,
      sentAtOf(message),
      parsed.subject,
      parsed.from.name,
      parsed.from.address,
      recipientsOf(parsed),
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
  insertContent(db, messageId, message);
  return { messageId, conversationId, isNew: true };
}

type Content = Pick<MessageToStore, 'accountId' | 'parsed' | 'largestAttachment'>;

function insertContent(
  db: Database,
  messageId: MessageId,
  { accountId, parsed, largestAttachment }: Content,
): void {
  db.prepare('INSERT INTO message_body (message_id, account_id, text, html) VALUES (?, ?, ?, ?)').run(
    messageId,
    accountId,
    compress(parsed.text),
    parsed.html === null ? null : compress(parsed.html),
  );
  const largest = largestAttachment ?? Number.POSITIVE_INFINITY;
  storeAttachments(db, { accountId, messageId }, parsed.attachments, largest);
  storeNature(db, accountId, messageId, parsed);
  indexWords(db, messageId);
}

/** It was edited on the server: what the person has wished for it here stays. */
function replaceContent(db: Database, messageId: MessageId, message: Content): void {
  const { parsed } = message;
  forgetWords(db, messageId);
  db.prepare(
    'UPDATE message SET subject = ?, recipients = ?, thread_topic = ?, snippet = ? WHERE id = ?',
  ).run(parsed.subject, recipientsOf(parsed), parsed.threadTopic, snippetOf(parsed.text), messageId);
  const contents = contentsOf(db, messageId);
  for (const table of ['message_body', 'message_nature', 'attachment'])
    db.prepare(`DELETE FROM ${table} WHERE message_id = ?`).run(messageId);
  insertContent(db, messageId, message);
  removeUnused(db, message.accountId, contents);
}

function recipientsOf({ to, cc, bcc, replyTo, followupTo = [], deliveredTo }: ParsedMessage): string {
  return JSON.stringify({
    to,
    cc,
    ...(bcc.length === 0 ? {} : { bcc }),
    replyTo,
    ...(followupTo.length === 0 ? {} : { followupTo }),
    deliveredTo,
  });
}

function sentAtOf({ parsed, receivedAt }: MessageToStore): EpochMs {
  return believedDate(parsed, receivedAt) ?? receivedAt;
}

function keepSource(db: Database, accountId: AccountId, messageId: MessageId, source: Uint8Array): void {
  db.prepare(
    'INSERT INTO message_source (message_id, account_id, source) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  ).run(messageId, accountId, compress(source));
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
  const conversationId = first ?? beginConversation(db, accountId);
  for (const other of others) mergeConversation(db, other, conversationId);
  const tie = db.prepare(
    'INSERT INTO conversation_key (account_id, key, conversation_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  for (const key of keys) tie.run(accountId, key, conversationId);
  return conversationId;
}

function beginConversation(db: Database, accountId: AccountId): ConversationId {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO conversation (
         id, account_id, topic, snippet, latest_at, message_count, unread_count, has_attachments, is_flagged, in_inbox, in_sent
       ) VALUES (
         (SELECT coalesce(max(id), 0) + 1 FROM (
            SELECT max(id) AS id FROM conversation UNION ALL SELECT max(id) FROM former_conversation)),
         ?, '', '', 0, 0, 0, 0, 0, 0, 0)`,
    )
    .run(accountId);
  return Number(lastInsertRowid) as ConversationId;
}

function mergeConversation(db: Database, from: ConversationId, into: ConversationId): void {
  db.prepare('UPDATE message SET conversation_id = ? WHERE conversation_id = ?').run(into, from);
  db.prepare('UPDATE conversation_key SET conversation_id = ? WHERE conversation_id = ?').run(into, from);
  db.prepare(
    `UPDATE conversation SET in_inbox = max(conversation.in_inbox, other.in_inbox), in_sent = max(conversation.in_sent, other.in_sent),
       is_put_away = min(conversation.is_put_away, other.is_put_away)
     FROM (SELECT in_inbox, in_sent, is_put_away FROM conversation WHERE id = ?) AS other WHERE id = ?`,
  ).run(from, into);
  mergePins(db, from, into);
  db.prepare('UPDATE former_conversation SET conversation_id = ? WHERE conversation_id = ?').run(into, from);
  db.prepare(
    'INSERT INTO former_conversation (id, account_id, conversation_id) SELECT id, account_id, ? FROM conversation WHERE id = ?',
  ).run(into, from);
  db.prepare('DELETE FROM conversation WHERE id = ?').run(from);
}

function markPlace(
  db: Database,
  { messageId, conversationId, isNew }: StoredMessage,
  role: FolderRole | null,
): void {
  if (role === 'drafts' || (role !== null && isOnItsWay(db, messageId, role))) return;
  const set = (what: string): void =>
    void db.prepare(`UPDATE conversation SET ${what} WHERE id = ?`).run(conversationId);
  if (role === 'trash' || role === 'junk') {
    if (isNew) set('is_put_away = (message_count = 1) OR is_put_away');
    return;
  }
  set('is_put_away = 0');
  if (role === 'inbox') set('in_inbox = 1');
  if (role === 'sent' || role === null) set('in_sent = 1');
}

/** Whether the person has put the message elsewhere, out of a folder of that role, and Exchange has to be told yet. */
function isOnItsWay(db: Database, messageId: MessageId, role: FolderRole): boolean {
  return (
    db
      .prepare<[MessageId, FolderRole], 1>(
        "SELECT 1 FROM placement WHERE message_id = ? AND instr(takes, ' ' || ? || ' ') > 0",
      )
      .pluck()
      .get(messageId, role) === 1
  );
}

/** What stands in Exchange's Drafts and was not sent. */
export const isServerDraft = 'EXISTS (SELECT 1 FROM server_draft WHERE server_draft.message_id = message.id)';

/**
 * What is left out everywhere: a message that was taken back before it was sent, or that is to go for good, or a draft of
 * another program.
 */
export const isShown = `NOT EXISTS (SELECT 1 FROM outgoing WHERE outgoing.message_id = message.id AND outgoing.state = 'discarded')
  AND NOT EXISTS (SELECT 1 FROM placement WHERE placement.message_id = message.id AND placement.kind = 'destroy')
  AND NOT ${isServerDraft}`;

/**
 * Brings a conversation's row into line with its messages and their copies; removes it when it has no message left.
 * To be called, in the same transaction, after copies came, went or moved, after flags changed, and after an outgoing
 * message was discarded.
 */
export function refreshConversation(db: Database, conversationId: ConversationId): void {
  summarize(db, conversationId);
  // A received message without any copy is in the journal, on its way back to Exchange: it stays in the inbox.
  db.prepare(
    `UPDATE conversation SET
       in_inbox = EXISTS (
         SELECT 1 FROM message WHERE conversation_id = @id AND (
           EXISTS (SELECT 1 FROM standing WHERE standing.message_id = message.id AND role = 'inbox')
           OR (NOT is_from_me AND NOT EXISTS (SELECT 1 FROM copy WHERE copy.message_id = message.id)
               AND NOT EXISTS (SELECT 1 FROM placement WHERE placement.message_id = message.id)))),
       in_sent = EXISTS (
         SELECT 1 FROM message WHERE conversation_id = @id AND ${isShown} AND (
           EXISTS (SELECT 1 FROM standing WHERE standing.message_id = message.id AND role = 'sent')
           OR (is_from_me AND NOT EXISTS (
             SELECT 1 FROM placement WHERE placement.message_id = message.id AND instr(takes, ' sent ') > 0)))),
       is_put_away = NOT EXISTS (
         SELECT 1 FROM message WHERE conversation_id = @id AND ${isShown} AND (
           NOT EXISTS (SELECT 1 FROM copy WHERE copy.message_id = message.id)
           OR EXISTS (SELECT 1 FROM standing
                      WHERE standing.message_id = message.id AND role NOT IN ('trash', 'junk', 'nowhere'))))
     WHERE id = @id`,
  ).run({ id: conversationId });
}

/** All of a conversation's row but the folders it is seen in. Ties are broken by Message-ID, never by arrival. */
function summarize(db: Database, conversationId: ConversationId): void {
  const first = db
    .prepare<[ConversationId], { threadTopic: string | null; subject: string }>(
      `SELECT thread_topic AS threadTopic, subject FROM message WHERE conversation_id = ?
       ORDER BY sent_at, internet_message_id, subject LIMIT 1`,
    )
    .get(conversationId);
  if (first === undefined) {
    db.prepare('DELETE FROM conversation WHERE id = ?').run(conversationId);
    return;
  }
  db.prepare(
    `WITH shown AS (
       SELECT id, internet_message_id, sent_at, snippet, is_seen, is_flagged FROM message WHERE conversation_id = @id AND ${isShown})
     UPDATE conversation SET
       topic = @topic,
       (snippet, latest_at) = (
         SELECT coalesce(max(snippet), ''), coalesce(max(sent_at), 0) FROM (
           SELECT snippet, sent_at FROM shown ORDER BY sent_at DESC, internet_message_id DESC, snippet DESC LIMIT 1)),
       (message_count, unread_count, is_flagged) = (
         SELECT count(*), coalesce(sum(is_seen = 0), 0), coalesce(max(is_flagged), 0) FROM shown),
       has_attachments = EXISTS (
         SELECT 1 FROM shown JOIN attachment ON attachment.message_id = shown.id WHERE NOT attachment.is_inline)
     WHERE id = @id`,
  ).run({ id: conversationId, topic: first.threadTopic ?? topicOf(first.subject) });
}

/**
 * Removes a message that stands on no server any more. It stays while it is somebody's only trace, and while the
 * ledger names it: written here, or in the journal of an outage; and until it was decided what comes of the person's
 * wish to have it elsewhere. To be called in a transaction. True: removed.
 */
export function removeMessageIfGone(db: Database, messageId: MessageId): boolean {
  const row = db
    .prepare<{ id: MessageId }, { accountId: AccountId; conversationId: ConversationId }>(
      `SELECT account_id AS accountId, conversation_id AS conversationId FROM message WHERE id = @id
         AND NOT EXISTS (SELECT 1 FROM copy WHERE message_id = @id)
         AND NOT EXISTS (SELECT 1 FROM outgoing WHERE message_id = @id)
         AND NOT EXISTS (SELECT 1 FROM journal WHERE message_id = @id)
         AND NOT EXISTS (SELECT 1 FROM placement WHERE message_id = @id)`,
    )
    .get({ id: messageId });
  if (row === undefined) return false;
  const contents = contentsOf(db, messageId);
  forgetWords(db, messageId);
  db.prepare('DELETE FROM message WHERE id = ?').run(messageId);
  removeUnused(db, row.accountId, contents);
  refreshConversation(db, row.conversationId);
  return true;
}

function storeNature(
  db: Database,
  accountId: AccountId,
  messageId: MessageId,
  { protection, report, calendarMethod }: ParsedMessage,
): void {
  if (protection === null && report === null && calendarMethod === null) return;
  db.prepare(
    'INSERT INTO message_nature (message_id, account_id, protection, report, calendar_method) VALUES (?, ?, ?, ?, ?)',
  ).run(messageId, accountId, protection, report === null ? null : JSON.stringify(report), calendarMethod);
}

function snippetOf(text: string): string {
  const own = text
    .slice(0, snippetLookedAt)
    .replace(/^>.*$/gm, '')
    .slice(0, snippetLength * 20);
  return own.replace(/\s+/gu, ' ').trim().slice(0, snippetLength).toWellFormed();
}
