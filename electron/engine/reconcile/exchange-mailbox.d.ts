import { type AppError } from '../../../shared/errors.ts';
import type { EpochMs } from '../../../shared/model/ids.ts';
import { type Result } from '../../../shared/result.ts';
import type { OpenEntry } from '../cache/queries/journal-store.ts';
import type { FolderRole, ImapSession } from '../mail/types.ts';
import { type Fingerprint } from '../mime/fingerprint.ts';
import type { StandingCopy } from './core/one-copy.ts';
/** Where a message stands in Exchange. */
export interface ExchangePlace {
  readonly folder: string;
  readonly uid: number;
}
export interface ExchangeCopy extends StandingCopy {
  readonly flags: readonly string[];
}
export interface MessageToCarry {
  readonly source: Uint8Array;
  readonly flags: readonly string[];
  readonly internalDate: EpochMs;
  readonly mark: string;
}
/** Exchange, as far as carrying over needs it, over one connection. */
export interface ExchangeMailbox {
  readonly isUsable: boolean;
  /**
   * Brings what is known up to date: at first the headers of all that is as new as the oldest entry, in every folder that
   * holds mail; after that of what has come since. `where`: `targets` are the folders in which we append.
   */
  look(where: 'everywhere' | 'targets'): Promise<Result<null, AppError>>;
  /** The copies of an entry among what was seen. */
  copiesOf(entry: OpenEntry): Promise<Result<readonly ExchangeCopy[], AppError>>;
  /** Those of them that stand where they stood, as they are now. */
  confirm(copies: readonly ExchangePlace[]): Promise<Result<readonly ExchangeCopy[], AppError>>;
  /** Puts it where it belongs, marked. */
  append(entry: OpenEntry, message: MessageToCarry): Promise<Result<null, AppError>>;
  setFlags(place: ExchangePlace, flags: readonly string[]): Promise<Result<null, AppError>>;
  remove(place: ExchangePlace): Promise<Result<null, AppError>>;
  close(): Promise<void>;
}
/** What is looked for. */
export interface Sought {
  readonly entries: readonly OpenEntry[];
  /** Nothing that is to be found has an earlier internal date. */
  readonly since: EpochMs;
  /** Null: whatever bears the Message-ID is it. */
  readonly fingerprint: (entry: OpenEntry) => Fingerprint | null;
}
/**
 * Whether a copy in a folder of that role is the one that the journal means: mail to oneself stands in Inbox and in
 * Sent, and one does not stand for the other. A draft stands for neither.
 */
export declare function countsFor(direction: OpenEntry['direction'], role: FolderRole): boolean;
export declare function exchangeMailboxOver(session: ImapSession, sought: Sought): ExchangeMailbox;
