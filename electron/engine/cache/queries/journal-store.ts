import type { AccountId, EpochMs, InternetMessageId, MessageId } from '../../../../shared/model/ids.ts';
import type { FolderRole } from '../../mail/types.ts';
import { decompress } from '../compression.ts';
import type { Database } from '../database.ts';
import { noteInLedger } from './ledger-store.ts';

/**
 * Notes a message met on continuity while Exchange is away, in the transaction that stores it. Nothing is noted
 * without an open outage, when Exchange has a copy, when it is a draft, or when it was written here: the outbox notes
 * that when a server has taken it. One met in Sent was written on another laptop of the same person.
 */
export function journalReceived(
  db: Database,
  message: { readonly accountId: AccountId; readonly messageId: MessageId; readonly now: EpochMs },
): void {
  const { changes } = db
    .prepare(
      `INSERT INTO journal (account_id, outage_id, message_id, direction, recorded_at, outcome)
     SELECT outage.account_id, outage.id, @messageId,
            iif(EXISTS (SELECT 1 FROM copy JOIN folder ON folder.id = copy.folder_id
                        WHERE copy.message_id = @messageId AND folder.role = 'sent'), 'sent', 'received'),
            @now, 'pending'
     FROM outage
     WHERE outage.account_id = @accountId AND outage.ended_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM copy JOIN folder ON folder.id = copy.folder_id
                       WHERE copy.message_id = @messageId AND folder.route = 'primary')
       AND NOT EXISTS (SELECT 1 FROM outgoing WHERE outgoing.message_id = @messageId)
       AND NOT EXISTS (SELECT 1 FROM server_draft WHERE server_draft.message_id = @messageId)
       AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.message_id = @messageId)`,
    )
    .run(message);
  if (changes > 0) noteInLedger(db, message.messageId, message.now);
}

/**
 * Notes a message that continuity took, in the transaction that says so. The outage may be over by now, when it stayed
 * open for long whether the message was taken: it belongs to it all the same. True: noted.
 */
export function journalSent(
  db: Database,
  message: { readonly accountId: AccountId; readonly messageId: MessageId; readonly now: EpochMs },
): boolean {
  const { changes } = db
    .prepare(
      `INSERT INTO journal (account_id, outage_id, message_id, direction, recorded_at, outcome)
       SELECT account_id, max(id), @messageId, 'sent', @now, 'pending' FROM outage WHERE account_id = @accountId
         AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.message_id = @messageId)
       GROUP BY account_id`,
    )
    .run(message);
  if (changes > 0) noteInLedger(db, message.messageId, message.now);
  return changes > 0;
}

export type JournalId = number & { readonly journal: unique symbol };

export interface OpenEntry {
  readonly id: JournalId;
  readonly messageId: MessageId;
  readonly internetMessageId: InternetMessageId;
  readonly direction: 'received' | 'sent';
  readonly sentAt: EpochMs;
  readonly isAppendStarted: boolean;
  /** Where it stands on continuity; null: it was met nowhere there. */
  readonly placeRole: FolderRole | null;
  readonly failures: number;
  readonly notBefore: EpochMs;
}

/** What is not yet verified to be in Exchange, of all outages, oldest first. */
export function openEntries(db: Database, accountId: AccountId): readonly OpenEntry[] {
  return db
    .prepare<[AccountId], Omit<OpenEntry, 'isAppendStarted'> & { readonly isAppendStarted: number }>(
      `SELECT journal.id, journal.message_id AS messageId, message.internet_message_id AS internetMessageId,
              journal.direction, message.sent_at AS sentAt, journal.append_started_at IS NOT NULL AS isAppendStarted,
              journal.failures, journal.not_before AS notBefore,
              (SELECT folder.role FROM copy JOIN folder ON folder.id = copy.folder_id
               WHERE copy.message_id = message.id AND folder.route = 'continuity' ORDER BY copy.id DESC LIMIT 1) AS placeRole
       FROM journal JOIN message ON message.id = journal.message_id
       WHERE journal.account_id = ? AND journal.verified_at IS NULL ORDER BY journal.id`,
    )
    .all(accountId)
    .map((row) => ({ ...row, isAppendStarted: row.isAppendStarted === 1 }));
}

