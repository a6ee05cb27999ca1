import type { Address } from '../../../../shared/model/address.ts';
import type {
  AccountId,
  ConversationId,
  DraftAttachmentId,
  DraftId,
  EpochMs,
  InternetMessageId,
  MessageId,
  OutgoingId,
} from '../../../../shared/model/ids.ts';
import type { Draft, DraftAttachment } from '../../../../shared/model/outgoing.ts';
import type { ThreadHeaders } from '../../conversation/reply-headers.ts';
import { decompress } from '../compression.ts';
import type { Database } from '../database.ts';

interface DraftRow extends Omit<Draft, 'to' | 'cc' | 'bcc' | 'quotesHtml' | 'attachments' | 'notPassedOn'> {
  readonly recipients: string;
  readonly quotesHtml: number;
}

const draftColumns = `draft.id, draft.account_id AS accountId, draft.kind, draft.parent_id AS parentId,
  draft.from_address AS "from", message.conversation_id AS conversationId, draft.recipients, draft.subject, draft.text, draft.html,
  draft.quoted_html IS NOT NULL OR (draft.html IS NULL AND message_body.html IS NOT NULL) AS quotesHtml, draft.updated_at AS updatedAt`;
const draftTables = `draft LEFT JOIN message ON message.id = draft.parent_id
  LEFT JOIN message_body ON message_body.message_id = draft.parent_id`;

/** Those that are on their way as messages, and those that others have gone on with, are left out. The one changed last comes first. */
export function listDrafts(db: Database, accountId: AccountId): readonly Draft[] {
  return db
    .prepare<[AccountId], DraftRow>(
      `SELECT ${draftColumns} FROM ${draftTables} WHERE draft.account_id = ? AND draft.outgoing_id IS NULL AND draft.superseded_at IS NULL
       ORDER BY draft.updated_at DESC, draft.id`,
    )
    .all(accountId)
    .map((row) => draftOf(db, row));
}

/** Null for one that is on its way as a message, too. */
export function findDraft(db: Database, id: DraftId): Draft | null {
  const row = db
    .prepare<[DraftId], DraftRow>(
      `SELECT ${draftColumns} FROM ${draftTables} WHERE draft.id = ? AND draft.outgoing_id IS NULL`,
    )
    .get(id);
  return row === undefined ? null : draftOf(db, row);
}

function draftOf(db: Database, { recipients, ...row }: DraftRow): Draft {
  return {
    ...row,
    ...addressesOf(recipients),
    quotesHtml: row.quotesHtml === 1,
    attachments: attachmentsOf(db, row.id),
    notPassedOn: row.kind === 'forward' ? notPassedOn(db, row.id) : [],
  };
}

type Recipients = Pick<Draft, 'to' | 'cc' | 'bcc'>;
const recipientsOf = ({ to, cc, bcc }: Recipients): string => JSON.stringify({ to, cc, bcc });

/** The recipients as a draft and a message store them. */
export function addressesOf(recipients: string): Recipients {
  const { to, cc, bcc } = JSON.parse(recipients) as Partial<Recipients>;
  return { to: to ?? [], cc: cc ?? [], bcc: bcc ?? [] };
}

function attachmentsOf(db: Database, id: DraftId): readonly DraftAttachment[] {
  return db
    .prepare<[DraftId], DraftAttachment>(
      `SELECT id, file_name AS fileName, content_type AS contentType, size, content_id AS contentId FROM draft_attachment
       WHERE draft_id = ? ORDER BY position`,
    )
    .all(id);
}

function notPassedOn(db: Database, id: DraftId): readonly string[] {
  return db
    .prepare<[DraftId], string>(
      `SELECT attachment.file_name FROM draft JOIN attachment ON attachment.message_id = draft.parent_id
       WHERE draft.id = ? AND NOT attachment.is_inline AND NOT EXISTS (
         SELECT 1 FROM draft_attachment
         WHERE draft_attachment.draft_id = draft.id AND draft_attachment.content_type = 'message/rfc822')
       AND NOT EXISTS (
         SELECT 1 FROM draft_attachment
         WHERE draft_attachment.draft_id = draft.id AND draft_attachment.file_name = attachment.file_name)
       ORDER BY attachment.id`,
    )
    .pluck()
    .all(id);
}

/** A file as it goes along with a message. */
export interface AttachedFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  /** By which HTML shows it; absent or null: it is no picture of a text. */
  readonly contentId?: string | null | undefined;
}

export function attachedFiles(db: Database, id: DraftId): readonly AttachedFile[] {
  return db
    .prepare<[DraftId], AttachedFile>(
      `SELECT file_name AS fileName, content_type AS contentType, content, content_id AS contentId FROM draft_attachment
       WHERE draft_id = ? ORDER BY position`,
    )
    .all(id);
}

/** Null: there is no such file. */
export function attachedFile(db: Database, draftId: DraftId, id: DraftAttachmentId): AttachedFile | null {
  const row = db
    .prepare<[DraftId, DraftAttachmentId], AttachedFile>(
      `SELECT file_name AS fileName, content_type AS contentType, content, content_id AS contentId FROM draft_attachment
       WHERE draft_id = ? AND id = ?`,
    )
    .get(draftId, id);
  return row ?? null;
}

