import type { AccountId } from './ids.ts';

export interface AccountSummary {
  readonly id: AccountId;
  readonly address: string;
  readonly displayName: string;
}