export interface PrimaryCopy {
  readonly folder: string;
  readonly role: FolderRole;
  readonly uid: number;
  readonly flags: readonly string[];
}

/** The copies in Exchange that sync knows of, without those that a new UIDVALIDITY has put in doubt (UID below 0). */
export function primaryCopies(db: Database, messageId: MessageId): readonly PrimaryCopy[] {
  return db
    .prepare<[MessageId], Omit<PrimaryCopy, 'flags'> & { readonly flags: string }>(
      `SELECT folder.path AS folder, folder.role, copy.uid, copy.flags
       FROM copy JOIN folder ON folder.id = copy.folder_id
       WHERE copy.message_id = ? AND folder.route = 'primary' AND copy.uid > 0 ORDER BY copy.id`,
    )
    .all(messageId)
    .map((row) => ({ ...row, flags: row.flags.split(' ') }));
}

const carriedFlags = ['\\Seen', '\\Answered', '\\Flagged'] as const;

/**
 * What Exchange is to get: the date at which the message was taken in (for one written here, its own), and the flags
 * that the person set, whether they were told to continuity or only noted here.
 */
export function carriedProperties(
  db: Database,
  messageId: MessageId,
): { readonly internalDate: EpochMs; readonly flags: readonly string[] } {
  const row = db
    .prepare<
      [MessageId],
      { readonly internalDate: EpochMs; readonly isOwn: number } & Record<
        'isSeen' | 'isAnswered' | 'isFlagged',
        number
      > & { readonly copyFlags: string | null; readonly clearedFlags: string | null }
    >(
      `SELECT is_seen AS isSeen, is_answered AS isAnswered, is_flagged AS isFlagged, is_from_me AS isOwn,
              iif(is_from_me, sent_at, coalesce(
                (SELECT min(internal_date) FROM copy WHERE message_id = message.id), sent_at)) AS internalDate,
              (SELECT group_concat(flags, ' ') FROM copy JOIN folder ON folder.id = copy.folder_id
               WHERE message_id = message.id AND folder.route = 'continuity') AS copyFlags,
              (SELECT group_concat(flag, ' ') FROM flag_change
               WHERE message_id = message.id AND is_set = 0) AS clearedFlags
       FROM message WHERE id = ?`,
    )
    .get(messageId);
  if (row === undefined) throw new Error('a journaled message is never removed');
  const wordsOf = (flags: string | null) => new Set((flags ?? '').split(' '));
  const onContinuity = wordsOf(row.copyFlags).difference(wordsOf(row.clearedFlags));
  const here: Readonly<Record<(typeof carriedFlags)[number], boolean>> = {
    '\\Seen': row.isSeen === 1 || row.isOwn === 1,
    '\\Answered': row.isAnswered === 1,
    '\\Flagged': row.isFlagged === 1,
  };
  return {
    internalDate: row.internalDate,
    flags: carriedFlags.filter((flag) => here[flag] || onContinuity.has(flag)),
  };
}

/** The exact bytes: as frozen when written here, as met on continuity when received. Null: nobody kept them. */
export function sourceOf(db: Database, messageId: MessageId): Uint8Array | null {
  const one = (sql: string) => db.prepare<[MessageId], Buffer>(sql).pluck().get(messageId);
  const kept = one('SELECT source FROM message_source WHERE message_id = ?');
  if (kept !== undefined) return decompress(kept);
  return one('SELECT mime FROM outgoing WHERE message_id = ?') ?? null;
}

