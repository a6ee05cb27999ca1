import type { Address } from '../../../../shared/model/address.ts';
import type {
  AccountId,
  ConversationId,
  DraftId,
  EpochMs,
  InternetMessageId,
  MessageId,
} from '../../../../shared/model/ids.ts';
import type { Draft } from '../../../../shared/model/outgoing.ts';
import { decompress } from '../compression.ts';
import type { Database } from '../database.ts';

interface DraftRow extends Omit<Draft, 'to' | 'cc'> {
  readonly recipients: string;
}

const draftColumns = `draft.id, draft.account_id AS accountId, draft.kind, draft.parent_id AS parentId,
  draft.from_address AS "from", message.conversation_id AS conversationId, draft.recipients, draft.subject, draft.text, draft.updated_at AS updatedAt`;
const draftTables = 'draft LEFT JOIN message ON message.id = draft.parent_id';

/** The one changed last comes first. */
export function listDrafts(db: Database, accountId: AccountId): readonly Draft[] {
  return db
    .prepare<[AccountId], DraftRow>(
      `SELECT ${draftColumns} FROM ${draftTables} WHERE draft.account_id = ?
       ORDER BY draft.updated_at DESC, draft.id`,
    )
    .all(accountId)
    .map(draftOf);
}

export function findDraft(db: Database, id: DraftId): Draft | null {
  const row = db
    .prepare<[DraftId], DraftRow>(`SELECT ${draftColumns} FROM ${draftTables} WHERE draft.id = ?`)
    .get(id);
  return row === undefined ? null : draftOf(row);
}

function draftOf({ recipients, ...row }: DraftRow): Draft {
  return { ...row, ...(JSON.parse(recipients) as Pick<Draft, 'to' | 'cc'>) };
}

/** Null for an id that is unknown. */
export function accountOfDraft(db: Database, id: DraftId): AccountId | null {
  const find = db.prepare<[DraftId], AccountId>('SELECT account_id FROM draft WHERE id = ?').pluck();
  return find.get(id) ?? null;
}

export function insertDraft(db: Database, draft: Omit<Draft, 'conversationId'>): void {
  db.prepare(
    `INSERT INTO draft (id, account_id, kind, parent_id, from_address, recipients, subject, text, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    draft.id,
    draft.accountId,
    draft.kind,
    draft.parentId,
    draft.from,
    JSON.stringify({ to: draft.to, cc: draft.cc }),
    draft.subject,
    draft.text,
    draft.updatedAt,
  );
}

/** False when there is no such draft. */
export function updateDraft(
  db: Database,
  id: DraftId,
  draft: Pick<Draft, 'from' | 'to' | 'cc' | 'subject' | 'text' | 'updatedAt'>,
): boolean {
  const { changes } = db
    .prepare(
      'UPDATE draft SET from_address = ?, recipients = ?, subject = ?, text = ?, updated_at = ? WHERE id = ?',
    )
    .run(
      draft.from,
      JSON.stringify({ to: draft.to, cc: draft.cc }),
      draft.subject,
      draft.text,
      draft.updatedAt,
      id,
    );
  return changes > 0;
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
  /** Empty for what was stored before this was kept. */
  readonly deliveredTo: readonly string[];
  readonly isFromMe: boolean;
  readonly text: string;
}

interface AnsweredRow
  extends Omit<AnsweredMessage, 'references' | 'from' | 'to' | 'cc' | 'replyTo' | 'deliveredTo'> {
  readonly referenceIds: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly recipients: string;
}

export function findAnswered(db: Database, id: MessageId): AnsweredMessage | null {
  const row = db
    .prepare<[MessageId], Omit<AnsweredRow, 'text' | 'isFromMe'> & { text: Buffer; isFromMe: number }>(
      `SELECT id, message.account_id AS accountId, conversation_id AS conversationId,
              internet_message_id AS internetMessageId, reference_ids AS referenceIds, thread_index AS threadIndex,
              thread_topic AS threadTopic, subject, sent_at AS sentAt, from_name AS fromName,
              from_address AS fromAddress, recipients, is_from_me AS isFromMe, message_body.text
       FROM message JOIN message_body ON message_body.message_id = message.id WHERE id = ?`,
    )
    .get(id);
  if (row === undefined) return null;
  const { referenceIds, fromName, fromAddress, recipients, text, isFromMe, ...rest } = row;
  return {
    ...rest,
    deliveredTo: [],
    ...(JSON.parse(recipients) as Pick<AnsweredMessage, 'to' | 'cc' | 'replyTo'>),
    references: JSON.parse(referenceIds) as InternetMessageId[],
    from: { name: fromName, address: fromAddress },
    isFromMe: isFromMe === 1,
    text: decompress(text).toString('utf8'),
  };
}
