import type { AccountId, EpochMs, FolderId, MessageId, OutgoingId } from '../../../../shared/model/ids.ts';
import type { Database } from '../database.ts';

/** RFC 5788 names it; a keyword, which Exchange does not take (MS-STANXIMAP 2.2.4). */
export const forwardedKeyword = '$Forwarded';

/** To be called in the transaction that queues the message. */
export function noteForwarding(
  db: Database,
  {
    accountId,
    outgoingId,
    messageId,
  }: { accountId: AccountId; outgoingId: OutgoingId; messageId: MessageId },
): void {
  db.prepare('INSERT INTO forwarding (account_id, outgoing_id, message_id) VALUES (?, ?, ?)').run(
    accountId,
    outgoingId,
    messageId,
  );
}

/** A message counts as forwarded while the one that passes it on was not taken back. */
export const isForwarded = `EXISTS (SELECT 1 FROM forwarding JOIN outgoing ON outgoing.id = forwarding.outgoing_id
  WHERE forwarding.message_id = message.id AND outgoing.state <> 'discarded')`;

/** Copies in a folder whose server is to say so too: once a server has what passes them on. */
export function forwardedToTell(db: Database, folderId: FolderId): readonly number[] {
  return db
    .prepare<[FolderId], number>(
      `SELECT DISTINCT copy.uid FROM forwarding JOIN outgoing ON outgoing.id = forwarding.outgoing_id
       JOIN copy ON copy.message_id = forwarding.message_id
       WHERE forwarding.told_at IS NULL AND outgoing.state = 'accepted' AND copy.folder_id = ? AND copy.uid > 0`,
    )
    .pluck()
    .all(folderId);
}

/** The server has it, or takes no keywords: then it is known here only. */
export function noteForwardedTold(db: Database, folderId: FolderId, uid: number, now: EpochMs): void {
  db.prepare(
    `UPDATE forwarding SET told_at = ? WHERE told_at IS NULL AND message_id IN (
       SELECT message_id FROM copy WHERE folder_id = ? AND uid = ?)`,
  ).run(now, folderId, uid);
}
