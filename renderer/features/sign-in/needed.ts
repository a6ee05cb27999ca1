import type { AccountId } from '../../../shared/model/ids.ts';
import type { SignInStatus } from '../../../shared/model/sign-in.ts';

/** Names a demand, so that one put off is not made again, while a new reason is a new demand. */
export const demandOf = ({ accountId, provider, state }: SignInStatus): string =>
  `${accountId}/${provider}/${state.kind === 'needed' ? state.reason : ''}`;

/** Names the sign-in at one provider of an account. */
export const placeOf = ({ accountId, provider }: SignInStatus): string => `${accountId}/${provider}`;

/**
 * The one sign-in to speak of: what the person asked for, then what is under way, then the account that is looked at.
 * Null: none is needed, or all that are needed have been put off.
 */
export function signInToShow(
  all: readonly SignInStatus[],
  here: AccountId | undefined,
  putOff: ReadonlySet<string>,
  askedFor: string | null,
): SignInStatus | null {
  const open = all.filter(({ state }) => state.kind !== 'good');
  return (
    open.find((one) => placeOf(one) === askedFor) ??
    open.find(({ state }) => state.kind === 'waiting') ??
    open
      .filter((one) => !putOff.has(demandOf(one)))
      .toSorted((one, other) => Number(other.accountId === here) - Number(one.accountId === here))[0] ??
    null
  );
}
