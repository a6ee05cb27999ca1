/**
 * As whom a person may write. `own`: the account's address; `alias`: another address of the same mailbox; `sendAs`:
 * somebody else's address, as if it were theirs; `onBehalf`: the same with the writer named as Sender (RFC 5322 section
 * 3.6.2).
 */
export const identityKinds = ['own', 'alias', 'sendAs', 'onBehalf'] as const;
export type IdentityKind = (typeof identityKinds)[number];

export interface Identity {
  readonly address: string;
  readonly displayName: string;
  readonly kind: IdentityKind;
  /** Plain text under what is written, without the line `-- `; empty: none. In the language of the person. */
  readonly signature: string;
  /**
   * Why it cannot be used now; null: it can. `notByContinuity`: the outage's provider may not send for this address.
   */
  readonly unavailable: 'notByContinuity' | null;
}