export function attachFile(db: Database, draftId: DraftId, id: DraftAttachmentId, file: AttachedFile): void {
  db.prepare(
    `INSERT INTO draft_attachment (id, account_id, draft_id, position, file_name, content_type, size, content, content_id)
     SELECT ?, account_id, id, (SELECT coalesce(max(position), 0) + 1 FROM draft_attachment WHERE draft_id = draft.id),
            ?, ?, ?, ?, ? FROM draft WHERE id = ?`,
  ).run(
    id,
    file.fileName,
    file.contentType,
    file.content.length,
    Buffer.from(file.content),
    file.contentId ?? null,
    draftId,
  );
}

/** False when there is no such file. */
export function detachFile(db: Database, draftId: DraftId, id: DraftAttachmentId): boolean {
  return (
    db.prepare('DELETE FROM draft_attachment WHERE draft_id = ? AND id = ?').run(draftId, id).changes > 0
  );
}

/** The files of a message that is passed on, pictures in its text included. */
export function filesOfMessage(db: Database, id: MessageId): readonly AttachedFile[] {
  return db
    .prepare<[MessageId], AttachedFile & { content: Buffer }>(
      `SELECT file_name AS fileName, content_type AS contentType, content.content,
              CASE WHEN is_inline THEN content_id END AS contentId FROM attachment
       JOIN attachment_content AS content USING (account_id, sha256)
       WHERE message_id = ? ORDER BY attachment.id`,
    )
    .all(id)
    .map(({ content, ...file }) => ({ ...file, content: decompress(content) }));
}

/** Null: it has text only. */
export function htmlOfMessage(db: Database, id: MessageId): string | null {
  const html = db
    .prepare<[MessageId], Buffer | null>('SELECT html FROM message_body WHERE message_id = ?')
    .pluck()
    .get(id);
  return html === undefined || html === null ? null : decompress(html).toString('utf8');
}

/** The message that a report of a mail system is about, as far as it is here, and for whom it failed. */
export function findReturned(
  db: Database,
  id: MessageId,
): { readonly originalId: MessageId; readonly failed: readonly string[] } | null {
  const row = db
    .prepare<[MessageId], { originalId: MessageId; report: string }>(
      `SELECT original.id AS originalId, nature.report FROM message_nature AS nature JOIN message AS original
         ON original.account_id = nature.account_id
         AND original.internet_message_id = nature.report ->> '$.originalMessageId'
       WHERE nature.message_id = ? AND nature.report ->> '$.kind' = 'failed' AND original.is_from_me ORDER BY original.id LIMIT 1`,
    )
    .get(id);
  if (row === undefined) return null;
  const { recipients } = JSON.parse(row.report) as {
    readonly recipients: readonly { readonly address: string }[];
  };
  return { originalId: row.originalId, failed: recipients.map(({ address }) => address) };
}

/** From here on it is a message on its way; it is kept until that has left. */
export function noteOnItsWay(db: Database, id: DraftId, outgoingId: OutgoingId): void {
  db.prepare('UPDATE draft SET outgoing_id = ? WHERE id = ?').run(outgoingId, id);
}

/** The draft behind a message is one again. Null: there is none. */
export function bringBackDraft(db: Database, outgoingId: OutgoingId, now: EpochMs): Draft | null {
  const id = db
    .prepare<[EpochMs, OutgoingId], DraftId>(
      'UPDATE draft SET outgoing_id = NULL, updated_at = ? WHERE outgoing_id = ? RETURNING id',
    )
    .pluck()
    .get(now, outgoingId);
  return id === undefined ? null : findDraft(db, id);
}

export function deleteDraftOf(db: Database, outgoingId: OutgoingId): void {
  db.prepare('DELETE FROM draft WHERE outgoing_id = ?').run(outgoingId);
}

/** Null for an id that is unknown. */
export function accountOfDraft(db: Database, id: DraftId): AccountId | null {
  const find = db.prepare<[DraftId], AccountId>('SELECT account_id FROM draft WHERE id = ?').pluck();
  return find.get(id) ?? null;
}

