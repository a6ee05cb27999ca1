import { describe, expect, it } from 'vitest';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { SignInState, SignInStatus } from '../../../shared/model/sign-in.ts';
import { demandOf, placeOf, signInToShow } from './needed.ts';

const here = 1 as AccountId;
const other = 2 as AccountId;
const refused: SignInState = { kind: 'needed', reason: 'refused' };
const status = (accountId: AccountId, state: SignInState): SignInStatus => ({
  accountId,
  provider: 'exchange',
  method: 'browser',
  state,
  acceptedAt: null,
});
const nothing = new Set<string>();

describe('the sign-in that is shown', () => {
  it('is none while all are good', () => {
    expect(signInToShow([status(here, { kind: 'good' })], here, nothing, null)).toBeNull();
  });

  it('is that of the account that is looked at, before those of others', () => {
    const all = [status(other, refused), status(here, refused)];
    expect(signInToShow(all, here, nothing, null)).toBe(all[1]);
    expect(signInToShow(all, other, nothing, null)).toBe(all[0]);
  });

  it('is what the person asked for, although it was put off', () => {
    const all = [status(here, refused), status(other, refused)] as const;
    expect(signInToShow(all, here, new Set(all.map(demandOf)), placeOf(all[1]))).toBe(all[1]);
  });

  it('is not one that was put off, until it is needed for another reason', () => {
    const putOff = new Set([demandOf(status(here, refused))]);
    expect(signInToShow([status(here, refused)], here, putOff, null)).toBeNull();
    const revoked = status(here, { kind: 'needed', reason: 'revoked' });
    expect(signInToShow([revoked], here, putOff, null)).toBe(revoked);
  });

  it('is one under way, whatever else is needed', () => {
    const waiting = status(other, { kind: 'waiting', deviceCode: null });
    expect(signInToShow([status(here, refused), waiting], here, nothing, null)).toBe(waiting);
  });
});
