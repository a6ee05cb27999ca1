import type { Topic } from '../../shared/contract/events.ts';
import type { AppError } from '../../shared/errors.ts';
import type { AccountSummary } from '../../shared/model/account.ts';
import type { Attention } from '../../shared/model/attention.ts';
import type { Policy } from '../../shared/policy/settings.ts';
import type { Result } from '../../shared/result.ts';
import type { MessagesToExport } from './cache/export-messages.ts';
import type { OnlyHereCounts } from './cache/queries/only-here-store.ts';
import type { LedgerExport } from './ledger/ledger-service.ts';
import type { LogFields, SecretName } from './ports.ts';

/** What main says to the engine. `start` is the first; nothing else is answered before `started`. */
export type ToEngine =
  | {
      readonly kind: 'start';
      readonly databaseFile: string;
      /** Of 256 bits each. Two when a change of the key was cut short: the copy opens by one of them. */
      readonly databaseKeys: readonly Uint8Array[];
      readonly policy: Policy;
      /** False: whoever reads the disk can read the keys; policy allowed it. */
      readonly isKeyStoreProtected: boolean;
      /** The person's, e.g. "de-AT". */
      readonly locale: string;
    }
  /** A method of the contract, by its full name, e.g. "drafts.send"; the input is validated already. */
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly kind: 'attachment'; readonly id: number; readonly attachmentId: number }
  /** A file to be saved; its `answer` holds AttachmentBytes. */
  | { readonly kind: 'export'; readonly id: number; readonly wanted: ExportWanted }
  | { readonly kind: 'secretAnswer'; readonly id: number; readonly answer: Result<string | null, AppError> }
  /** Encrypt the copy by another key; an `answer` says when it is done. */
  | { readonly kind: 'rekey'; readonly id: number; readonly key: Uint8Array }
  /** What takes effect while the app runs is another; the rest is as it was at the start, and may need another one. */
  | { readonly kind: 'policyChanged'; readonly policy: Policy; readonly needsRestart: boolean }
  /** In the form of a PAC file's answer. */
  | { readonly kind: 'proxyAnswer'; readonly id: number; readonly answer: string }
  | { readonly kind: 'browserAnswer'; readonly id: number; readonly answer: Result<null, AppError> }
  | { readonly kind: 'laptopWoke' }
  /** Who sits before the laptop, and whether it is on battery. Nothing said: somebody who works, on mains. */
  | { readonly kind: 'attention'; readonly attention: Attention }
  /** End in order: close sessions, then the database. Answered by the process's exit. */
  | { readonly kind: 'stop' };

/** What main may ask the engine to put into a file. */
export type ExportWanted =
  | ({ readonly kind: 'ledger' } & LedgerExport)
  | ({ readonly kind: 'messages' } & MessagesToExport);

/** What the engine says to main. */
export type FromEngine =
  | {
      readonly kind: 'started';
      readonly accounts: readonly AccountSummary[];
      /** Which of the keys opened the copy. */
      readonly openedBy: number;
    }
  /** An account was enrolled. */
  | { readonly kind: 'accountsChanged'; readonly accounts: readonly AccountSummary[] }
  | { readonly kind: 'startFailed'; readonly error: AppError }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Result<unknown, AppError> }
  | { readonly kind: 'changed'; readonly topic: Topic }
  /** What is in the copy and nowhere else, at the start and whenever it is another number. */
  | { readonly kind: 'onlyHere'; readonly counts: OnlyHereCounts }
  /** Which proxies lead to a URL; on a retry the configuration is to be read anew. */
  | { readonly kind: 'proxyWanted'; readonly id: number; readonly url: string; readonly isRetry: boolean }
  /** The person is to be sent to an https address. */
  | { readonly kind: 'browserWanted'; readonly id: number; readonly url: string }
  | { readonly kind: 'secretWanted'; readonly id: number; readonly name: SecretName }
  | {
      readonly kind: 'secretReplaced';
      readonly id: number;
      readonly name: SecretName;
      readonly value: string;
    }
  | {
      readonly kind: 'log';
      readonly level: LogLevel;
      readonly module: string;
      readonly event: string;
      readonly fields: LogFields;
    };

export type LogLevel = 'info' | 'warn';

/** The bytes of an attachment, as the engine yields them for main to serve or save. */
export interface AttachmentBytes {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}
