import type { Address } from '../../../shared/model/address.ts';
import type { AccountId, MessageId } from '../../../shared/model/ids.ts';
import type { Database } from '../cache/database.ts';
import { peopleStoredAfter } from '../cache/queries/people-store.ts';
import type { Clock, IdentitySource } from '../ports.ts';
import { AddressBook } from './core/address-book.ts';

/** Messages that are read in one go: some milliseconds, in which nothing else runs. */
const slice = 500;
const mostSuggestions = 8;

export interface AddressCompletion {
  /** Who may be meant, the most likely first: of the mails in the copy and one's own identities. Asks no server. */
  suggest(text: string): Promise<readonly Address[]>;
}

/** The address book is made of the copy when somebody first asks, and goes on with what has come since. */
export function createAddressCompletion(setup: {
  readonly account: { readonly id: AccountId };
  readonly db: Database;
  readonly identities: Pick<IdentitySource, 'list'>;
  readonly clock: Clock;
}): AddressCompletion {
  const { account, db, identities, clock } = setup;
  const book = new AddressBook();
  let readUpTo = 0 as MessageId;
  let reading: Promise<void> | null = null;
  let knowsIdentities = false;

  async function read(): Promise<void> {
    if (!knowsIdentities)
      for (const { displayName, address } of identities.list())
        book.note({ name: displayName, address }, 'identity', clock.now());
    knowsIdentities = true;
    for (;;) {
      const messages = peopleStoredAfter(db, account.id, readUpTo, slice);
      for (const { id, sentAt, isFromMe, from, recipients } of messages) {
        const at = Math.min(sentAt, clock.now());
        if (!isFromMe) book.note(from, 'heardFrom', at);
        for (const recipient of recipients) book.note(recipient, isFromMe ? 'wroteTo' : 'seen', at);
        readUpTo = id;
      }
      if (messages.length < slice) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  return {
    suggest: async (text) => {
      reading ??= read().finally(() => {
        reading = null;
      });
      await reading;
      return book.find(text, mostSuggestions);
    },
  };
}
