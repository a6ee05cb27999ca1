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
  /** Added by the person, who may take it away again. */
  readonly isByHand: boolean;
}

/** The languages in which policy and the provider's directory may give a signature. */
export const signatureLanguages = ['en', 'de', 'es', 'fr', 'it'] as const;
export type Signatures = Readonly<Partial<Record<(typeof signatureLanguages)[number], string | undefined>>>;

/** One identity as policy or the provider's directory names it. */
export interface IdentityEntry {
  readonly address: string;
  readonly displayName: string;
  readonly kind: IdentityKind;
  readonly signature?: Signatures | undefined;
  /** Whether the continuity provider may send for this address. */
  readonly continuity: boolean;
}

/** Compares addresses as mail systems do in practice: without regard to case. */
export function isSameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
