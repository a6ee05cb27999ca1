import type { AccountId } from '../../shared/model/ids.ts';

declare const ownedBy: unique symbol;

/**
 * Marks what belongs to one account. `A` is nothing but a name for it: made anew by each `withOwner`, equal to no other,
 * so that what is marked for one account fits no place that is marked for another. Exists for the type checker only.
 */
export interface OwnedBy<A> {
  /** Both in and out, so that no account's mark can stand in for another's. */
  readonly [ownedBy]: (account: A) => A;
}

/** The account itself: whoever holds it may ask for what is the account's, and for nothing else. */
export interface Owner<A> extends OwnedBy<A> {
  readonly accountId: AccountId;
}

/** Hands `use` the owner of an account under a name that exists only in there. */
export function withOwner<R>(accountId: AccountId, use: <A>(owner: Owner<A>) => R): R {
  return use({ accountId } as Owner<unknown>);
}

/** Marks a value for an account. To be called where the value is read from, or made for, that account and no other. */
export function owned<A, T extends object>(_owner: Owner<A>, value: T): T & OwnedBy<A> {
  return value as T & OwnedBy<A>;
}
