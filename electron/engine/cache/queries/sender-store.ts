import type { Address } from '../../../../shared/model/address.ts';
import type { SenderFacts } from '../../../../shared/model/conversation.ts';
import type { AccountId, EpochMs, MessageId } from '../../../../shared/model/ids.ts';
import type { Database } from '../database.ts';

/** So many of the person's last mails say whom they write to. */
const lookedThrough = 2000;

/** What is known of who wrote a message; null: there is no such message. */
export function senderFacts(db: Database, messageId: MessageId): SenderFacts | null {
  const message = db
    .prepare<
      [MessageId],
      {
        readonly accountId: AccountId;
        readonly address: string;
        readonly sentAt: EpochMs;
        readonly recipients: string;
      }
    >(
      `SELECT account_id AS accountId, from_address AS address, sent_at AS sentAt, recipients
       FROM message WHERE id = ?`,
    )
    .get(messageId);
  if (message === undefined) return null;
  const { accountId, address, sentAt, recipients } = message;
  const { replyTo = [] } = JSON.parse(recipients) as { readonly replyTo?: readonly Address[] };
  const hasWritten = db
    .prepare<[AccountId, string, EpochMs], 1>(
      `SELECT 1 FROM message WHERE account_id = ? AND from_address = ? COLLATE NOCASE AND sent_at < ? LIMIT 1`,
    )
    .pluck()
    .get(accountId, address, sentAt);
  const writtenTo = db
    .prepare<[AccountId, number], string>(
      `SELECT DISTINCT lower(recipient.value ->> 'address') FROM (
         SELECT recipients FROM message WHERE account_id = ? AND is_from_me ORDER BY sent_at DESC LIMIT ?) AS sent,
         json_each(json_array(sent.recipients -> '$.to', sent.recipients -> '$.cc')) AS field,
         json_each(field.value) AS recipient
       WHERE recipient.value ->> 'address' IS NOT NULL`,
    )
    .pluck()
    .all(accountId, lookedThrough);
  const domains = writtenTo.map((one) => one.slice(one.lastIndexOf('@') + 1));
  return {
    replyTo,
    isFirstContact: hasWritten === undefined && !writtenTo.includes(address.toLowerCase()),
    knownDomains: [...new Set(domains)].sort(),
  };
}
