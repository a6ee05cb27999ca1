import type { Address } from '../../../../shared/model/address.ts';
import type { AccountId, EpochMs, MessageId } from '../../../../shared/model/ids.ts';
import type { Database } from '../database.ts';
import { addressesOf } from './draft-store.ts';

/** Who is in a message. */
export interface PeopleOfMessage {
  readonly id: MessageId;
  readonly sentAt: EpochMs;
  readonly isFromMe: boolean;
  readonly from: Address;
  readonly recipients: readonly Address[];
}

interface Row {
  readonly id: MessageId;
  readonly sentAt: EpochMs;
  readonly isFromMe: number;
  readonly name: string;
  readonly address: string;
  readonly recipients: string;
}

/** Those stored after a message, in the order in which they were stored. */
export function peopleStoredAfter(
  db: Database,
  accountId: AccountId,
  after: MessageId,
  most: number,
): readonly PeopleOfMessage[] {
  return db
    .prepare<[MessageId, AccountId, number], Row>(
      `SELECT id, sent_at AS sentAt, is_from_me AS isFromMe, from_name AS name, from_address AS address, recipients
       FROM message WHERE id > ? AND account_id = ? ORDER BY id LIMIT ?`,
    )
    .all(after, accountId, most)
    .map(({ id, sentAt, isFromMe, name, address, recipients }) => {
      const { to, cc, bcc } = addressesOf(recipients);
      return {
        id,
        sentAt,
        isFromMe: isFromMe === 1,
        from: { name, address },
        recipients: [...to, ...cc, ...bcc],
      };
    });
}
