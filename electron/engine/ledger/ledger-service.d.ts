import { type AppError } from '../../../shared/errors.ts';
import type { AccountId, OutageId } from '../../../shared/model/ids.ts';
import type { LedgerProof } from '../../../shared/model/ledger.ts';
import { type Result } from '../../../shared/result.ts';
import type { Database } from '../cache/database.ts';
import type { Clock, Logger, Secrets } from '../ports.ts';
import type { AttachmentBytes } from '../protocol.ts';
export interface LedgerServiceSetup {
  readonly db: Database;
  /** Those whose mailboxes run. */
  readonly accounts: () => readonly {
    readonly id: AccountId;
    readonly address: string;
  }[];
  /** The provider's signature on a head; see `EnrolmentService.countersign`. */
  readonly countersign: (accountId: AccountId, head: string) => Promise<Result<string, AppError>>;
  readonly secrets: Secrets;
  /** The person's, for the printed page. */
  readonly locale: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Somebody has signed. */
  readonly signed: () => void;
}
/** `page` is HTML, to be printed. `signed` is always the whole ledger of the account. */
export interface LedgerExport {
  readonly accountId: AccountId;
  /** Null: every outage. */
  readonly outageId: OutageId | null;
  readonly form: 'signed' | 'csv' | 'page';
}
export interface LedgerService {
  /** Has the heads of ledgers that have grown countersigned, now and whenever they grow. */
  start(): void;
  stop(): Promise<void>;
  /** There may be another line. */
  wake(): void;
  proof(accountId: AccountId): Promise<LedgerProof>;
  /** `notFound`: there is no such account. Without bodies and subjects, in every form. */
  export(wanted: LedgerExport): Promise<Result<AttachmentBytes, AppError>>;
}
/**
 * Signs ledgers by the key of this device, and has the provider sign them too where it offers that: soon after each
 * line, so that what came before cannot be written otherwise any more.
 */
export declare function createLedgerService(setup: LedgerServiceSetup): LedgerService;
