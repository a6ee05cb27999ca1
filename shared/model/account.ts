import type { AccountId } from './ids.ts';

export interface AccountSummary {
  readonly id: AccountId;
  readonly address: string;
  readonly displayName: string;
  /** A mailbox that several people open, with a copy and a continuity counterpart of its own. */
  readonly isShared: boolean;
}

/** The two providers of an account: the company's Exchange, and the continuity service outside Microsoft. */
export const providers = ['exchange', 'continuity'] as const;
export type ProviderName = (typeof providers)[number];