/** To be committed before an APPEND begins that carries the mark. */
export function noteAppendStarted(
  db: Database,
  { accountId, id, mark, now }: { accountId: AccountId; id: JournalId; mark: string; now: EpochMs },
): void {
  db.prepare('UPDATE journal SET append_started_at = ? WHERE id = ?').run(now, id);
  db.prepare('INSERT INTO append_mark (account_id, journal_id, mark) VALUES (?, ?, ?)').run(
    accountId,
    id,
    mark,
  );
}

/** Whether an append of this laptop carried the mark. */
export function isOwnMark(db: Database, id: JournalId, mark: string | null): boolean {
  return (
    mark !== null &&
    db.prepare('SELECT 1 FROM append_mark WHERE journal_id = ? AND mark = ?').get(id, mark) !== undefined
  );
}

export interface DoubledEntry {
  readonly id: JournalId;
  readonly messageId: MessageId;
  readonly copies: readonly { readonly folder: string; readonly uid: number }[];
}

/** What was verified since then and, as sync met it, stands in Exchange more than once. */
export function doubledEntries(db: Database, accountId: AccountId, since: EpochMs): readonly DoubledEntry[] {
  return db
    .prepare<
      { accountId: AccountId; since: EpochMs },
      Pick<DoubledEntry, 'id' | 'messageId'> & { readonly copies: string }
    >(
      `SELECT journal.id, journal.message_id AS messageId, json_group_array(json_object('folder', folder.path, 'uid', copy.uid)) AS copies
       FROM journal JOIN copy ON copy.message_id = journal.message_id JOIN folder ON folder.id = copy.folder_id
       WHERE journal.account_id = @accountId AND journal.verified_at >= @since AND folder.route = 'primary'
         AND copy.uid > 0 AND folder.role NOT IN ('drafts', iif(journal.direction = 'received', 'sent', 'inbox'))
       GROUP BY journal.id HAVING count(*) > 1`,
    )
    .all({ accountId, since })
    .map((row) => ({ ...row, copies: JSON.parse(row.copies) as DoubledEntry['copies'] }));
}

/** Exchange has it: the bytes kept for the purpose go. To be called in a transaction. */
export function noteVerified(
  db: Database,
  id: JournalId,
  found: {
    readonly as: 'handedOver' | 'appended';
    readonly folder: string;
    readonly uid: number;
    readonly at: EpochMs;
  },
): void {
  db.prepare(
    'UPDATE journal SET outcome = ?, folder = ?, uid = ?, verified_at = ?, reason = NULL WHERE id = ?',
  ).run(found.as, found.folder, found.uid, found.at, id);
  db.prepare(
    'DELETE FROM message_source WHERE message_id = (SELECT message_id FROM journal WHERE id = ?)',
  ).run(id);
  noteInLedger(db, messageOf(db, id), found.at);
}

/** `reason` is an error's code, for the ledger. Not to be tried before `notBefore`. To be called in a transaction. */
export function noteFailed(
  db: Database,
  id: JournalId,
  { reason, now, notBefore }: { readonly reason: string; readonly now: EpochMs; readonly notBefore: EpochMs },
): void {
  db.prepare(
    `UPDATE journal SET outcome = 'failed', reason = ?, failures = failures + 1, not_before = ?
     WHERE id = ? AND verified_at IS NULL`,
  ).run(reason, notBefore, id);
  noteInLedger(db, messageOf(db, id), now);
}

function messageOf(db: Database, id: JournalId): MessageId {
  const messageId = db
    .prepare<[JournalId], MessageId>('SELECT message_id FROM journal WHERE id = ?')
    .pluck()
    .get(id);
  if (messageId === undefined) throw new Error('an entry of the journal is never removed');
  return messageId;
}

/** Whether an outage that is over has left something that Exchange lacks. */
export function hasLeftovers(db: Database, accountId: AccountId): boolean {
  return (
    db
      .prepare(
        `SELECT 1 FROM journal JOIN outage ON outage.id = journal.outage_id
         WHERE journal.account_id = ? AND journal.verified_at IS NULL AND outage.ended_at IS NOT NULL LIMIT 1`,
      )
      .get(accountId) !== undefined
  );
}
