import type { OutageCause } from './failover.ts';
import type { AccountId, ConversationId, EpochMs, InternetMessageId, MessageId, OutageId } from './ids.ts';

/**
 * What became of one message of an outage.
 *
 * `pending`     not yet known to be in Exchange.
 * `handedOver`  found in Exchange without our doing: the gateway delivered it, or Exchange had it already.
 * `appended`    put into Exchange by this laptop, and read back from there.
 * `failed`      could not be put there so far; `reason` says why, it is tried again.
 */
export const ledgerOutcomes = ['pending', 'handedOver', 'appended', 'failed'] as const;
export type LedgerOutcome = (typeof ledgerOutcomes)[number];

/** What a person did to a message in an outage, and Exchange was seen to have afterwards. */
export const ledgerChanges = [
  'read',
  'unread',
  'flagged',
  'unflagged',
  'answered',
  'unanswered',
  'archive',
  'move',
  'delete',
  'junk',
  'notJunk',
  'destroy',
] as const;
export type LedgerChange = (typeof ledgerChanges)[number];

/** What of a ledger is shown. `exceptions`: what is not known to be in Exchange. */
export const ledgerFilters = ['all', 'exceptions', 'received', 'sent', 'changed'] as const;
export type LedgerFilter = (typeof ledgerFilters)[number];

export interface LedgerEntry {
  /** One of each in a list: of the message, or of what was done to it. */
  readonly key: string;
  /** Null: it is no longer in the copy. */
  readonly messageId: MessageId | null;
  readonly conversationId: ConversationId | null;
  readonly internetMessageId: InternetMessageId;
  readonly direction: 'received' | 'sent';
  readonly subject: string;
  /** The other side: the sender of a received, the first recipient of a sent message. */
  readonly counterpart: string;
  readonly at: EpochMs;
  /** `changed`: this tells of what the person did to it, `change`. */
  readonly outcome: LedgerOutcome | 'changed';
  readonly change: LedgerChange | null;
  /** The Exchange folder and UID it was verified at; null until then. */
  readonly folder: string | null;
  readonly uid: number | null;
  readonly verifiedAt: EpochMs | null;
  /** A code of `errors.ts`, or of a `Decision` for what was changed. */
  readonly reason: string | null;
}

export interface LedgerPage {
  readonly items: readonly LedgerEntry[];
  /** How many there are of each, with the same counterpart looked for. */
  readonly totals: Readonly<Record<LedgerFilter, number>>;
}

/** By whom an account's ledger is signed. */
export interface LedgerProof {
  readonly lines: number;
  /** The fingerprint of this laptop's key; null: the key store does not give it. */
  readonly device: string | null;
  /** Up to which line the provider has signed too, and since when; null: it has not, or does not offer it. */
  readonly countersigned: { readonly lines: number; readonly at: EpochMs } | null;
}

export interface OutageSummary {
  readonly id: OutageId;
  readonly accountId: AccountId;
  readonly startedAt: EpochMs;
  /** When Exchange was the route again; null while it is away. */
  readonly endedAt: EpochMs | null;
  readonly cause: OutageCause;
  readonly total: number;
  /** How many are verified to be in Exchange. `verified === total` after the end is the proof. */
  readonly verified: number;
}