export function insertDraft(
  db: Database,
  draft: Omit<Draft, 'conversationId' | 'html' | 'quotesHtml' | 'attachments' | 'notPassedOn'> & RichText,
): void {
  db.prepare(
    `INSERT INTO draft (id, account_id, kind, parent_id, from_address, recipients, subject, text, html, quoted_html, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    draft.id,
    draft.accountId,
    draft.kind,
    draft.parentId,
    draft.from,
    recipientsOf(draft),
    draft.subject,
    draft.text,
    draft.html ?? null,
    draft.quotedHtml ?? null,
    draft.updatedAt,
  );
}

export interface RichText {
  /** Absent or null: plain text. */
  readonly html?: string | null | undefined;
  /** Absent: as it was. */
  readonly quotedHtml?: string | null | undefined;
}

/** The HTML that a draft quotes, as it was saved. */
export function savedQuotation(db: Database, id: DraftId): string | null {
  const find = db.prepare<[DraftId], string | null>('SELECT quoted_html FROM draft WHERE id = ?').pluck();
  return find.get(id) ?? null;
}

/** False when there is no such draft. */
export function updateDraft(
  db: Database,
  id: DraftId,
  draft: Pick<Draft, 'from' | 'to' | 'cc' | 'bcc' | 'subject' | 'text' | 'updatedAt'> & RichText,
): boolean {
  const keepsQuotation = draft.html !== undefined && draft.html !== null && draft.quotedHtml === undefined;
  const { changes } = db
    .prepare(
      `UPDATE draft SET from_address = ?, recipients = ?, subject = ?, text = ?, html = ?,
         quoted_html = iif(?, quoted_html, ?), updated_at = ?, superseded_at = NULL
       WHERE id = ?`,
    )
    .run(
      draft.from,
      recipientsOf(draft),
      draft.subject,
      draft.text,
      draft.html ?? null,
      keepsQuotation ? 1 : 0,
      draft.quotedHtml ?? null,
      draft.updatedAt,
      id,
    );
  return changes > 0;
}

/** Its files have changed. */
export function touchDraft(db: Database, id: DraftId, now: EpochMs): void {
  db.prepare('UPDATE draft SET updated_at = ?, superseded_at = NULL WHERE id = ?').run(now, id);
}

/** What ties it to a conversation, where its parent does not. */
export function threadOfDraft(db: Database, id: DraftId): ThreadHeaders | null {
  const stored = db
    .prepare<[DraftId], string | null>('SELECT thread FROM draft WHERE id = ?')
    .pluck()
    .get(id);
  if (stored === undefined || stored === null) return null;
  const { threadIndex, ...headers } = JSON.parse(stored) as Omit<ThreadHeaders, 'threadIndex'> & {
    readonly threadIndex: string;
  };
  return { ...headers, threadIndex: new Uint8Array(Buffer.from(threadIndex, 'base64')) };
}

export function setThreadOfDraft(db: Database, id: DraftId, thread: ThreadHeaders): void {
  const threadIndex = Buffer.from(thread.threadIndex).toString('base64');
  db.prepare('UPDATE draft SET thread = ? WHERE id = ?').run(JSON.stringify({ ...thread, threadIndex }), id);
}

/** False when there is no such draft. */
export function deleteDraft(db: Database, id: DraftId): boolean {
  return db.prepare('DELETE FROM draft WHERE id = ?').run(id).changes > 0;
}

/** What an answer needs of the message it answers. */
export interface AnsweredMessage {
  readonly id: MessageId;
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly internetMessageId: InternetMessageId;
  readonly references: readonly InternetMessageId[];
  readonly threadIndex: Uint8Array | null;
  readonly threadTopic: string | null;
  readonly subject: string;
  readonly sentAt: EpochMs;
  readonly from: Address;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly replyTo: readonly Address[];
  /** Empty: the sender asks for nothing. */
  readonly followupTo: readonly Address[];
  /** Of a draft. Empty for what was stored before this was kept. */
  readonly bcc: readonly Address[];
  /** Empty for what was stored before this was kept. */
  readonly deliveredTo: readonly string[];
  readonly isFromMe: boolean;
  readonly isAnswered: boolean;
  readonly text: string;
}

interface AnsweredRow
  extends Omit<
    AnsweredMessage,
    'references' | 'from' | 'to' | 'cc' | 'bcc' | 'replyTo' | 'followupTo' | 'deliveredTo'
  > {
  readonly referenceIds: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly recipients: string;
}

export function findAnswered(db: Database, id: MessageId): AnsweredMessage | null {
  const row = db
    .prepare<
      [MessageId],
      Omit<AnsweredRow, 'text' | 'isFromMe' | 'isAnswered'> & {
        text: Buffer;
        isFromMe: number;
        isAnswered: number;
      }
    >(
      `SELECT id, message.account_id AS accountId, conversation_id AS conversationId,
              internet_message_id AS internetMessageId, reference_ids AS referenceIds, thread_index AS threadIndex,
              thread_topic AS threadTopic, subject, sent_at AS sentAt, from_name AS fromName,
              from_address AS fromAddress, recipients, is_from_me AS isFromMe,
              is_answered AS isAnswered, message_body.text
       FROM message JOIN message_body ON message_body.message_id = message.id WHERE id = ?`,
    )
    .get(id);
  if (row === undefined) return null;
  const { referenceIds, fromName, fromAddress, recipients, text, isFromMe, isAnswered, ...rest } = row;
  return {
    ...rest,
    deliveredTo: [],
    bcc: [],
    followupTo: [],
    ...(JSON.parse(recipients) as Pick<AnsweredMessage, 'to' | 'cc' | 'replyTo'>),
    references: JSON.parse(referenceIds) as InternetMessageId[],
    from: { name: fromName, address: fromAddress },
    isFromMe: isFromMe === 1,
    isAnswered: isAnswered === 1,
    text: decompress(text).toString('utf8'),
  };
}
